import { setImmediate as letOthersRun } from 'node:timers/promises';
import { allUsers } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import { maskWithout } from '../../learn/model/item-mask.ts';
import type { Progress } from '../../util/progress.ts';
import { nearestItems } from '../baselines/item-knn.ts';
import type { Ranker } from '../candidate-model.ts';
import { EvaluationError } from '../evaluation-error.ts';
import type { Measurement } from '../measure.ts';
import type { ItemRecords } from '../readers/item-records.ts';
import type { Trial } from '../trial.ts';

/** Of items that fewer had, it says little who had them. */
const leastInteractions = 20;
/** Items nearest to one by who had them: its co-watched ones. */
const coWatched = 25;
const batchSize = 256;

/**
 * How much the items beside each item that at least 20 interactions are with have in common with it: `category@k`, the
 * share of the first k, or of as many as there are, that have one of its categories, and `coWatched@k`, how many of the
 * first k are among the 25 nearest to it by who had them (the cosine of the baseline item-knn).
 *
 * @throws EvaluationError if no such item has a category
 */
export async function measureSimilarTexts(
  ranker: Ranker,
  trial: Trial,
  ks: readonly number[],
  progress: Progress,
): Promise<Measurement> {
  const { training, items, counts } = trial;
  const categories = categoriesOf(trial.itemRecords);
  const seeds = Array.from(counts.keys()).filter(
    (item) => counts[item] >= leastInteractions && (categories[item]?.size ?? 0) > 0,
  );
  if (seeds.length === 0) {
    throw new EvaluationError(
      `No item with at least ${leastInteractions} interactions has a category: name a column as "categorical": true in --items-schema.`,
    );
  }
  const near = await nearestItems(userItemMatrix(training, allUsers(training), items.size), progress);
  const recommended = ks.map(() => new Uint8Array(items.size));
  const sums = ks.map(() => ({ category: 0, coWatched: 0 }));
  for (let begin = 0; begin < seeds.length; begin += batchSize) {
    progress.report(begin / seeds.length, 'ranking');
    await letOthersRun();
    progress.signal.throwIfAborted();
    const batch = seeds.slice(begin, begin + batchSize);
    const lists = await ranker.rank(
      batch.map((seed) => questionOf(seed, items.size)),
      Math.max(...ks),
    );
    batch.forEach((seed, at) => {
      const { offsets, indices } = near;
      const companions = new Set(
        indices.subarray(offsets[seed], Math.min(offsets[seed] + coWatched, offsets[seed + 1])),
      );
      ks.forEach((k, n) => {
        const list = lists[at].subarray(0, k);
        for (const item of list) recommended[n][item] = 1;
        sums[n].category +=
          list.filter((item) => share(categories[seed], categories[item])).length / Math.max(list.length, 1);
        sums[n].coWatched += list.filter((item) => companions.has(item)).length;
      });
    });
  }
  const metrics = ks.flatMap((k, n) => [
    [`category@${k}`, sums[n].category / seeds.length] as const,
    [`coWatched@${k}`, sums[n].coWatched / seeds.length] as const,
    [`coverage@${k}`, recommended[n].reduce((sum, one) => sum + one, 0) / items.size] as const,
  ]);
  return { queries: seeds.length, metrics: Object.fromEntries(metrics), segments: {} };
}

const questionOf = (seed: number, size: number) => ({
  input: { items: Uint32Array.of(seed), timestamps: Float64Array.of(0), codes: [] },
  eligible: maskWithout(size, [seed]),
});

/** The values of all columns of categories, by item. */
function categoriesOf(records: ItemRecords | undefined): readonly ReadonlySet<string>[] {
  if (records === undefined) return [];
  const { schema, columns, rows } = records;
  const isCategory = columns.map((name) => schema.fields.some((field) => field.name === name && field.categorical));
  return rows.map((cells) => {
    const values = cells.flatMap((cell, n) => (isCategory[n] && typeof cell === 'string' ? cell.split('|') : []));
    return new Set(values.filter((value) => value.trim() !== ''));
  });
}

const share = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].some((value) => other.has(value));
