import { type ReportFraction, subFraction } from '../../../util/progress.ts';
import { type Cell, type Metadata, observed } from '../../features/column.ts';
import { TermReader } from '../../features/encoder.ts';
import { encoderTensors } from '../../features/encoder-tensors.ts';
import { fitTerms } from '../../features/fit-encoder.ts';
import { sketchBytes } from '../../kernels/sketch.ts';
import type { LearnedModel, LearningTask, Tensor } from '../../recipes/recipe.ts';
import { TrainingError } from '../../training/training.ts';
import { freshnessByte, popularityBytes, timeCuts } from './influence.ts';
import { digestOf, joinedText, joinedTexts } from './item-texts.ts';
import { termProfile, vectorProfile } from './profile.ts';
import { ProfileSketcher } from './profiles.ts';

/** How far the work has come when each step begins. */
const stage = { texts: 0.05, profiles: 0.6 } as const;

type LearnedTexts = Pick<LearnedModel, 'tensors'>;

/**
 * Makes profiles of the items' names and texts: the terms by TF-IDF, or the vectors of a sentence encoder. Interactions
 * decide nothing but popularity.
 */
export async function learnSemantic(task: LearningTask): Promise<LearnedModel> {
  const { itemMetadata, histories, itemCount, progress, encodeTexts } = task;
  if (!itemMetadata) throw new TrainingError('Create failed. The Items dataset has no texts to compare items by.');
  const during = (note: string, from: number, to: number) =>
    subFraction((fraction) => progress.report(fraction, note), from, to);
  const facts = await readFacts(observed(itemMetadata, during('reading items', 0, stage.texts)));
  const texts = joinedTexts(itemMetadata);
  const encoded = await encodeTexts?.(texts, during('encoding texts of items', stage.texts, stage.profiles));
  const comparing = during('comparing texts of items', stage.profiles, 1);
  const learned =
    encoded?.columns[0]?.kind === 'vector' ? learnVectors(encoded, comparing) : learnTerms(texts, comparing);
  const cuts = timeCuts(facts.times);
  return {
    tensors: {
      ...(await learned).tensors,
      text_digests: vector(facts.digests),
      popularity: vector(popularityBytes(histories, itemCount)),
      freshness: vector(Uint8Array.from(facts.times, (time) => freshnessByte(cuts, time))),
      creation_time_cuts: vector(cuts),
    },
    constants: {},
    itemColumns: itemMetadata.columns.filter(({ kind }) => kind === 'textual'),
  };
}

const vector = (data: Tensor['data']): Tensor => ({ shape: [data.length], data });

/** What is known of each item beside its profile: a digest of its text, and when it was created (NaN if unknown). */
async function readFacts(metadata: Metadata): Promise<{ digests: Uint32Array; times: Float64Array }> {
  const digests = new Uint32Array(metadata.rowCount);
  const times = new Float64Array(metadata.rowCount).fill(Number.NaN);
  const isText = metadata.columns.map(({ kind }) => kind === 'textual');
  let row = 0;
  for await (const cells of metadata.rows(1)) {
    digests[row] = digestOf(joinedText(cells.filter((_, n) => isText[n])));
    times[row] = timeOf(cells.find((_, n) => !isText[n]));
    row++;
  }
  return { digests, times };
}

const timeOf = (cell: Cell | undefined) => (typeof cell === 'number' ? cell : Number.NaN);

async function learnTerms(texts: Metadata, progress: ReportFraction): Promise<LearnedTexts> {
  const known = await fitTerms(texts, subFraction(progress, 0, 0.5));
  const reader = new TermReader(known);
  const sketcher = new ProfileSketcher(0);
  const sketches = new Uint8Array(texts.rowCount * sketchBytes);
  const offsets = new Uint32Array(texts.rowCount + 1);
  let terms = new Uint32Array(16 * texts.rowCount);
  let row = 0;
  for await (const [text] of observed(texts, subFraction(progress, 0.5, 1)).rows(1)) {
    const profile = termProfile(reader, typeof text === 'string' ? text : '');
    sketcher.write(profile, sketches.subarray(row * sketchBytes, (row + 1) * sketchBytes));
    const begin = offsets[row];
    const end = begin + profile.terms.length;
    if (end > terms.length) terms = longer(terms, end);
    terms.set(profile.terms, begin);
    offsets[++row] = end;
  }
  const end = offsets[row];
  return {
    tensors: {
      ...encoderTensors('item', { ...known, width: known.slots.length }),
      term_offsets: vector(offsets),
      terms: vector(terms.slice(0, end)),
      sketches: { shape: [row, sketchBytes], data: sketches },
    },
  };
}

function longer(array: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.ceil(1.5 * least));
  copy.set(array);
  return copy;
}

async function learnVectors(vectors: Metadata, progress: ReportFraction): Promise<LearnedTexts> {
  const mean = await meanOf(observed(vectors, subFraction(progress, 0, 0.3)));
  const sketcher = new ProfileSketcher(mean.length);
  const sketches = new Uint8Array(vectors.rowCount * sketchBytes);
  const codes = new Uint8Array(vectors.rowCount * mean.length);
  let row = 0;
  for await (const [cell] of observed(vectors, subFraction(progress, 0.3, 1)).rows(1)) {
    const profile = vectorProfile(cell instanceof Float32Array ? cell : null, mean);
    sketcher.write(profile, sketches.subarray(row * sketchBytes, (row + 1) * sketchBytes));
    codes.set(new Uint8Array(profile.codes.buffer), row * mean.length);
    row++;
  }
  return {
    tensors: {
      text_vector_mean: vector(mean),
      codes: { shape: [row, mean.length], data: codes },
      sketches: { shape: [row, sketchBytes], data: sketches },
    },
  };
}

/** Of the vectors that are not 0: texts without any are left out. */
async function meanOf(vectors: Metadata): Promise<Float32Array> {
  let sums = new Float64Array();
  let count = 0;
  for await (const [cell] of vectors.rows(1)) {
    if (!(cell instanceof Float32Array)) continue;
    if (sums.length === 0) sums = new Float64Array(cell.length);
    if (cell.every((value) => value === 0)) continue;
    count++;
    for (let n = 0; n < cell.length; n++) sums[n] = sums[n] + cell[n];
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(count, 1));
}
