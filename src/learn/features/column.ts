import type { ReportFraction } from '../../util/progress.ts';

/**
 * What kind of values a column of metadata has: numbers; values out of a set, several joined by `|`; text; or vectors
 * of numbers, all of one length, into which a text encoder has turned text.
 */
export type ColumnKind = 'numeric' | 'categorical' | 'textual' | 'vector';

export type FeatureColumn = { readonly name: string; readonly kind: ColumnKind };

/** A column as an encoder knows it: with knots if it is numeric. */
export type FittedColumn = FeatureColumn & { readonly knots?: readonly number[] | undefined };

/** What a column says of a row; null where it says nothing. Numbers that are not finite are missing. */
export type Cell = string | number | Float32Array | null;

/** A cell that is written as text. A text encoder's vectors are not made here. */
export function cellOf({ kind }: FeatureColumn, text: string | undefined): Cell {
  if (text === undefined || text === '' || kind === 'vector') return null;
  return kind === 'numeric' ? Number(text) : text;
}

/** Metadata of users or items: row n is that of index n. */
export type Metadata = {
  readonly columns: readonly FeatureColumn[];
  readonly rowCount: number;
  /** The rows 0, `every`, 2 · `every` …, a cell a column each; every call begins again, and gives the same. */
  rows(every: number): AsyncIterable<readonly Cell[]>;
};

/** The same metadata, which reports how far it is read. */
export const observed = (metadata: Metadata, progress: ReportFraction): Metadata => ({
  ...metadata,
  async *rows(every) {
    let row = 0;
    for await (const cells of metadata.rows(every)) {
      if (row % reportedRows === 0) progress((row * every) / metadata.rowCount);
      row++;
      yield cells;
    }
  },
});

const reportedRows = 1024;

/** Metadata as one dense matrix, for a model to learn from. The length of each row is at most 1. */
export type Features = {
  readonly width: number;
  /** rows × width. */
  readonly values: Float32Array;
};
