import { openItemSegments } from '../src/learn/families/segments/model.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import type { LearnedModel } from '../src/learn/recipes/recipe.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

export type SegmentsSize = {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  readonly factors: number;
};

const size: SegmentsSize = { users: 1_000_000, items: 10_000, interactions: 20_000_000, factors: 149 };
/** The most lines of a job, and the best hundredth of the users for each. */
const job = { items: 500, users: 10_000 };
const budget = { seconds: 60 };

/** aws-item-affinity: the segments of the users for the items of one job, on one thread. */
export async function benchSegments({ quick }: BenchOptions): Promise<BenchResult[]> {
  const items = Vocabulary.of(Array.from({ length: size.items }, (_, item) => `item-${item}`));
  const model = openItemSegments({ learned: madeUpSegments(size), items });
  const asked = quick ? 10 : job.items;
  await model.segment({ items: Uint32Array.of(0), count: job.users });
  const watch = new Stopwatch();
  for (let item = 0; item < asked; item++) await model.segment({ items: Uint32Array.of(item), count: job.users });
  const { seconds, cpuSeconds } = watch.lap();
  const scale = job.items / asked;
  return [
    {
      name: `segments: ${job.items} items over ${size.users} users, by processor time`,
      value: scale * cpuSeconds,
      unit: 's',
      limit: budget.seconds,
      detail: `${job.users} users each, ${size.factors} factors, ${size.interactions} interactions, 1 thread; ${(scale * seconds).toFixed(1)} s by the clock, ${Math.round(model.bytes / 2 ** 20)} MiB`,
    },
  ];
}

/** A model of random numbers, in which what users had counts as well. */
export function madeUpSegments({ users, items, interactions, factors }: SegmentsSize): LearnedModel {
  const random = uniforms(1);
  const vectors = (rows: number) => Float32Array.from({ length: rows * factors }, () => random() - 0.5);
  const each = interactions / items;
  const tensors = {
    item_factors: { shape: [items, factors], data: vectors(items) },
    item_features: { shape: [items, 0], data: new Float32Array() },
    user_vectors: { shape: [users, factors], data: vectors(users) },
    user_lengths: { shape: [users], data: new Uint32Array(users).fill(interactions / users) },
    item_user_offsets: { shape: [items + 1], data: Uint32Array.from({ length: items + 1 }, (_, n) => n * each) },
    item_users: {
      shape: [interactions],
      data: Uint32Array.from({ length: interactions }, () => Math.floor(users * random())),
    },
  };
  const weights = { whole: 1, recent: 1, profile: 0, activity: 0.5, own: 0.5, share: 0.5 };
  const named = Object.entries(weights).map(([name, weight]) => [`${name}_weight`, weight]);
  return { tensors, constants: { factors, ...Object.fromEntries(named) } };
}
