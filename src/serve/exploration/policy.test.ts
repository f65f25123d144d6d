import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../learn/kernels/random.ts';
import { Candidates } from './candidates.ts';
import { mixIn } from './policy.ts';
import { CandidatePool } from './pool.ts';

const listOf = (length: number) => Array.from({ length }, (_, n) => `known-${n}`);
const newcomers = (count: number) => {
  const candidates = new Candidates();
  for (let n = 0; n < count; n++) candidates.add({ id: `new-${n}`, createdAt: 0 });
  return candidates;
};

/** Bits of candidates. */
function only(candidates: readonly number[], most = 2000): Uint32Array {
  const bits = new Uint32Array(Math.ceil(most / 32));
  for (const candidate of candidates) bits[candidate >>> 5] |= 1 << (candidate & 31);
  return bits;
}

/** Answers of a server with these candidates, of which some may be eligible only. */
function answering(
  candidates: Candidates,
  seed: number,
  logitOf: (candidate: number) => number = () => 0,
  eligible?: Uint32Array,
) {
  const random = uniforms(seed);
  const pool = new CandidatePool(random);
  pool.add(candidates.items.map((_, index) => index));
  return (items: readonly string[], count: number, rate: number, withChoices = false) => {
    const plan = pool.plan(count, rate, candidates.posterior.means, { eligible });
    if (!plan) return { items, choices: [] };
    return mixIn({
      items,
      count,
      plan,
      random,
      posterior: candidates.posterior,
      withChoices,
      logits: Float32Array.from(plan.candidates, logitOf),
      idOf: (candidate) => candidates.items[candidate]?.id ?? '',
    });
  };
}

/** How often each item is shown in so many answers. */
function shown(answer: ReturnType<typeof answering>, answers: number, count = 10, rate = 0.3): Map<string, number> {
  const times = new Map<string, number>();
  for (let n = 0; n < answers; n++) {
    for (const id of answer(listOf(count), count, rate).items) times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}

describe('an explored answer', () => {
  it('is the model’s list, in its order, with others put in', () => {
    const inputs = [fc.nat(40), fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true })] as const;
    fc.assert(
      fc.property(...inputs, fc.nat(30), fc.nat(), (length, count, rate, candidateCount, seed) => {
        const list = listOf(Math.min(length, count));
        const { items, choices } = answering(newcomers(candidateCount), seed)(list, count, rate, true);
        expect(new Set(items).size).toBe(items.length);
        expect(items.length).toBeGreaterThanOrEqual(list.length);
        expect(items.length).toBeLessThanOrEqual(count);
        const own = items.filter((id) => id.startsWith('known'));
        expect(own).toEqual(list.slice(0, own.length));
        for (const { probability } of choices) {
          expect(probability).toBeGreaterThan(0);
          expect(probability).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the model’s own at rate 0', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(), (count, seed) => {
        expect(answering(newcomers(20), seed)(listOf(count), count, 0).items).toEqual(listOf(count));
      }),
    );
  });

  it('has no candidate twice, and none that the model recommends anyway', () => {
    const candidates = new Candidates();
    candidates.add({ id: 'known-5', createdAt: 0 });
    for (let n = 0; n < 1000; n++) candidates.interaction('known-5', ['known-5', 'known-1', 'known-2']);
    expect(answering(candidates, 1)(listOf(10), 10, 1).items).toEqual(listOf(10));
  });
});

describe('feedback', () => {
  it('brings an item that is chosen more often, and one that is passed over less often', () => {
    const candidates = newcomers(5);
    const before = shown(answering(candidates, 1), 2000);
    const impression = [...listOf(8), 'new-0', 'new-1'];
    // Of fifty lists with both, one is chosen from thirty, the other from none.
    for (let n = 0; n < 50; n++) candidates.interaction(n < 30 ? 'new-0' : 'known-3', impression);
    const after = shown(answering(candidates, 1), 2000);
    const share = (times: Map<string, number>, id: string) => (times.get(id) ?? 0) / 2000;
    expect(share(after, 'new-0')).toBeGreaterThan(1.5 * share(before, 'new-0'));
    expect(share(after, 'new-1')).toBeLessThan(0.2 * share(before, 'new-1'));
  });

  it('keeps a good item in sight among thousands', () => {
    const candidates = newcomers(2000);
    const before = shown(answering(candidates, 1), 1000).get('new-1321') ?? 0;
    for (let n = 0; n < 30; n++) candidates.interaction('new-1321', [...listOf(9), 'new-1321']);
    expect(before).toBeLessThan(20);
    expect(shown(answering(candidates, 1), 1000).get('new-1321')).toBeGreaterThan(500);
  });

  it('brings an item to those who are likely to like it', () => {
    const candidates = newcomers(20);
    const times = shown(
      answering(candidates, 1, (candidate) => (candidate < 5 ? 2 : 0)),
      2000,
    );
    const of = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => times.get(`new-${from + n}`) ?? 0).reduce((a, b) => a + b) /
      (to - from);
    expect(of(0, 5)).toBeGreaterThan(3 * of(5, 20));
  });

  it('ends for an item that has grown old', () => {
    const candidates = new Candidates();
    candidates.add({ id: 'old', createdAt: 100 });
    candidates.add({ id: 'new', createdAt: 200 });
    candidates.retireBefore(150);
    const times = shown(answering(candidates, 1), 500);
    expect(times.get('old')).toBeUndefined();
    expect(times.get('new')).toBeGreaterThan(100);
    candidates.interaction('old', []);
    expect(shown(answering(candidates, 1), 500).get('old')).toBeUndefined();
  });
});

describe('a filter', () => {
  it('keeps candidates out that do not pass it, and changes nothing else of a list', () => {
    const some = fc.uniqueArray(fc.nat(29));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), some, fc.nat(), (count, passing, seed) => {
        const answer = answering(newcomers(30), seed, () => 0, only(passing));
        for (const { items, choices } of Array.from({ length: 5 }, () => answer(listOf(count), count, 0.8, true))) {
          const brought = items.filter((item) => item.startsWith('new'));
          expect(brought.filter((item) => !passing.includes(Number(item.slice(4))))).toEqual([]);
          expect(items.filter((item) => item.startsWith('known'))).toEqual(listOf(count - brought.length));
          const chosen = choices.filter(({ explored }) => explored).map(({ itemId }) => itemId);
          expect(chosen).toEqual(brought);
          expect(choices.every(({ probability }) => probability > 0 && probability <= 1)).toBe(true);
        }
      }),
    );
  });

  it('explores nothing where no candidate passes it', () => {
    const answer = answering(newcomers(300), 1, () => 0, only([]));
    expect(answer(listOf(10), 10, 1, true)).toEqual({ items: listOf(10), choices: [] });
    // A candidate that came after the filter was evaluated.
    const early = answering(newcomers(65), 1, () => 0, new Uint32Array(2));
    expect(early(listOf(10), 10, 1).items).toEqual(listOf(10));
  });

  it('has few candidates of many shown alike, as often as if there were no others', () => {
    const passing = [3, 700, 1321, 1999];
    const filtered = shown(
      answering(newcomers(2000), 1, () => 0, only(passing)),
      4000,
    );
    const alone = shown(answering(newcomers(4), 2), 4000);
    const times = passing.map((candidate) => filtered.get(`new-${candidate}`) ?? 0);
    const timesAlone = [0, 1, 2, 3].map((candidate) => alone.get(`new-${candidate}`) ?? 0);
    const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other);
    expect(sum(times)).toBeGreaterThan(1000);
    for (const each of times) expect(each / (sum(times) / 4)).toBeCloseTo(1, 0.5);
    expect(sum(times) / sum(timesAlone)).toBeCloseTo(1, 0.7);
  });

  it('keeps a good item in sight that passes it, and another one not', () => {
    const candidates = newcomers(2000);
    const impression = [...listOf(8), 'new-1321', 'new-5'];
    for (let n = 0; n < 60; n++) candidates.interaction(n % 2 === 0 ? 'new-1321' : 'new-5', impression);
    const even = only(Array.from({ length: 1000 }, (_, n) => 2 * n));
    const passed = only(Array.from({ length: 1000 }, (_, n) => 2 * n + 1));
    const times = (eligible: Uint32Array) =>
      shown(
        answering(candidates, 1, () => 0, eligible),
        1000,
      );
    expect(times(passed).get('new-1321')).toBeGreaterThan(500);
    expect(times(even).get('new-1321')).toBeUndefined();
  });
});

describe('a stated probability', () => {
  it.each([
    { name: 'of all', more: 0 },
    { name: 'that pass a filter', more: 900 },
  ])('is how often that comes about where a place is explored, among candidates $name', ({ more }) => {
    const candidates = newcomers(6 + more);
    for (let n = 0; n < 12; n++) candidates.interaction(n < 6 ? 'new-0' : 'known-1', [...listOf(4), 'new-0', 'new-1']);
    const answer = answering(
      candidates,
      3,
      (candidate) => candidate / 4,
      more > 0 ? only([0, 1, 2, 3, 4, 5]) : undefined,
    );
    const stated = new Map<string, number>();
    const times = new Map<string, number>();
    for (let n = 0; n < 10_000; n++) {
      const [first] = answer(listOf(1), 1, 1, true).choices;
      if (!first) throw new Error('A place that was explored has no choice.');
      times.set(first.itemId, (times.get(first.itemId) ?? 0) + 1);
      stated.set(first.itemId, first.probability);
    }
    expect([...stated.keys()].toSorted()).toEqual(['known-0', ...candidates.items.slice(0, 6).map(({ id }) => id)]);
    for (const [id, probability] of stated) expect((times.get(id) ?? 0) / 10_000).toBeCloseTo(probability, 1.8);
  });

  it('is above 0 however unlikely what has come about', () => {
    const candidates = newcomers(20);
    const impression = [...listOf(5), ...candidates.items.map(({ id }) => id)];
    for (let n = 0; n < 60; n++) candidates.interaction(n % 3 === 0 ? 'known-1' : `new-${n % 4}`, impression);
    const answer = answering(candidates, 6);
    const stated = Array.from({ length: 500 }, () => answer(listOf(10), 10, 1, true).choices).flat();
    expect(stated.filter(({ probability }) => !(probability > 0 && probability <= 1))).toEqual([]);
    expect(Math.min(...stated.map(({ probability }) => probability))).toBeLessThan(0.001);
  });

  it.each([
    { name: 'all', more: 0 },
    { name: 'those that pass a filter', more: 300 },
  ])('judges other policies without having them run, among $name', ({ more }) => {
    // Of 100 candidates only some are looked at for an answer. A policy that always shows one item is worth what that
    // is worth.
    const passing = only(Array.from({ length: 100 }, (_, n) => n));
    const answer = answering(newcomers(100 + more), 4, () => 0, more > 0 ? passing : undefined);
    let [newOne, ownItem] = [0, 0];
    const answers = 15_000;
    for (let n = 0; n < answers; n++) {
      const [first] = answer(listOf(1), 1, 1, true).choices;
      if (first?.itemId === 'new-7') newOne += 0.2 / first.probability;
      if (first?.itemId === 'known-0') ownItem += 0.5 / first.probability;
    }
    expect(newOne / answers).toBeCloseTo(0.2, 1.1);
    expect(ownItem / answers).toBeCloseTo(0.5, 1.3);
  });
});

it('loses less than exploring at random, and finds the best', () => {
  // Users choose among ten items in proportion to these; of forty new ones four are three times as good as the known
  // ones.
  const worth = (id: string) => (id.startsWith('known') ? 1 : Number(id.slice(4)) % 10 === 0 ? 3 : 0.2);
  const random = uniforms(11);
  const choose = (items: readonly string[]) => {
    let left = random() * items.reduce((sum, id) => sum + worth(id), 10);
    return items.find((id) => {
      left -= worth(id);
      return left < 0;
    });
  };
  const play = (learns: boolean) => {
    const candidates = newcomers(40);
    const answer = answering(candidates, 5);
    const chosen: number[] = [0, 0];
    for (let n = 0; n < 6000; n++) {
      const { items } = answer(listOf(10), 10, 0.3);
      const item = choose(items);
      if (item === undefined) continue;
      chosen[n < 3000 ? 0 : 1] += 1;
      if (learns) candidates.interaction(item, items);
    }
    return chosen;
  };
  let alone = 0;
  for (let n = 0; n < 3000; n++) if (choose(listOf(10)) !== undefined) alone++;
  const [, learnt = 0] = play(true);
  const [, atRandom = 0] = play(false);
  expect(atRandom).toBeLessThan(alone);
  expect(learnt).toBeGreaterThan(1.1 * alone);
});
