import type { Features } from '../../features/column.ts';
import {
  add,
  constant,
  dropout,
  embedding,
  type Feeds,
  gather,
  input,
  matmul,
  multiply,
  type Scope,
  sparseEmbedding,
  type Value,
  zeros,
} from '../../tensor/index.ts';

/** An item's vector among graphs: a row of a table of its own, plus what its features come to. */
export type ItemVectors = {
  /** In training: of all items or, where a step touches few, of the touched ones. */
  readonly rows: Value;
  /** In inference: of these items, int32. */
  of(items: Value): Value;
  /** In inference: the products of each row of `hidden` with all items' vectors. */
  scores(hidden: Value): Value;
  /** What a training step is fed for it, beside the numbers of the rows that it touches. */
  feeds(touched?: Int32Array): Feeds;
  /** Likewise for inference. */
  readonly feedsOfAll: Feeds;
};

/** The table of items' rows and the matrix by which features are multiplied, among the encoder's parameters. */
export const itemTable = 'items.table';
export const itemWeight = 'items.features.weight';

/**
 * Of the items with features so many rows are left out of each step, so that features learn to do without them, as they have to for
 * items that nobody had yet (DropoutNet, Volkovs, Yu and Poutanen 2017).
 */
const rowDropout = 0.1;

export function itemVectors(
  scope: Scope,
  {
    itemCount,
    width,
    touched,
    features,
  }: {
    readonly itemCount: number;
    readonly width: number;
    /** Rows that a step touches at most; without, each step reads and updates all. */
    readonly touched?: number;
    readonly features?: Features | undefined;
  },
): ItemVectors {
  const { table, rows } = tableOf(scope.in('items'), itemCount, width, touched);
  if (features === undefined) {
    return {
      rows,
      of: (items) => gather(table, items),
      scores: (hidden) => matmul(hidden, table, { transposeB: true }),
      feeds: () => ({}),
      feedsOfAll: {},
    };
  }
  const weight = scope.in('items').in('features').parameter('weight', [features.width, width], zeros);
  const ofRows = input('itemFeatures', [rows.shape[0] ?? 0, features.width]);
  const all = input('itemFeatures', [itemCount, features.width]);
  const ones = constant(new Float32Array(rows.shape[0] ?? 0).fill(1), [rows.shape[0] ?? 0, 1]);
  const feedsOfAll = { itemFeatures: features.values.subarray(0, itemCount * features.width) };
  return {
    rows: add(multiply(rows, dropout(ones, rowDropout)), matmul(ofRows, weight)),
    of(items) {
      const found = matmul(gather(all, flat(items)), weight);
      return add(gather(table, items), reshape(found, [...items.shape, width]));
    },
    // Of as many products as the features are wide, not of as many vectors as there are items.
    scores: (hidden) =>
      add(
        matmul(hidden, table, { transposeB: true }),
        matmul(matmul(hidden, weight, { transposeB: true }), all, { transposeB: true }),
      ),
    feeds: (ids) => (ids === undefined ? feedsOfAll : { itemFeatures: rowsOf(features, ids) }),
    feedsOfAll,
  };
}
