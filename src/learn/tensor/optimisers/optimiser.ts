import type { Value } from '../graph/value.ts';

/** How a parameter moves along its gradient, as part of the step graph. */
export type Optimiser = {
  /** Names of the tensors that are kept beside the parameters, shaped like them and 0 at first. */
  readonly moments: readonly string[];
  /** Names of the numbers that each step is fed. */
  readonly scalars: readonly string[];
  /** Those numbers at a step, counted from 1, with its learning rate. */
  scalarsAt(step: number, rate: number): Readonly<Record<string, number>>;
  update(parts: {
    readonly parameter: Value;
    readonly gradient: Value;
    readonly moments: readonly Value[];
    readonly scalars: Readonly<Record<string, Value>>;
    /** Whether weight decay is for this one: for matrices it is, not for gains and biases. */
    readonly decays: boolean;
  }): { readonly parameter: Value; readonly moments: readonly Value[] };
};
