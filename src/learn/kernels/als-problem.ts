import type { Csr } from './csr.ts';

/**
 * The objective (Rendle, Krichene, Zhang, Koren 2022, "Revisiting the performance of iALS on item recommendation
 * benchmarks"), over the entries S of the matrix:
 *
 *   Σ_(u,i)∈S w·(x_u·y_i − 1)² + alpha·Σ_u Σ_i (x_u·y_i)² + Σ_u λ_u·|x_u|² + Σ_i λ_i·|y_i|²,
 *   λ_u = regularization·(n_u + alpha·items)^frequencyExponent, and λ_i alike with users,
 *
 * where w is the entry's value (1 if the matrix has none) and n the number of entries of the row or column. With
 * exponent 0 it is the plain regularisation of Hu, Koren, Volinsky 2008.
 */
export type AlsObjective = {
  /** Greater than 0. With exponent 1, values from 0.0003 to 0.03 serve most data. */
  readonly regularization: number;
  /** Weight of a pair only because it exists, seen or not: from 0.01 to 1 for most data. */
  readonly alpha: number;
  /** 0 to 1, 1 unless given. */
  readonly frequencyExponent?: number;
};

/** λ of a row with `entries` of `columns`. */
export function ridge(objective: AlsObjective, entries: number, columns: number): number {
  return objective.regularization * (entries + objective.alpha * columns) ** (objective.frequencyExponent ?? 1);
}

/** One half of the problem as the threads see it: rows to solve for, given the factors of the columns. */
export type Side = {
  readonly matrix: Csr;
  /** Row numbers at which blocks begin, and the end. */
  readonly blocks: Uint32Array;
  /** Addresses of the factors of the rows and of the columns. */
  readonly own: number;
  readonly other: number;
};

/** What the threads of a training share. */
export type AlsShared = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly queue: Int32Array;
  readonly objective: AlsObjective;
  /** Bytes of a vector. */
  readonly bytes: number;
  readonly users: Side;
  readonly items: Side;
  /** Address of alpha times the Gram matrix of the columns' factors. */
  readonly gram: number;
  /** Address of the partial Gram matrices. */
  readonly gramParts: number;
  /** Addresses per thread: three vectors, the pointers and the weights of the longest row. */
  readonly scratch: readonly { readonly vectors: number; readonly pointers: number; readonly weights: number }[];
};

export type AlsTask =
  | { readonly kind: 'gram'; readonly side: 'users' | 'items' }
  | { readonly kind: 'solve'; readonly side: 'users' | 'items'; readonly steps: number };
