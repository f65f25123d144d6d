import { solutionKind } from './solution-kind.ts';
import { solutionVersionKind } from './solution-version-kind.ts';

export const solutionKinds = [solutionKind, solutionVersionKind];
