import type { Features } from '../../features/column.ts';
import { randomisedSvd } from '../../features/randomised-svd.ts';
import { allUsers, type Histories, type History, interactionsByItem } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import type { Csr } from '../../kernels/csr.ts';

/** Directions in which histories and metadata of items differ most. */
const mostFactors = 32;
const mostProperties = 32;

/** What an interaction with an item says of a user, items × width. */
export type ItemVectors = {
  readonly width: number;
  readonly values: Float32Array;
  /** The first numbers of each vector: by who had it; those after are by its metadata. */
  readonly factors: number;
  /** What makes the latter of features, features × (width − factors); absent where they are features themselves. */
  readonly projection?: Float32Array | undefined;
};

/** Latent semantic analysis (Deerwester et al. 1990) of users' items, and of the items' metadata. */
export async function learnItemVectors(
  histories: Histories,
  itemCount: number,
  features: Features | undefined,
  seed: number,
): Promise<ItemVectors> {
  const collaborative = await factorsOf(histories, itemCount, seed);
  const { values: properties, width: propertyWidth, projection } = await propertiesOf(features, itemCount, seed);
  const factors = collaborative.length / Math.max(itemCount, 1);
  const width = factors + propertyWidth;
  const values = new Float32Array(itemCount * width);
  for (let item = 0; item < itemCount; item++) {
    values.set(collaborative.subarray(item * factors, (item + 1) * factors), item * width);
    values.set(properties.subarray(item * propertyWidth, (item + 1) * propertyWidth), item * width + factors);
  }
  return { width, values, factors, projection };
}

/** Items that many had say less of each: their entries are divided by the root of how many. */
async function factorsOf(histories: Histories, itemCount: number, seed: number): Promise<Float32Array> {
  const matrix = userItemMatrix(histories, allUsers(histories), itemCount);
  if (matrix.indices.length === 0) return new Float32Array();
  const counts = interactionsByItem(histories, itemCount);
  const rarity = (item: number) => 1 / Math.sqrt(1 + counts[item]);
  const values = new Float32Array(matrix.indices.length);
  for (let row = 0; row < matrix.rows; row++) {
    const [begin, end] = [matrix.offsets[row], matrix.offsets[row + 1]];
    let squares = 0;
    for (let entry = begin; entry < end; entry++) squares += rarity(matrix.indices[entry]) ** 2;
    for (let entry = begin; entry < end; entry++)
      values[entry] = rarity(matrix.indices[entry]) / Math.sqrt(Math.max(squares, 1e-12));
  }
  const { vectors, values: kept } = await randomisedSvd({ ...matrix, values }, mostFactors, seed);
  const weighted = new Float32Array(vectors.length);
  for (let n = 0; n < vectors.length; n++) weighted[n] = vectors[n] * rarity(Math.floor(n / kept.length));
  return weighted;
}

async function propertiesOf(
  features: Features | undefined,
  itemCount: number,
  seed: number,
): Promise<Features & { readonly projection?: Float32Array }> {
  if (features === undefined) return { width: 0, values: new Float32Array() };
  if (features.width <= mostProperties) return features;
  const { vectors, values: kept } = await randomisedSvd(rowsOf(features, itemCount), mostProperties, seed);
  return { width: kept.length, values: projected(features, itemCount, vectors, kept.length), projection: vectors };
}

/** Features of items in the directions that were found among those of the training. */
export function projected(features: Features, rows: number, projection: Float32Array, width: number): Float32Array {
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < features.width; feature++) {
      const amount = features.values[row * features.width + feature];
      if (amount === 0) continue;
      for (let n = 0; n < width; n++)
        values[row * width + n] = values[row * width + n] + amount * projection[feature * width + n];
    }
  }
  return values;
}

function rowsOf({ width, values }: Features, rows: number): Required<Csr> {
  const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => row * width);
  const indices = Uint32Array.from(values, (_, n) => n % width);
  return { rows, columns: width, offsets, indices, values: values.subarray(0, rows * width) };
}

/** The sum of the vectors of a history, and how many items it has, as its last number. */
export function sumItems({ values, width }: Pick<ItemVectors, 'values' | 'width'>, { items }: Pick<History, 'items'>) {
  const sums = new Float32Array(width + 1);
  for (const item of items) addItem(sums, { values, width }, item);
  return sums;
}

export function addItem(sums: Float32Array, { values, width }: Pick<ItemVectors, 'values' | 'width'>, item: number) {
  for (let n = 0; n < width; n++) sums[n] = sums[n] + values[item * width + n];
  sums[width] = sums[width] + 1;
}
