import type { Family } from '../family.ts';
import { filterHandlers } from './filter.ts';
import { filterKinds } from './kinds.ts';

export const filters: Family = { kinds: filterKinds, operations: filterHandlers };
