import type { LearnedFeatures } from '../../features/learn-features.ts';
import { type Histories, interactionCount } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { constant } from '../../model/model-content.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { byPopularity } from '../popularity/popular-items.ts';
import { chooseWeights, type PairWeights } from './choose-weights.ts';
import { holdOutPairs } from './held-out-pairs.ts';
import { factorise, type ItemVectors, joinVectors, predictVectors } from './item-vectors.ts';
import { affinities, type PairSignals, signalsOf } from './pair-signals.ts';
import { popularityWeights } from './popularity-discount.ts';
import { relatedLists } from './related-lists.ts';
import { countsOf, logPopularities, pairFeatures, type Relations } from './relations.ts';

/** Less than this share of the interactions is not worth counting pairs a second time. */
const negligible = 1e-3;
/** Items that are taken for new when weights are chosen, so that these know what metadata alone can do. */
const veiledShare = 0.1;

/**
 * Item vectors from who had the items and from metadata, signals of pairs, and how much each counts for what came right
 * after an item: the items that are best beside each.
 */
export async function learnSimilarItems(task: LearningTask): Promise<LearnedModel> {
  const { histories, itemCount, parameters, seed, progress, warmStart } = task;
  const discount = parameters.number('popularity_discount_factor');
  const { weights, known } = warmStart ? { weights: weightsOf(warmStart), known: undefined } : await choose();
  progress.report(0.5, 'finding what goes together');
  const { signals, vectors, counts } = known ?? (await relate(task, histories));
  const relations = { signals, counts, vectors: await finalVectors(task, vectors, counts) };
  progress.report(0.8, 'putting items beside each other');
  const lists = await relatedLists(relations, weights, discount, progress.signal);
  return {
    tensors: {
      related_offsets: { shape: [itemCount + 1], data: lists.offsets },
      related_items: { shape: [lists.indices.length], data: lists.indices },
      related_scores: { shape: [lists.values.length], data: lists.values },
      log_popularity: { shape: [itemCount], data: logPopularities(counts) },
      popular: { shape: [itemCount], data: byPopularity(histories, itemCount) },
    },
    constants: {
      ...constantsOf(weights),
      popularity_weight: popularityWeights(weights.warm, true, discount),
      popularity_weight_cold: popularityWeights(weights.cold, false, discount),
      interacted_items: 1 + counts.findLastIndex((count) => count > 0),
    },
  };

  async function choose() {
    progress.report(0, 'choosing weights on held-out pairs');
    const { training, pairs } = holdOutPairs(histories, seed);
    const known = await relate(task, training);
    const weights = chooseWeights(veiled(task, known), pairs, seed);
    const rest = interactionCount(histories) - interactionCount(training);
    return { weights, known: rest <= negligible * interactionCount(histories) ? known : undefined };
  }
}

type Known = { readonly signals: PairSignals; readonly vectors: ItemVectors; readonly counts: Uint32Array };

async function relate({ itemCount, parameters, seed, progress }: LearningTask, histories: Histories): Promise<Known> {
  const signals = await signalsOf(histories, itemCount, progress.signal);
  const counts = countsOf(histories, itemCount);
  const vectors = await factorise({
    affinities: await affinities(signals, histories, itemCount, progress.signal),
    counts,
    width: parameters.number('item_id_hidden_dim'),
    seed,
  });
  return { signals, vectors, counts };
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
function veiled(task: LearningTask, { signals, vectors, counts }: Known): Relations {
  const { itemFeatures, seed } = task;
  if (itemFeatures === undefined) return { signals, vectors, counts };
  const random = uniforms(seed);
  const fewer = counts.map((count) => (random() < veiledShare ? 0 : count));
  return {
    signals,
    counts: fewer,
    vectors: joinVectors(vectors, fewer, predicted(task, vectors, fewer, itemFeatures)),
  };
}

/** Names of constants: the weights that were chosen, for a training that continues. */
const learnedName = (beside: keyof PairWeights, feature: string) => `learned_${beside}_${feature}`;

const constantsOf = (weights: PairWeights): Record<string, number> =>
  Object.fromEntries(
    (['warm', 'cold'] as const).flatMap((beside) =>
      pairFeatures.map((feature, n) => [learnedName(beside, feature), weights[beside][n]]),
    ),
  );

function weightsOf(learned: LearnedModel): PairWeights {
  const read = (beside: keyof PairWeights) =>
    pairFeatures.map((feature) => constant(learned, learnedName(beside, feature)));
  return { warm: read('warm'), cold: read('cold') };
}
