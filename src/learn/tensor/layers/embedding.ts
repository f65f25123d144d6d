import { normal } from '../graph/initialisers.ts';
import type { Scope, Table } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

export type EmbeddingOptions = {
  readonly rows: number;
  readonly width: number;
  /** Of the first values; 0.02 unless given. */
  readonly deviation?: number;
};

/**
 * A table that each step updates as a whole: right up to some ten thousand rows. Parameter `table`; read it with
 * `gather`.
 */
export function embedding(scope: Scope, { rows, width, deviation = 0.02 }: EmbeddingOptions): Value {
  return scope.parameter('table', [rows, width], normal(deviation));
}

/**
 * A table of which each step reads and updates only the rows that its batch touches, at most `touched` of them (see
 * `Scope.table`, and `TouchedRows` which numbers them). Moments of rows that are not touched stand still.
 */
export function sparseEmbedding(
  scope: Scope,
  { rows, width, deviation = 0.02, touched }: EmbeddingOptions & { readonly touched: number },
): Table {
  return scope.table('table', [rows, width], touched, normal(deviation));
}
