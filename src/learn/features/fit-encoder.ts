import { type ReportFraction, subFraction } from '../../util/progress.ts';
import type { Csr } from '../kernels/csr.ts';
import { type FittedColumn, type Metadata, observed } from './column.ts';
import { type FeatureEncoder, TermReader, type Terms } from './encoder.ts';
import { chainsOf } from './hierarchies.ts';
import { knotsOf, numberOf } from './knots.ts';
import { randomisedSvd } from './randomised-svd.ts';
import { forEachTerm, slotCount } from './terms.ts';

/** Features of a row; up to so many terms each is a feature itself. */
const mostFeatures = 128;
/** Terms that count: the most frequent ones of those that at least two rows have, and not all. */
const mostTerms = 32_768;
/** Rows that are looked at, spread evenly: more would hardly say more about what goes with what. */
const mostRows = 65_536;
const seed = 0;

/** How far the work has come when each step begins, where terms are many. */
const stage = { matrix: 0.2, decomposition: 0.3 } as const;

/**
 * Finds the part of the metadata that says something, and in how few numbers: every column gives weighted terms
 * (values, words, pieces of words, knots of numbers), and where they are many, all together go through one singular
 * value decomposition (latent semantic analysis, Deerwester et al. 1990). The same metadata gives the same encoder.
 */
export async function fitEncoder(metadata: Metadata, progress: ReportFraction): Promise<FeatureEncoder> {
  const terms = await fitTerms(metadata, subFraction(progress, 0, stage.matrix));
  if (terms.slots.length <= mostFeatures) return { ...terms, width: terms.slots.length };
  const reading = observed(metadata, subFraction(progress, stage.matrix, stage.decomposition));
  const matrix = await termMatrix(reading, terms, rowStep(metadata));
  const decomposing = subFraction(progress, stage.decomposition, 1);
  const { vectors, values } = await randomisedSvd(matrix, mostFeatures, seed, decomposing);
  return { ...terms, width: values.length, projection: vectors };
}

/** The terms that say something, and how rare each is. */
export async function fitTerms(metadata: Metadata, progress: ReportFraction): Promise<Terms> {
  const every = rowStep(metadata);
  const columns = await fitColumns(observed(metadata, subFraction(progress, 0, 0.5)), every);
  return await countTerms(observed(metadata, subFraction(progress, 0.5, 1)), columns, every);
}

const rowStep = ({ rowCount }: Metadata) => Math.max(1, Math.ceil(rowCount / mostRows));

async function fitColumns({ columns, rowCount, rows }: Metadata, every: number): Promise<readonly FittedColumn[]> {
  const numbers = columns.map(({ kind }) => ({
    values: new Float64Array(kind === 'numeric' ? Math.ceil(rowCount / every) : 0),
    count: 0,
  }));
  for await (const cells of rows(every)) {
    numbers.forEach((column, n) => {
      const value = numberOf(cells[n] ?? null);
      if (!Number.isNaN(value)) column.values[column.count++] = value;
    });
  }
  return columns.map(({ name, kind }, n) => {
    const { values = new Float64Array(), count = 0 } = numbers[n] ?? {};
    return kind === 'numeric' ? { name, kind, knots: knotsOf(values.subarray(0, count)) } : { name, kind };
  });
}

/**
 * The terms by which rows differ, and ln(rows / rows that have it) of each; knots and axes of vectors are no rarer than
 * others.
 */
async function countTerms({ rows }: Metadata, columns: readonly FittedColumn[], every: number): Promise<Terms> {
  const counts = new Uint32Array(slotCount);
  const newest = new Uint32Array(slotCount);
  const unweighted = new Uint8Array(slotCount);
  const isAxis = new Uint8Array(slotCount);
  const chained = chainsOf(columns) ?? ((cells) => cells);
  let total = 0;
  for await (const row of rows(every)) {
    total++;
    const cells = chained(row);
    columns.forEach((column, n) => {
      const [numeric, axis] = [column.kind === 'numeric', column.kind === 'vector'];
      forEachTerm(column, n, cells[n] ?? null, (slot) => {
        if (newest[slot] === total) return;
        newest[slot] = total;
        counts[slot] += 1;
        unweighted[slot] = numeric || axis ? 1 : 0;
        isAxis[slot] = axis ? 1 : 0;
      });
    });
  }
  const telling: number[] = [];
  counts.forEach((count, slot) => {
    if (count >= 2 && (count < total || isAxis[slot] === 1)) telling.push(slot);
  });
  const kept = Uint32Array.from(telling)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, mostTerms)
    .sort();
  const rarities = Float32Array.from(kept, (slot) => (unweighted[slot] === 1 ? 1 : Math.log(total / counts[slot])));
  return { columns, slots: kept, rarities };
}

/** Rows × terms. */
async function termMatrix(metadata: Metadata, known: Terms, every: number): Promise<Required<Csr>> {
  const reader = new TermReader(known);
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
  return { rows, columns: known.slots.length, offsets, indices, values };
}
