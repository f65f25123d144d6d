import type { Features } from '../../features/column.ts';
import { eigenSymmetric } from '../../features/eigen-symmetric.ts';
import { randomisedSvd } from '../../features/randomised-svd.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';

/** Vectors of items, one after another, of length 1 or, where nothing is known, 0. */
export type ItemVectors = { readonly width: number; readonly values: Float32Array };

/** Added to the interactions of an item: so many say as much as its metadata. */
const shrinkage = 2;
/** Added to the squares of the metadata's directions, in the greatest of them. */
const ridge = 0.01;

export type VectorTask = {
  readonly affinities: SparseItemRows;
  /** Interactions of each item. */
  readonly counts: Uint32Array;
  /** Numbers of a vector, at most. */
  readonly width: number;
  readonly seed: number;
};

/**
 * The leading singular vectors of the affinities times the roots of their values (Levy and Goldberg 2014), of length 1.
 */
export async function factorise({ affinities, counts, width, seed }: VectorTask): Promise<ItemVectors> {
  const items = counts.length;
  const { vectors, values } = await randomisedSvd({ rows: items, columns: items, ...affinities }, width, seed);
  const found = values.length;
  if (found === 0) return { width: 1, values: new Float32Array(items) };
  const own = vectors.slice();
  const factors = values.map(Math.sqrt);
  for (let at = 0; at < own.length; at++) own[at] *= factors[at % found];
  normalise(own, found);
  return { width: found, values: own };
}

/**
 * What metadata says of each item's vector: a regression of the vectors on the leading directions of the features, with
 * a ridge, in which an item counts the more, the more interactions it has.
 */
export function predictVectors(
  { width, values: vectors }: ItemVectors,
  features: Features,
  { counts, metadataWidth }: { readonly counts: Uint32Array; readonly metadataWidth: number },
): Float32Array {
  const inputs = unitRows(features);
  const from = features.width;
  const gram = new Float64Array(from * from);
  const target = new Float64Array(from * width);
  for (let item = 0; item < counts.length; item++) {
    if (counts[item] === 0) continue;
    const weight = counts[item] / (counts[item] + shrinkage);
    const row = inputs.subarray(item * from, (item + 1) * from);
    const vector = vectors.subarray(item * width, (item + 1) * width);
    for (let n = 0; n < from; n++) {
      const amount = weight * row[n];
      if (amount === 0) continue;
      for (let m = 0; m < from; m++) gram[n * from + m] += amount * row[m];
      for (let m = 0; m < width; m++) target[n * width + m] += amount * vector[m];
    }
  }
  const map = solve(gram, target, from, width, metadataWidth);
  const predicted = new Float32Array(counts.length * width);
  for (let item = 0; item < counts.length; item++) addProduct(predicted, item, inputs, map, from, width);
  return predicted;
}

/**
 * Vectors of items from who had them and from metadata: of an item with n interactions n parts of the first and two of
 * the second.
 */
export function joinVectors({ width, values }: ItemVectors, counts: Uint32Array, predicted: Float32Array): ItemVectors {
  const joined = values.map((value, at) => counts[Math.floor(at / width)] * value + shrinkage * predicted[at]);
  normalise(joined, width);
  return { width, values: joined };
}

/** (G + λI)⁻¹ B on the leading eigenvectors of G. */
function solve(gram: Float64Array, target: Float64Array, from: number, width: number, most: number): Float64Array {
  const { values, vectors } = eigenSymmetric(gram);
  const least = ridge * Math.max(values[0], 1e-12);
  const map = new Float64Array(from * width);
  for (let axis = 0; axis < Math.min(from, most); axis++) {
    const projected = new Float64Array(width);
    for (let n = 0; n < from; n++) {
      const amount = vectors[n * from + axis];
      for (let m = 0; m < width; m++) projected[m] += amount * target[n * width + m];
    }
    const shrunk = 1 / (Math.max(values[axis], 0) + least);
    for (let n = 0; n < from; n++) {
      const amount = vectors[n * from + axis] * shrunk;
      for (let m = 0; m < width; m++) map[n * width + m] += amount * projected[m];
    }
  }
  return map;
}

function addProduct(
  to: Float32Array,
  item: number,
  inputs: Float32Array,
  map: Float64Array,
  from: number,
  width: number,
): void {
  for (let n = 0; n < from; n++) {
    const amount = inputs[item * from + n];
    if (amount === 0) continue;
    for (let m = 0; m < width; m++) to[item * width + m] += amount * map[n * width + m];
  }
}

function unitRows({ width, values }: Features): Float32Array {
  const rows = values.slice();
  normalise(rows, width);
  return rows;
}

/** Scales each row to the length 1; one of zeros stays. */
function normalise(rows: Float32Array, width: number): void {
  for (let begin = 0; begin < rows.length; begin += width) {
    let squares = 0;
    for (let at = begin; at < begin + width; at++) squares += rows[at] ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let at = begin; at < begin + width; at++) rows[at] *= scale;
  }
}
