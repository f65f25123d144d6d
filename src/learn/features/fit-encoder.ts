import type { Metadata } from './column.ts';
import { type FeatureEncoder, TermReader } from './encoder.ts';
import { type Knots, knotsOf, numberOf } from './knots.ts';
import { randomisedSvd } from './randomised-svd.ts';
import { forEachTerm, places } from './terms.ts';

/** Features of a row; up to so many terms each is a feature itself. */
const mostFeatures = 128;
/** Terms that count: the most frequent ones of those that at least two rows have, and not all. */
const mostTerms = 32_768;
/** Rows that are looked at, spread evenly: more would tell little more of what goes with what. */
const mostRows = 65_536;
const seed = 0;

/**
 * Finds out what of the metadata is worth telling, and in how few numbers: every column gives weighted terms (values, words, pieces of words, knots of
 * numbers), and where they are many, all together go through one singular value decomposition (latent semantic analysis, Deerwester et al. 1990).
 * The same metadata gives the same encoder.
 */
export async function fitEncoder(metadata: Metadata): Promise<FeatureEncoder> {
  const { columns } = metadata;
  const every = Math.max(1, Math.ceil(metadata.rowCount / mostRows));
  const knots = await knotsOfColumns(metadata, every);
  const { terms, rarities } = await countTerms(metadata, knots, every);
  const reading = { columns, knots, terms, rarities };
  if (terms.length <= mostFeatures) return { ...reading, width: terms.length };
  const { vectors, values } = randomisedSvd(await termMatrix(metadata, reading, every), mostFeatures, seed);
  return { ...reading, width: values.length, projection: vectors };
}

async function knotsOfColumns({ columns, rowCount, rows }: Metadata, every: number): Promise<(Knots | undefined)[]> {
  const numbers = columns.map(({ kind }) =>
    kind === 'numeric' ? { values: new Float64Array(Math.ceil(rowCount / every)), count: 0 } : undefined,
  );
  if (numbers.every((column) => column === undefined)) return numbers.map(() => undefined);
  for await (const cells of rows(every)) {
    numbers.forEach((column, n) => {
      const value = numberOf(cells[n] ?? null);
      if (column && !Number.isNaN(value)) column.values[column.count++] = value;
    });
  }
  return numbers.map((column) => column && knotsOf(column.values.subarray(0, column.count)));
}

/** The terms that tell rows apart, and ln(rows / rows that have it) of each; knots and axes of vectors are no rarer than others. */
async function countTerms({ columns, rows }: Metadata, knots: readonly (Knots | undefined)[], every: number) {
  const counts = new Uint32Array(places);
  const newest = new Uint32Array(places);
  const unweighted = new Uint8Array(places);
  const isAxis = new Uint8Array(places);
  let total = 0;
  for await (const cells of rows(every)) {
    total++;
    columns.forEach((column, n) => {
      const [numeric, axis] = [column.kind === 'numeric', column.kind === 'vector'];
      forEachTerm(column, n, cells[n] ?? null, knots[n], (place) => {
        if (newest[place] === total) return;
        newest[place] = total;
        counts[place] = (counts[place] ?? 0) + 1;
        unweighted[place] = numeric || axis ? 1 : 0;
        isAxis[place] = axis ? 1 : 0;
      });
    });
  }
  const telling = (place: number) => {
    const count = counts[place] ?? 0;
    return count >= 2 && (count < total || isAxis[place] === 1);
  };
  const found = Uint32Array.from(counts.keys()).filter(telling);
  const terms = found
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, mostTerms)
    .sort();
  const rarities = Float32Array.from(terms, (place) =>
    unweighted[place] === 1 ? 1 : Math.log(total / (counts[place] ?? 1)),
  );
  return { terms, rarities };
}

/** Rows × terms. */
async function termMatrix(metadata: Metadata, reading: ConstructorParameters<typeof TermReader>[0], every: number) {
  const reader = new TermReader(reading);
  const rows = Math.ceil(metadata.rowCount / every);
  const offsets = new Uint32Array(rows + 1);
  let [indices, values] = [new Uint32Array(1 << 16), new Float32Array(1 << 16)];
  let [row, end] = [0, 0];
  for await (const cells of metadata.rows(every)) {
    const { terms, weights } = reader.read(cells);
    if (end + terms.length > indices.length) {
      const longer = 2 * (end + terms.length);
      const [oldIndices, oldValues] = [indices, values];
      [indices, values] = [new Uint32Array(longer), new Float32Array(longer)];
      indices.set(oldIndices);
      values.set(oldValues);
    }
    indices.set(terms, end);
    values.set(weights, end);
    end += terms.length;
    offsets[++row] = end;
  }
  return { rows, columns: reading.terms.length, offsets, indices, values };
}
