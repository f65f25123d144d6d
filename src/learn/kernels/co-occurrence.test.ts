import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coOccurrence, type PairDecay } from './co-occurrence.ts';
import { csrOf, csrs, rowOf } from './csr.arbitrary.ts';
import { type Csr, transpose } from './csr.ts';
import { uniforms } from './random.ts';

type Row = { item: number; score: number }[];
const day = 86_400;

const settings = fc.record({
  topN: fc.integer({ min: 1, max: 8 }),
  minimumCount: fc.integer({ min: 0, max: 3 }),
  threads: fc.integer({ min: 1, max: 2 }),
});
/** Few runs, for each starts threads; large matrices instead. */
const runs = { numRuns: 8 };
const matrices = csrs({ values: false, maxRows: 40, maxColumns: 40 });

test('counts the users who have both items, as the reference implementation does', async () => {
  await fc.assert(
    fc.asyncProperty(matrices, settings, async (userItems, setting) => {
      const result = await coOccurrence({ userItems, ...setting });
      expectRows(
        result,
        reference(userItems, setting, () => 1),
      );
    }),
    runs,
  );
});

test('counts the same in many columns of which a row touches few', async () => {
  await fc.assert(
    fc.asyncProperty(csrs({ values: false, maxRows: 10, maxColumns: 400 }), settings, async (userItems, setting) => {
      const wide = { ...userItems, columns: userItems.columns + 20_000 };
      const result = await coOccurrence({ userItems: wide, itemUsers: transpose(wide), ...setting });
      expectRows(
        result,
        reference(wide, setting, () => 1),
      );
    }),
    { numRuns: 4 },
  );
});

test('multiplies by the weights of columns', async () => {
  await fc.assert(
    fc.asyncProperty(matrices, settings, async (userItems, setting) => {
      const columnWeights = Float32Array.from({ length: userItems.columns }, (_, item) => 2 ** -(item % 3));
      const result = await coOccurrence({ userItems, ...setting, columnWeights });
      expectRows(
        result,
        reference(userItems, setting, (_, j) => columnWeights[j]),
      );
    }),
    runs,
  );
});

test('weighs pairs by the days between them, their order and their age', async () => {
  const halfLives = fc.record({ fast: fc.constantFrom(0, 3, 30), slow: fc.constantFrom(10, Number.POSITIVE_INFINITY) });
  const decays = fc.record({
    maximumGap: fc.constantFrom(0, 2, 10, Number.POSITIVE_INFINITY),
    alpha: fc.constantFrom(0, 0.5, 1),
    inOrder: halfLives,
    outOfOrder: halfLives,
    history: halfLives,
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(matrices, settings, decays, async (userItems, setting, { seed, ...rest }) => {
      const uniform = uniforms(seed);
      const times = Float64Array.from(userItems.indices, () => 1.6e9 + Math.floor(uniform() * 20 * day));
      const decay: PairDecay = { ...rest, times };
      const result = await coOccurrence({ userItems, ...setting, decay });
      expectRows(result, reference(userItems, setting, pairWeight(decay)));
    }),
    runs,
  );
});

test('an item bought after another is recommended beside it more than the other way round', async () => {
  const userItems = csrOf(2, [
    [0, 1],
    [0, 1],
    [1, 0],
  ]);
  // Everybody takes item 1 ten days after item 0.
  const times = Float64Array.from([0, 10, 0, 10, 10, 0], (n) => n * day);
  const result = await coOccurrence({
    userItems,
    topN: 1,
    minimumCount: 1,
    threads: 1,
    decay: {
      times,
      maximumGap: 30,
      alpha: 0.5,
      history: { fast: Infinity, slow: Infinity },
      inOrder: { fast: 20, slow: 20 },
      outOfOrder: { fast: 5, slow: 5 },
    },
  });
  expect([...result.indices]).toEqual([1, 0]);
  expect(result.values?.[0]).toBeCloseTo(3 * 2 ** -0.5);
  expect(result.values?.[1]).toBeCloseTo(3 * 2 ** -2);
});

test('an abort ends the work with the reason', async () => {
  const everything = Array.from({ length: 1500 }, (_, item) => item);
  const userItems = csrOf(
    1500,
    Array.from({ length: 1500 }, () => everything),
  ); // 3.4 billion pairs
  const signal = AbortSignal.timeout(200);
  await expect(coOccurrence({ userItems, topN: 5, minimumCount: 1, threads: 2, signal })).rejects.toThrow('timeout');
});

function pairWeight(decay: PairDecay) {
  const newest = Math.max(...decay.times);
  const fade = (days: number, { fast, slow }: { fast: number; slow: number }) => {
    const left = (halfLife: number) => (days === 0 ? 1 : 2 ** (-days / halfLife));
    return decay.alpha * left(fast) + (1 - decay.alpha) * left(slow);
  };
  return (_i: number, _j: number, entryI: number, entryJ: number) => {
    const [first, second] = [decay.times[entryI], decay.times[entryJ]];
    const gap = Math.abs(second - first) / day;
    if (gap > decay.maximumGap) return undefined;
    const order = second >= first ? decay.inOrder : decay.outOfOrder;
    const age = Math.floor((newest - Math.max(first, second)) / day);
    return fade(Math.floor(gap), order) * fade(age, decay.history);
  };
}

/** Every pair of every user, added up in a map; `weight` says what a pair adds, undefined that it does not count. */
function reference(
  userItems: Csr,
  { topN, minimumCount }: { topN: number; minimumCount: number },
  weight: (i: number, j: number, entryI: number, entryJ: number) => number | undefined,
): Row[] {
  const rows = Array.from({ length: userItems.columns }, () => new Map<number, { count: number; score: number }>());
  for (let user = 0; user < userItems.rows; user++) {
    const begin = userItems.offsets[user];
    rowOf(userItems, user).forEach((i, n) => {
      rowOf(userItems, user).forEach((j, m) => {
        const added = i === j ? undefined : weight(i, j, begin + n, begin + m);
        if (added === undefined) return;
        const { count, score } = rows[i]?.get(j) ?? { count: 0, score: 0 };
        rows[i]?.set(j, { count: count + 1, score: score + added });
      });
    });
  }
  return rows.map((row) =>
    [...row]
      .filter(([, { count }]) => count >= minimumCount)
      .map(([item, { score }]) => ({ item, score }))
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, topN),
  );
}

/** The same scores in the same order; items too, but where rounding may have swapped two near equals. */
function expectRows(actual: Csr, expected: Row[]): void {
  expect(actual.rows).toBe(expected.length);
  expected.forEach((row, item) => {
    const begin = actual.offsets[item];
    expect(actual.offsets[item + 1] - begin).toBe(row.length);
    row.forEach(({ item: other, score }, rank) => {
      expect(actual.values?.[begin + rank]).toBeCloseTo(score, 4);
      const alone = row.every(
        (entry) => entry.item === other || Math.abs(entry.score - score) > 1e-4 || Number.isInteger(score),
      );
      if (alone && rank < row.length - 1) expect(actual.indices[begin + rank]).toBe(other);
    });
  });
}
