import { cellOf, type Features } from '../../../features/column.ts';
import { rowEncoder } from '../../../features/encoder.ts';
import { encoderOf } from '../../../features/encoder-tensors.ts';
import { float32Tensor } from '../../../model/model-content.ts';
import type { LearnedModel } from '../../../recipes/recipe.ts';
import {
  add,
  affine,
  embedding,
  type Feeds,
  gather,
  input,
  matmul,
  type Scope,
  sparseEmbedding,
  type Value,
  zeros,
} from '../../../tensor/index.ts';

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
  /** The same for inference. */
  readonly feedsOfAll: Feeds;
};

/** The table of items' rows and the matrix by which features are multiplied, among the encoder's parameters. */
export const itemTable = 'items.table';
export const itemWeight = 'items.features.weight';

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
  const [rowCount = 0] = rows.shape;
  const ofRows = input('itemFeatures', [rowCount, features.width]);
  const ofAll = input('itemFeatures', [itemCount, features.width]);
  const feedsOfAll = { itemFeatures: features.values.subarray(0, itemCount * features.width) };
  return {
    rows: add(rows, matmul(ofRows, weight)),
    of: (items) => add(gather(table, items), affine(gather(ofAll, items), weight)),
    // Two products of few rows instead of the vectors of all items.
    scores: (hidden) =>
      add(
        matmul(hidden, table, { transposeB: true }),
        matmul(matmul(hidden, weight, { transposeB: true }), ofAll, { transposeB: true }),
      ),
    feeds: (ids) => (ids === undefined ? feedsOfAll : { itemFeatures: rowsOf(features, ids) }),
    feedsOfAll,
  };
}

function tableOf(scope: Scope, rows: number, width: number, touched: number | undefined) {
  if (touched !== undefined) return sparseEmbedding(scope, { rows, width, touched });
  const table = embedding(scope, { rows, width });
  return { table, rows: table };
}

/** The features of these items; −1 has none. */
function rowsOf({ width, values }: Features, items: Int32Array): Float32Array {
  const rows = new Float32Array(items.length * width);
  items.forEach((item, n) => {
    if (item >= 0) rows.set(values.subarray(item * width, (item + 1) * width), n * width);
  });
  return rows;
}

/**
 * The vectors of all items of the catalogue as one table, by which a model answers: an item that did not train has what
 * its features come to.
 */
export function joinedTable(
  parameters: Readonly<Record<string, Float32Array>>,
  features: Features | undefined,
  itemCount: number,
): Float32Array {
  const { [itemTable]: own = new Float32Array(), [itemWeight]: weight } = parameters;
  if (features === undefined || weight === undefined) return own;
  const table = new Float32Array((itemCount * weight.length) / features.width);
  table.set(own);
  return addFeatures(table, features, weight, 1);
}

/**
 * What makes the vector of an item that came after the training, from its metadata; undefined where features say of no
 * item.
 */
export function vectorOfNew(
  learned: LearnedModel,
): ((metadata: ReadonlyMap<string, string>) => Float32Array) | undefined {
  const encoder = encoderOf(learned, 'item');
  if (encoder === undefined || learned.tensors[itemWeight] === undefined) return undefined;
  const weight = float32Tensor(learned, itemWeight);
  let featuresOf: ReturnType<typeof rowEncoder> | undefined;
  return (metadata) => {
    featuresOf ??= rowEncoder(encoder); // megabytes, which not every model needs
    const values = featuresOf(encoder.columns.map((column) => cellOf(column, metadata.get(column.name))));
    return addFeatures(new Float32Array(weight.length / encoder.width), { width: encoder.width, values }, weight, 1);
  };
}

/** The other way round, for a warm start: the part of its first `rows` vectors that is not from features. */
export function ownRows(
  { [itemTable]: table = new Float32Array(), [itemWeight]: weight }: Readonly<Record<string, Float32Array>>,
  features: Features | undefined,
  rows: number,
): Float32Array {
  if (features === undefined || weight === undefined) return table;
  return addFeatures(table.slice(0, (rows * weight.length) / features.width), features, weight, -1);
}

/** table + sign · features · weight, in place. */
function addFeatures(table: Float32Array, features: Features, weight: Float32Array, sign: 1 | -1): Float32Array {
  const width = weight.length / features.width;
  for (let row = 0, to = 0; to < table.length; row++, to += width) {
    for (let feature = 0; feature < features.width; feature++) {
      const value = sign * features.values[row * features.width + feature];
      if (value === 0) continue;
      const from = feature * width;
      for (let n = 0; n < width; n++) table[to + n] = table[to + n] + value * weight[from + n];
    }
  }
  return table;
}
