import type { Cell, FeatureColumn, Metadata } from '../../learn/features/column.ts';
import { TermReader } from '../../learn/features/encoder.ts';
import { fitTerms } from '../../learn/features/fit-encoder.ts';
import type { SentenceEncoder } from '../../learn/features/sentence-encoder.ts';
import { type ThemeColumns, type ThemeItem, wholeText } from './theme-columns.ts';
import { plainText } from './tokens.ts';

/** A vector by its numbers that are not 0. */
export type ItemVector = { readonly terms: Uint32Array; readonly weights: Float32Array };

/** Vectors of items, and what the items of the catalogue have in common, which says nothing of any of them. */
export type ItemVectors = {
  readonly width: number;
  readonly mean: Float32Array;
  of(items: readonly ThemeItem[]): Promise<readonly ItemVector[]>;
};

type Sample = { readonly rowCount: number; rows(): AsyncIterable<ThemeItem> };

/** Items by which the mean of a sentence encoder's vectors is known: encoding is slow. */
const encodedSample = 512;

/**
 * Learns from a sample of the catalogue how items become vectors: TF-IDF of words, pieces of words and values, where
 * texts and each column of values count alike; or a sentence encoder's vectors in place of words.
 */
export async function fitVectors(
  sample: Sample,
  columns: ThemeColumns,
  encoder: SentenceEncoder | undefined,
): Promise<ItemVectors> {
  const known = await fitTerms(metadataOf(sample, columns, encoder !== undefined), () => {});
  const reader = new TermReader(known);
  const textOffset = known.slots.length;
  const width = textOffset + (encoder?.width ?? 0);
  const textWeight = 1 / Math.sqrt(known.columns.length + 1);
  async function of(items: readonly ThemeItem[]): Promise<ItemVector[]> {
    const texts = encoder && (await encoder.encode(items.map((item) => plainText(wholeText(item)))));
    return items.map((item, n) => {
      const { terms, weights } = reader.read(cellsOf(item, encoder !== undefined));
      if (encoder === undefined || texts === undefined) return { terms: terms.slice(), weights: weights.slice() };
      return withText(
        { terms, weights },
        texts.subarray(n * encoder.width, (n + 1) * encoder.width),
        textOffset,
        textWeight,
      );
    });
  }
  const mean = await meanOf(sample, width, encoder ? encodedSample : sample.rowCount, of);
  return { width, mean, of };
}

const columnsOf = (columns: ThemeColumns, isEncoded: boolean): FeatureColumn[] => [
  ...(isEncoded ? [] : [{ name: 'text', kind: 'textual' } as const]),
  ...columns.categories.map((name) => ({ name, kind: 'categorical' }) as const),
];

const cellsOf = (item: ThemeItem, isEncoded: boolean): Cell[] => [
  ...(isEncoded ? [] : [plainText(wholeText(item))]),
  ...item.values.map((values) => (values.length > 0 ? values.join('|') : null)),
];

const metadataOf = ({ rowCount, rows }: Sample, columns: ThemeColumns, isEncoded: boolean): Metadata => ({
  columns: columnsOf(columns, isEncoded),
  rowCount,
  async *rows(every) {
    let row = 0;
    for await (const item of rows()) if (row++ % every === 0) yield cellsOf(item, isEncoded);
  },
});

function withText({ terms, weights }: ItemVector, text: Float32Array, offset: number, textWeight: number): ItemVector {
  const count = terms.length;
  const all = { terms: new Uint32Array(count + text.length), weights: new Float32Array(count + text.length) };
  all.terms.set(terms);
  all.weights.set(weights);
  for (let n = 0; n < text.length; n++) {
    all.terms[count + n] = offset + n;
    all.weights[count + n] = text[n] * textWeight;
  }
  return all;
}

async function meanOf(
  { rows }: Sample,
  width: number,
  most: number,
  vectorsOf: ItemVectors['of'],
): Promise<Float32Array> {
  const sums = new Float64Array(width);
  let count = 0;
  let waiting: ThemeItem[] = [];
  const flush = async () => {
    for (const { terms, weights } of await vectorsOf(waiting)) {
      count++;
      for (let n = 0; n < terms.length; n++) sums[terms[n]] = sums[terms[n]] + weights[n];
    }
    waiting = [];
  };
  for await (const item of rows()) {
    waiting.push(item);
    if (waiting.length === 32) await flush();
    if (count >= most) break;
  }
  await flush();
  return Float32Array.from(sums, (sum) => sum / Math.max(count, 1));
}

/** The cosines of vectors, each less the mean of the catalogue. */
export class Cosines {
  readonly #mean: Float32Array;
  readonly #meanSquare: number;

  constructor(mean: Float32Array) {
    this.#mean = mean;
    this.#meanSquare = mean.reduce((sum, value) => sum + value * value, 0);
  }

  /** Between each two of the vectors, n × n. A vector without a direction is like none. */
  between(vectors: readonly ItemVector[]): Float32Array {
    const count = vectors.length;
    const alongMean = vectors.map((vector) => dot(vector, this.#mean));
    const lengths = vectors.map((vector, n) => this.#length(vector, alongMean[n]));
    const cosines = new Float32Array(count * count);
    const dense = new Float32Array(this.#mean.length);
    vectors.forEach((vector, a) => {
      for (let n = 0; n < vector.terms.length; n++) dense[vector.terms[n]] = vector.weights[n];
      for (let b = 0; b <= a; b++) {
        const product = dot(vectors[b], dense) - alongMean[a] - alongMean[b] + this.#meanSquare;
        const cosine = lengths[a] > 0 && lengths[b] > 0 ? product / (lengths[a] * lengths[b]) : 0;
        cosines[a * count + b] = cosine;
        cosines[b * count + a] = cosine;
      }
      for (const term of vector.terms) dense[term] = 0;
    });
    return cosines;
  }

  /** Of each vector with the sum of some of them. */
  withSum(vectors: readonly ItemVector[], members: readonly number[]): Float32Array {
    const sum = new Float32Array(this.#mean.length);
    for (const member of members) {
      const { terms, weights } = vectors[member];
      for (let n = 0; n < terms.length; n++) sum[terms[n]] = sum[terms[n]] + weights[n];
    }
    for (let n = 0; n < sum.length; n++) sum[n] = sum[n] - members.length * this.#mean[n];
    const sumLength = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    const meanAlongSum = sum.reduce((total, value, n) => total + value * this.#mean[n], 0);
    return Float32Array.from(vectors, (vector) => {
      const length = this.#length(vector, dot(vector, this.#mean));
      if (length === 0 || sumLength === 0) return 0;
      return (dot(vector, sum) - meanAlongSum) / (length * sumLength);
    });
  }

  /** 0 for a vector that is 0: that the item says nothing makes it unlike the mean, but like no other. */
  #length(vector: ItemVector, alongMean: number): number {
    const square = vector.weights.reduce((sum, weight) => sum + weight * weight, 0);
    return square === 0 ? 0 : Math.sqrt(Math.max(square - 2 * alongMean + this.#meanSquare, 1e-12));
  }
}

const dot = ({ terms, weights }: ItemVector, dense: Float32Array): number => {
  let sum = 0;
  for (let n = 0; n < terms.length; n++) sum += weights[n] * dense[terms[n]];
  return sum;
};
