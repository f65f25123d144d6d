import type { LearnedFeatures } from '../../features/learn-features.ts';
import { type Histories, interactionCount, interactionsByItem } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { constant } from '../../model/model-content.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { byPopularity } from '../popularity/popular-items.ts';
import { chooseWeights, type PairWeights } from './choose-weights.ts';
import { type HeldOutPairs, holdOutPairs } from './held-out-pairs.ts';
import { factorise, type ItemVectors, joinVectors, predictVectors } from './item-vectors.ts';
import { affinities, type PairSignals, signalsOf } from './pair-signals.ts';
import { popularityWeights } from './popularity-discount.ts';
import { relatedLists } from './related-lists.ts';
import { logPopularities, pairFeatures, type Relations } from './relations.ts';

/** Less than this share of the interactions is not worth counting pairs a second time. */
const negligible = 1e-3;
/** Items that are taken for new when weights are chosen, so that these know what metadata alone can do. */
const veiledShare = 0.1;

/** What goes together: how it is found out, and what is known of it beside what histories say of pairs. */
export type RelationDesign = {
  /** The pairs on which weights are chosen. */
  holdOut(histories: Histories, itemCount: number, seed: number): HeldOutPairs;
  moreSignals?(histories: Histories, itemCount: number, signal: AbortSignal): Promise<PairSignals>;
  /** How often each item was chosen; 0 for one without interactions. */
  choices(histories: Histories, itemCount: number): Uint32Array | Float32Array;
  /** All items, the most popular first. */
  ranking(histories: Histories, itemCount: number): Uint32Array;
};

const nextItems: RelationDesign = {
  holdOut: (histories, _, seed) => holdOutPairs(histories, seed),
  choices: interactionsByItem,
  ranking: byPopularity,
};

/** What came right after an item. */
export const learnSimilarItems = (task: LearningTask): Promise<LearnedModel> => learnRelations(task, nextItems);

/**
 * Item vectors from who had the items and from metadata, signals of pairs, and how much each counts for what goes
 * together: the items that are best beside each.
 */
export async function learnRelations(task: LearningTask, design: RelationDesign): Promise<LearnedModel> {
  const { histories, itemCount, parameters, seed, progress, warmStart } = task;
  const discount = parameters.number('popularity_discount_factor');
  const { weights, known } = warmStart ? await resume(warmStart) : await choose();
  const { vectors, ...found } = known;
  const { counts, popularities } = found;
  const relations = { ...found, vectors: await finalVectors(task, vectors, counts) };
  progress.report(0.8, 'putting items beside each other');
  const lists = await relatedLists(relations, weights, discount, progress.signal);
  return {
    tensors: {
      related_offsets: { shape: [itemCount + 1], data: lists.offsets },
      related_items: { shape: [lists.indices.length], data: lists.indices },
      related_scores: { shape: [lists.values.length], data: lists.values },
      log_popularity: { shape: [itemCount], data: popularities },
      popular: { shape: [itemCount], data: design.ranking(histories, itemCount) },
    },
    constants: {
      ...constantsOf(weights, pairFeatures(found.signals)),
      popularity_weight: popularityWeights(weights.warm, true, discount),
      popularity_weight_cold: popularityWeights(weights.cold, false, discount),
      interacted_items: 1 + counts.findLastIndex((count) => count > 0),
    },
  };

  async function choose() {
    progress.report(0, 'choosing weights on held-out pairs');
    const { training, pairs } = design.holdOut(histories, itemCount, seed);
    const known = await relate(task, training, design);
    const weights = chooseWeights(veiled(task, known), pairs, seed);
    const rest = interactionCount(histories) - interactionCount(training);
    return { weights, known: rest <= negligible * interactionCount(histories) ? known : await relateAll() };
  }

  async function resume(learned: LearnedModel) {
    const known = await relateAll();
    return { weights: weightsOf(learned, pairFeatures(known.signals)), known };
  }

  function relateAll() {
    progress.report(0.5, 'finding what goes together');
    return relate(task, histories, design);
  }
}

async function relate(
  { itemCount, parameters, seed, progress: { signal } }: LearningTask,
  histories: Histories,
  design: RelationDesign,
): Promise<Relations> {
  const signals = await signalsOf(histories, itemCount, signal);
  const more = (await design.moreSignals?.(histories, itemCount, signal)) ?? {};
  const counts = interactionsByItem(histories, itemCount);
  const vectors = await factorise({
    affinities: await affinities(signals, histories, itemCount, signal),
    counts,
    width: parameters.number('item_id_hidden_dim'),
    seed,
  });
  const popularities = logPopularities(design.choices(histories, itemCount));
  return { signals: { ...signals, ...more }, vectors, counts, popularities };
}

async function finalVectors(task: LearningTask, vectors: ItemVectors, counts: Uint32Array): Promise<ItemVectors> {
  const { itemFeatures } = task;
  return itemFeatures ? joinVectors(vectors, counts, predicted(task, vectors, counts, itemFeatures)) : vectors;
}

const predicted = (
  { parameters }: LearningTask,
  vectors: ItemVectors,
  counts: Uint32Array,
  features: LearnedFeatures,
) => predictVectors(vectors, features, { counts, metadataWidth: parameters.number('item_metadata_hidden_dim') });

/** The same, as if some of the items had no interactions. */
function veiled(task: LearningTask, known: Relations): Relations {
  const { vectors, counts } = known;
  const { itemFeatures, seed } = task;
  if (itemFeatures === undefined) return known;
  const random = uniforms(seed);
  const fewer = counts.map((count) => (random() < veiledShare ? 0 : count));
  return {
    ...known,
    counts: fewer,
    popularities: known.popularities.map((popularity, item) => (fewer[item] > 0 ? popularity : 0)),
    vectors: joinVectors(vectors, fewer, predicted(task, vectors, fewer, itemFeatures)),
  };
}

/** Names of constants: the weights that were chosen, for a training that continues. */
const learnedName = (beside: keyof PairWeights, feature: string) => `learned_${beside}_${feature}`;

const constantsOf = (weights: PairWeights, features: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    (['warm', 'cold'] as const).flatMap((beside) =>
      features.map((feature, n) => [learnedName(beside, feature), weights[beside][n]]),
    ),
  );

function weightsOf(learned: LearnedModel, features: readonly string[]): PairWeights {
  const read = (beside: keyof PairWeights) =>
    features.map((feature) => constant(learned, learnedName(beside, feature)));
  return { warm: read('warm'), cold: read('cold') };
}
