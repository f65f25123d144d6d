import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { allUsers, interactionsByItem, selectUsers } from '../../histories/histories.ts';
import { percentileRange, usersWithinPercentiles } from '../../histories/percentiles.ts';
import { latestTimes, userItemMatrix } from '../../histories/user-items.ts';
import { coOccurrence, type PairDecay } from '../../kernels/co-occurrence.ts';
import type { Csr } from '../../kernels/csr.ts';
import type { Parameters } from '../../recipes/parameter-values.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { byPopularity } from '../popularity/popular-items.ts';

/** Related items kept for each item, unless `top_n` says otherwise: popular ones follow them. */
const defaultTopN = 200;

/**
 * Counts, for every pair of items, the users who had both, weighed as the settings say, and keeps the best of each
 * item. Items above `max_item_interaction_count_percentile` are nobody's related items, since they would be
 * everybody's; they have related items of their own like any other.
 */
export async function learnSims({ histories, itemCount, parameters, progress }: LearningTask): Promise<LearnedModel> {
  progress.report(0, 'counting items that users have in common');
  const users = usersWithinPercentiles(
    histories,
    allUsers(histories),
    parameters.number('min_user_history_length_percentile'),
    parameters.number('max_user_history_length_percentile'),
  );
  const counts = interactionsByItem(selectUsers(histories, users), itemCount);
  const range = percentileRange(
    counts.filter((count) => count > 0),
    parameters.number('min_item_interaction_count_percentile'),
    parameters.number('max_item_interaction_count_percentile'),
  );
  const userItems = userItemMatrix(histories, users, itemCount, (item) => counts[item] >= range.least);
  const decay = pairDecay(parameters, () => latestTimes(histories, users, userItems));
  const pairs = await coOccurrence({
    userItems,
    topN: parameters.optionalNumber('top_n') ?? defaultTopN,
    minimumCount: parameters.optionalNumber('min_copurchase_count') ?? parameters.number('min_cointeraction_count'),
    columnWeights: popularityDiscounts(userItems.indices, itemCount, parameters).map((discount, item) =>
      counts[item] > range.most ? 0 : discount,
    ),
    ...(decay && { decay }),
    threads: availableParallelism(),
    signal: progress.signal,
  });
  const related = withoutZeros(pairs);
  const popular = byPopularity(histories, itemCount);
  return {
    tensors: {
      related_offsets: { shape: [itemCount + 1], data: related.offsets },
      related_items: { shape: [related.indices.length], data: related.indices },
      popular: { shape: [itemCount], data: popular },
    },
    constants: {},
  };
}

/** The same rows, which have their best pairs first, up to the pairs that count for nothing. */
function withoutZeros({ rows, offsets, indices, values }: Csr): Pick<Csr, 'offsets' | 'indices'> {
  assert(values, 'Pairs are weighed.');
  const kept = indices.filter((_, n) => values[n] > 0);
  const shortened = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const scores = values.subarray(offsets[row], offsets[row + 1]);
    const zeros = scores.findIndex((score) => score <= 0);
    shortened[row + 1] = shortened[row] + (zeros < 0 ? scores.length : zeros);
  }
  return { offsets: shortened, indices: kept };
}

/**
 * (users of the item + epsilon) ^ −(discount · exponent): with a discount of 0 the count of common users alone decides,
 * so that popular items lead; with 1 their share among the item's users does; 0.5 orders as the cosine does.
 */
function popularityDiscounts(items: Uint32Array, itemCount: number, parameters: Parameters): Float32Array {
  const counts = new Uint32Array(itemCount);
  for (const item of items) counts[item] += 1;
  const epsilon = parameters.optionalNumber('epsilon_smoothing') ?? 0;
  const exponent =
    parameters.number('popularity_discount_factor') * (parameters.optionalNumber('exponentiation_parameter') ?? 1);
  return Float32Array.from(counts, (count) => (Math.max(count, 1) + epsilon) ** -exponent);
}

/** The 2019 guide's decay, if any of its settings is given; a half-life that is not given does not fade. */
function pairDecay(parameters: Parameters, times: () => Float64Array): PairDecay | undefined {
  const given = (name: string) => parameters.optionalNumber(name);
  const halfLives = (name: string) => ({
    fast: given(`${name}_fast_half_life`) ?? Number.POSITIVE_INFINITY,
    slow: given(`${name}_slow_half_life`) ?? Number.POSITIVE_INFINITY,
  });
  const history = halfLives('history_decay');
  const inOrder = halfLives('in_order_decay');
  const outOfOrder = halfLives('out_of_order_decay');
  const maximumGap = given('copurchase_delta') ?? Number.POSITIVE_INFINITY;
  const ages = [history, inOrder, outOfOrder].flatMap(({ fast, slow }) => [fast, slow]);
  if (![maximumGap, ...ages].some(Number.isFinite)) return undefined;
  return { times: times(), maximumGap, alpha: given('alpha') ?? 0.5, history, inOrder, outOfOrder };
}
