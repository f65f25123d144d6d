import { filterKind } from './filter-kind.ts';

export const filterKinds = [filterKind];
