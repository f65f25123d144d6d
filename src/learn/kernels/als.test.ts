import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlsFactors, type AlsOptions, trainAls } from './als.ts';
import { ridge } from './als-problem.ts';
import { csrOf, csrs, rowOf } from './csr.arbitrary.ts';
import type { Csr } from './csr.ts';
import { FoldIn } from './fold-in.ts';
import { dotOf, foldIn, rowsOf } from './linear-algebra.reference.ts';
import { uniforms } from './random.ts';
import { topK } from './top-k.ts';
import { VectorRanker } from './vector-ranker.ts';

/** Users of three kinds, each of whom takes about 4 in 10 of the 30 items of their kind. */
function plantedBlocks(users: number): Csr {
  const uniform = uniforms(7);
  const items = (user: number) => Array.from({ length: 30 }, (_, n) => (user % 3) * 30 + n);
  return csrOf(
    90,
    Array.from({ length: users }, (_, user) => items(user).filter(() => uniform() < 0.4)),
  );
}

const blocks = plantedBlocks(300);
const options: AlsOptions = {
  userItems: blocks,
  factors: 10,
  regularization: 0.01,
  alpha: 0.1,
  iterations: 8,
  seed: 3,
  threads: 1,
};

test('ALS finds planted blocks: unseen items of the own block come before all others', async () => {
  const { itemFactors, userFactors } = await trainAls({ ...options, factors: 3 });
  const ranker = new VectorRanker(itemFactors, 3);
  for (const user of [0, 1, 2, 299]) {
    const unseen = 30 - rowOf(blocks, user).length;
    const scores = ranker.products(userFactors.subarray(user * 3, user * 3 + 3));
    for (const item of rowOf(blocks, user)) scores[item] = Number.NEGATIVE_INFINITY;
    const best = topK(scores, unseen);
    expect([...best].map((item) => Math.floor(item / 30))).toEqual(new Array(unseen).fill(user % 3));
  }
});

test('the loss falls with every iteration', async () => {
  const losses: number[] = [];
  for (let iterations = 0; iterations <= 4; iterations++) {
    losses.push(lossOf(await trainAls({ ...options, iterations }), options));
  }
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
  expect(losses[4]).toBeLessThan(0.8 * losses[0]);
});

test('a trained user has the vector that fold-in gives for the history', async () => {
  for (const userItems of [blocks, weighted(blocks)]) {
    const { itemFactors, userFactors } = await trainAls({ ...options, userItems });
    const foldIn = new FoldIn({ ...options, itemFactors });
    for (let user = 0; user < 300; user += 37) {
      const [begin, end] = [userItems.offsets[user], userItems.offsets[user + 1]];
      const vector = foldIn.userVector(userItems.indices.subarray(begin, end), userItems.values?.subarray(begin, end));
      vector.forEach((value, n) => {
        expect(value).toBeCloseTo(userFactors[user * 10 + n], 4);
      });
    }
  }
});

test('user factors solve the user step, as the reference implementation does, for any matrix, weights and number of factors', async () => {
  const problems = fc.record({
    userItems: csrs({ values: true, maxRows: 12, maxColumns: 12 }),
    factors: fc.integer({ min: 1, max: 20 }),
    frequencyExponent: fc.constantFrom(0, 0.5, 1),
  });
  await fc.assert(
    fc.asyncProperty(problems, async (problem) => {
      const all = { ...options, ...problem, regularization: 0.1, iterations: 1 };
      const { itemFactors, userFactors } = await trainAls(all);
      const items = rowsOf(itemFactors, problem.factors);
      rowsOf(userFactors, problem.factors).forEach((actual, user) => {
        const { offsets, values } = problem.userItems;
        const weights = [...(values?.subarray(offsets[user], offsets[user + 1]) ?? [])];
        const expected = foldIn(all, items, rowOf(problem.userItems, user), weights);
        expected.forEach((value, n) => {
          expect(actual[n]).toBeCloseTo(value, 3);
        });
      });
    }),
    { numRuns: 15 },
  );
});

test('item factors are the same whether or not user factors are wanted', async () => {
  const { itemFactors } = await trainAls(options);
  const alone = await trainAls({ ...options, wantsUsers: false });
  expect(alone.itemFactors).toEqual(itemFactors);
  expect(alone.userFactors).toHaveLength(0);
});

test('the result depends on the seed and not on the number of threads', async () => {
  const large = { ...options, userItems: plantedBlocks(3000), iterations: 2 };
  const one = await trainAls({ ...large, threads: 1 });
  const two = await trainAls({ ...large, threads: 2 });
  const other = await trainAls({ ...large, threads: 2, seed: 4 });
  expect(two).toEqual(one);
  expect(other.itemFactors).not.toEqual(one.itemFactors);
});

test('item factors to begin with take the place of random ones', async () => {
  const { itemFactors } = await trainAls(options);
  const untouched = await trainAls({ ...options, itemFactors, iterations: 0, seed: 99 });
  expect(untouched.itemFactors).toEqual(itemFactors);
  const wrong = trainAls({ ...options, itemFactors: itemFactors.subarray(1) });
  await expect(wrong).rejects.toThrow('90 items × 10 factors were expected');
});

test('users and items without interactions get zeros', async () => {
  const { itemFactors, userFactors } = await trainAls({ ...options, userItems: csrOf(3, [[0, 2], []]), factors: 2 });
  expect([...userFactors.subarray(2)]).toEqual([0, 0]);
  expect([...itemFactors.subarray(2, 4)]).toEqual([0, 0]);
  expect(itemFactors[0]).not.toBe(0);
});

test('an abort ends a training that would take days, with the reason', async () => {
  const controller = new AbortController();
  const training = trainAls({
    ...options,
    userItems: plantedBlocks(3000),
    iterations: 1_000_000,
    threads: 2,
    signal: controller.signal,
    onIteration: (done) => {
      if (done !== 2) return;
      setTimeout(() => controller.abort(new Error('no longer wanted')), 20);
    },
  });
  await expect(training).rejects.toThrow('no longer wanted');
  await expect(trainAls({ ...options, signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never');
});

test('iterations are reported one by one', async () => {
  const reports: string[] = [];
  await trainAls({ ...options, iterations: 3, onIteration: (done, of) => reports.push(`${done}/${of}`) });
  expect(reports).toEqual(['1/3', '2/3', '3/3']);
});

function weighted(csr: Csr): Csr {
  return { ...csr, values: Float32Array.from(csr.indices, (_, entry) => 0.5 + (entry % 5)) };
}

/** The objective, term by term as als-problem.ts has it. */
function lossOf({ itemFactors, userFactors }: AlsFactors, problem: AlsOptions): number {
  const { userItems, factors, alpha } = problem;
  const users = rowsOf(userFactors, factors);
  const items = rowsOf(itemFactors, factors);
  const counts = new Uint32Array(items.length);
  for (const item of userItems.indices) counts[item] += 1;
  let loss = 0;
  users.forEach((user, row) => {
    const history = rowOf(userItems, row);
    for (const item of items) loss += alpha * dotOf(user, item) ** 2;
    for (const item of history) loss += (dotOf(user, items[item] ?? new Float64Array()) - 1) ** 2;
    loss += ridge(problem, history.length, items.length) * dotOf(user, user);
  });
  items.forEach((item, column) => {
    loss += ridge(problem, counts[column], users.length) * dotOf(item, item);
  });
  return loss;
}
