import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openForward } from '../src/learn/families/transformer/encoder/forward.ts';
import { openTransformer } from '../src/learn/families/transformer/model.ts';
import { VectorRanker } from '../src/learn/kernels/vector-ranker.ts';
import type { Model } from '../src/learn/model/model.ts';
import { byIds } from '../src/learn/model/model-by-ids.ts';
import { float32Tensor } from '../src/learn/model/model-content.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import type { LearnedModel } from '../src/learn/recipes/recipe.ts';
import { sessionOptions } from '../src/learn/tensor/index.ts';
import { madeUpHistory, madeUpTransformer, width } from './made-up-transformer.ts';
import { median, quantile } from './median.ts';
import { productShareOf } from './product-share.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const size = { items: 27_000, users: 1024, history: 50 };
const together = 256;
const count = 25;
/** Batches until the compiler has done its work. */
const warmUps = 10;
const budget = { milliseconds: 1, usersPerSecond: 3000 };

/**
 * aws-user-personalization-v2 without a server around it, one thread: one recommendation at a time, and those of many
 * users at once.
 */
export async function benchScoring({ quick }: BenchOptions): Promise<BenchResult[]> {
  const learned = await madeUpTransformer(size);
  const items = Vocabulary.of(Array.from({ length: size.items }, (_, item) => `item-${item}`));
  const users = Vocabulary.of(Array.from({ length: size.users }, (_, user) => `user-${user}`));
  const model = byIds(await openTransformer({ learned, items, users }));
  const one = await timeOne(model, quick ? 50 : 1000);
  const batches = await timeBatches(model, quick ? 2 : 60);
  const share = await productShare(learned, median(batches.map(({ cpuSeconds }) => cpuSeconds)));
  const rate = together / median(batches.map(({ cpuSeconds }) => cpuSeconds));
  const byTheClock = together / median(batches.map(({ seconds }) => seconds));
  const detail = `${size.items} items, histories of ${size.history}, ${count} results, 1 thread`;
  return [
    {
      name: 'scoring: one recommendation, p50',
      value: median(one),
      unit: 'ms',
      limit: budget.milliseconds,
      detail: `${detail}; p10 ${quantile(one, 0.1).toFixed(2)} ms, p90 ${quantile(one, 0.9).toFixed(2)} ms`,
    },
    {
      name: `scoring: ${together} users at once, by processor time`,
      value: rate,
      unit: 'users/s',
      least: budget.usersPerSecond,
      detail: `${detail}; ${Math.round(byTheClock)} users/s by the clock; matrix products take ${Math.round(100 * share)} %`,
    },
  ];
}

async function timeOne(model: Model, requests: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < 2 * requests; n++) {
    const began = performance.now();
    await model.recommend({ userId: `user-${n % size.users}`, count });
    // The first half warms up.
    if (n >= requests) times.push(performance.now() - began);
  }
  return times;
}

async function timeBatches(model: Model, batches: number) {
  const laps: ReturnType<Stopwatch['lap']>[] = [];
  for (let n = -warmUps; n < batches; n++) {
    const users = Array.from({ length: together }, (_, user) => (n + warmUps + user * 3) % size.users);
    const stopwatch = new Stopwatch();
    await Promise.all(users.map((user) => model.recommend({ userId: `user-${user}`, count })));
    if (n >= 0) laps.push(stopwatch.lap());
  }
  return laps;
}

/**
 * The share of the processor time of a batch, `seconds`, that the products of matrices take: the encoder's, and users
 * by items.
 */
async function productShare(learned: LearnedModel, seconds: number): Promise<number> {
  const forward = await openForward(learned, width);
  const ranker = new VectorRanker(float32Tensor(learned, 'items.table'), width);
  const queries = Array.from({ length: together }, (_, user) => ({
    history: madeUpHistory(learned, user),
    condition: new Uint8Array(),
  }));
  const encoding: number[] = [];
  const multiplying: number[] = [];
  for (let n = 0; n < 5; n++) {
    const stopwatch = new Stopwatch();
    const vectors = await forward(queries);
    encoding.push(stopwatch.lap().cpuSeconds);
    const clear = (starts: Float32Array) => starts.fill(0);
    ranker.rank(
      vectors.map((vector) => ({ vector, begin: clear })),
      1,
      { summing: false },
    );
    multiplying.push(stopwatch.lap().cpuSeconds);
  }
  return ((await encoderShare(learned)) * median(encoding) + median(multiplying)) / seconds;
}

async function encoderShare(learned: LearnedModel): Promise<number> {
  const graph = learned.graphs?.encoder_of_many;
  if (!graph) throw new Error('The made-up model lacks a graph.');
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const session = await InferenceSession.create(
      graph,
      sessionOptions({ threads: 1, profile: join(folder, 'profile') }),
    );
    const feeds = Object.fromEntries(session.inputMetadata.map((input) => [input.name, filled(input)]));
    for (let n = 0; n < 100; n++) await session.run(feeds);
    session.endProfiling();
    return await productShareOf(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filled(input: InferenceSession.ValueMetadata): Tensor {
  if (!input.isTensor) throw new Error(`${input.name} is no tensor.`);
  const shape = input.shape.map(Number);
  const length = shape.reduce((product, axis) => product * axis, 1);
  return input.type === 'int32'
    ? new Tensor('int32', new Int32Array(length), shape)
    : new Tensor('float32', new Float32Array(length).fill(0.1), shape);
}
