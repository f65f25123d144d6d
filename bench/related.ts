import { availableParallelism } from 'node:os';
import { openSimilarItems } from '../src/learn/families/similar-items/model.ts';
import { emptyHistories, type Histories } from '../src/learn/histories/histories.ts';
import type { Csr } from '../src/learn/kernels/csr.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { maskWhere } from '../src/learn/model/item-mask.ts';
import type { RelatedItemsModel } from '../src/learn/model/item-model.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { resolveParameters } from '../src/learn/recipes/parameters.ts';
import { similarItems } from '../src/learn/recipes/similar-items.ts';
import { generateInteractions, movieLensLike, quickSize } from './generated-interactions.ts';
import { quantile } from './median.ts';
import { runImplicit } from './peers/implicit.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const neighbours = 100;
const answers = 20_000;
const count = 25;

/** Training of aws-similar-items beside implicit's item-kNN, and its answers among a million items. */
export async function benchRelated({ quick }: BenchOptions): Promise<BenchResult[]> {
  return [...(await benchAnswers(quick ? 50_000 : 1_000_000)), ...(await benchTraining(quick))];
}

async function benchTraining(quick: boolean): Promise<BenchResult[]> {
  const userItems = generateInteractions(quick ? quickSize : movieLensLike);
  const threads = availableParallelism();
  const peer = await runImplicit(userItems, { model: 'co-occurrence', threads, size: neighbours, iterations: 1 });
  const theirs = peer.seconds[0] ?? Number.NaN;
  const histories = historiesOf(userItems);
  const stopwatch = new Stopwatch();
  await similarItems.learn({
    histories,
    itemCount: userItems.columns,
    parameters: resolveParameters(similarItems, {}),
    seed: 1,
    progress: { report: () => {}, signal: new AbortController().signal },
  });
  const { seconds, cpuSeconds } = stopwatch.lap();
  const size = `${userItems.indices.length} interactions, ${userItems.rows} users, ${userItems.columns} items`;
  return [
    {
      name: 'related: a training of aws-similar-items',
      value: seconds,
      unit: 's',
      ratio: seconds / theirs,
      limit: 2,
      detail: `${size}, ${threads} threads; implicit ${theirs.toFixed(1)} s; CPU ${cpuSeconds.toFixed(1)} s, implicit ${peer.cpuSeconds.toFixed(1)} s`,
    },
    {
      name: 'related: peak memory of it',
      value: process.resourceUsage().maxRSS / 2 ** 20,
      unit: 'GiB',
      detail: 'the whole process, data and the answers before it included',
    },
  ];
}

/** The matrix as histories, in the order of the items, one interaction a minute; most popular items first. */
function historiesOf({ rows, columns, offsets, indices }: Csr): Histories {
  const counts = new Uint32Array(columns);
  for (const item of indices) counts[item] = (counts[item] ?? 0) + 1;
  const order = Uint32Array.from({ length: columns }, (_, item) => item).sort(
    (one, other) => (counts[other] ?? 0) - (counts[one] ?? 0),
  );
  const rank = new Uint32Array(columns);
  order.forEach((item, n) => {
    rank[item] = n;
  });
  const histories = emptyHistories(rows, indices.length);
  histories.offsets.set(offsets);
  histories.items.set(indices.map((item) => rank[item] ?? 0));
  histories.timestamps.set(Float64Array.from(indices, (_, n) => 60 * n));
  return histories;
}

/** Of a made-up model, asked about items at random, with and without a filter that half of the items pass. */
async function benchAnswers(items: number): Promise<BenchResult[]> {
  const model = madeUpModel(items);
  const eligible = maskWhere(items, (item) => item % 2 === 0);
  const random = uniforms(2);
  const results: BenchResult[] = [];
  for (const filter of [undefined, eligible]) {
    const times: number[] = [];
    for (let n = 0; n < answers; n++) {
      const item = Math.floor(items * random());
      const began = performance.now();
      await model.recommend({ item, count, eligible: filter });
      times.push(performance.now() - began);
    }
    results.push({
      name: `related: p99 of an answer${filter ? ' under a filter' : ''}`,
      value: quantile(times, 0.99),
      unit: 'ms',
      limit: 5,
      detail: `${items.toLocaleString('en')} items, ${count} results, ${answers.toLocaleString('en')} answers, 1 thread; the model ${(model.bytes / 2 ** 30).toFixed(2)} GiB`,
    });
  }
  return results;
}

function madeUpModel(items: number): RelatedItemsModel {
  const most = 100;
  const random = uniforms(1);
  const draw = () => Math.floor(items * random());
  return openSimilarItems({
    items: Vocabulary.of(Array.from({ length: items }, (_, item) => `item-${item}`)),
    learned: {
      tensors: {
        related_offsets: { shape: [items + 1], data: Uint32Array.from({ length: items + 1 }, (_, n) => n * most) },
        related_items: { shape: [items * most], data: new Uint32Array(items * most).map(draw) },
        related_scores: { shape: [items * most], data: new Float32Array(items * most).map(random) },
        log_popularity: { shape: [items], data: new Float32Array(items).map(random) },
        popular: { shape: [items], data: Uint32Array.from({ length: items }, (_, item) => item) },
      },
      constants: { popularity_weight: 0.3, popularity_weight_cold: 0.6, interacted_items: items },
    },
  });
}
