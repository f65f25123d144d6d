import type { Histories } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { topK } from '../../kernels/top-k.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import { and, eligibleItems, maskWithout } from '../../model/item-mask.ts';
import type { Weighting } from '../../training/event-weights.ts';
import { type Blend, fitBlend, type Observation } from '../blend/blend.ts';
import { improveRanking } from '../blend/blend-ranking.ts';
import { halfLives, logPopularity } from '../popularity/popularity.ts';
import { type ItemSignals, SignalReader, signalKinds } from './signals/item-signals.ts';
import type { HeldOut } from './training/holdout.ts';

/** Features of a logit, in this order. */
export const blendFeatures = ['encoder', ...signalKinds, 'popularity'] as const;
export type BlendFeature = (typeof blendFeatures)[number];
/**
 * About what most data comes to: where the search begins, which finds likely candidates, and what is left to tiny data.
 */
const start = [1, 0.2, 0.2, 0.4, 0.2];

/** Candidates of a validation example: likely ones, and others of the rest that stand for all of it. */
const likely = 1500;
const others = 500;
/** With very many items not all examples are used: scores in all. */
const mostScores = 100_000_000;

export type BlendTask = {
  /** What the encoder and the item-item signals were made of. */
  readonly histories: Histories;
  readonly itemCount: number;
  readonly itemVectors: Float32Array;
  readonly signals: ItemSignals;
  readonly examples: readonly HeldOut[];
  /** The encoder's vectors for them. */
  readonly vectors: readonly Float32Array[];
  readonly weightOf: Weighting;
  /** Whether popularity may fade. */
  readonly recency: boolean;
  readonly seed: number;
};

export type ChosenBlend = { readonly weights: readonly number[]; readonly halfLifeDays: number };

/**
 * The weights of the features, and the half-life of popularity, under which what was held out is most probable, or
 * ranked higher if it surely can be.
 */
export function chooseBlend(task: BlendTask): ChosenBlend {
  const candidates = candidatesOf(task);
  const fits = (task.recency ? halfLives : halfLives.slice(0, 1)).map((halfLifeDays) => {
    setPopularity(candidates, task, halfLifeDays);
    return { halfLifeDays, ...fitBlend(candidates, start) };
  });
  const { halfLifeDays, weights } = fits.reduce((best: Blend & { halfLifeDays: number }, fit) =>
    fit.logLikelihood > best.logLikelihood ? fit : best,
  );
  setPopularity(candidates, task, halfLifeDays);
  // Where users come back to what they had, the top ranks are for that; who leaves the history out would be served
  // worse.
  const comeBack = task.examples.every(({ excluded }) => excluded.size === 0);
  return { halfLifeDays, weights: comeBack ? weights : improveRanking(candidates, weights) };
}

function setPopularity(candidates: readonly Candidates[], task: BlendTask, halfLifeDays: number): void {
  const prior = logPopularity(task.histories, task.itemCount, halfLifeDays, task.weightOf);
  for (const { items, values } of candidates) {
    items.forEach((item, n) => {
      values[blendFeatures.length * n + blendFeatures.length - 1] = prior[item];
    });
  }
}

type Candidates = Observation & { readonly items: Uint32Array };

function candidatesOf({
  histories,
  itemCount,
  itemVectors,
  signals,
  examples,
  vectors,
  weightOf,
  seed,
}: BlendTask): Candidates[] {
  const ranker = new VectorRanker(itemVectors, itemVectors.length / itemCount, false);
  const reader = new SignalReader(signals, itemCount);
  const prior = logPopularity(histories, itemCount, Number.POSITIVE_INFINITY, weightOf);
  const random = uniforms(seed);
  const most = Math.ceil(mostScores / itemCount);
  return examples.slice(0, most).map(({ input: { items: history }, truth, weight, excluded }, n) => {
    const scores = ranker.products(vectors[n]);
    const pairs = signalKinds.map((kind) => {
      reader.logits.fill(0);
      reader.add(kind, history, 1);
      return reader.logits.slice();
    });
    const each = [scores, ...pairs, prior];
    const rough = new Float32Array(itemCount);
    each.forEach((values, feature) => {
      const weight = start[feature];
      for (let item = 0; item < itemCount; item++) rough[item] += weight * values[item];
    });
    const { items, logWeights } = sample(rough, excluded, truth, random);
    const values = Float32Array.from(
      { length: items.length * blendFeatures.length },
      (_, at) => each[at % blendFeatures.length][items[Math.floor(at / blendFeatures.length)]],
    );
    return { items, values, logWeights, chosen: [0], weight };
  });
}

/** The answer first, then what is likely besides, then some of the others. */
function sample(rough: Float32Array, excluded: ReadonlySet<number>, truth: number, random: () => number) {
  const candidates = maskWithout(rough.length, [...excluded, truth]);
  const best = topK(rough, likely, candidates.words);
  const rest = eligibleItems(and(candidates, maskWithout(rough.length, best)));
  const drawn =
    rest.length <= others ? rest : Uint32Array.from({ length: others }, () => rest[Math.floor(random() * rest.length)]);
  const items = Uint32Array.of(truth, ...best, ...drawn);
  const logWeights = new Float32Array(items.length).fill(Math.log(Math.max(1, rest.length / others)), 1 + best.length);
  return { items, logWeights };
}
