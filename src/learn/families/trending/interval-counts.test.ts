import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntervalCounts } from './interval-counts.ts';

const seconds = 600;
const step = 100;
const itemCount = 5;

type Interaction = { readonly item: number; readonly time: number; readonly count: number };

/** By a plain reference: steps are compared one by one. */
function expected(interactions: readonly Interaction[]) {
  const last = Math.floor(Math.max(...interactions.map(({ time }) => time)) / step);
  const within = (from: number, to: number) =>
    Array.from({ length: itemCount }, (_, item) =>
      interactions
        .filter((one) => one.item === item && Math.floor(one.time / step) > from && Math.floor(one.time / step) <= to)
        .reduce((sum, { count }) => sum + count, 0),
    );
  return { current: within(last - 6, last), previous: within(last - 12, last - 6) };
}

function read(counts: IntervalCounts) {
  const [current, previous] = [new Float64Array(itemCount), new Float64Array(itemCount)];
  counts.read(0, current, previous);
  return { current: [...current], previous: [...previous] };
}

describe('IntervalCounts', () => {
  const interaction = fc.record({
    item: fc.nat(itemCount - 1),
    // Some come long before the others, or long after.
    time: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 5000, max: 6500 }) }, fc.nat(20_000)),
    count: fc.constantFrom(1, 1, 1, 40_000),
  });

  it('counts two intervals up to the newest interaction, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(interaction, { minLength: 1, maxLength: 60 }), (interactions) => {
        const counts = new IntervalCounts(seconds);
        for (const { item, time, count } of interactions) counts.add(item, time, count);
        const plain = expected(interactions);
        expect(read(counts)).toEqual(plain);
        const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
        expect(counts.totals).toEqual([sum(plain.current), sum(plain.previous)]);
        expect(counts.newest).toBe(Math.max(...interactions.map(({ time }) => time)));
      }),
    );
  });

  it('knows how much of the newest interval there is as yet', () => {
    const counts = new IntervalCounts(seconds);
    expect(counts.totals).toEqual([0, 0]);
    counts.add(0, 1200);
    expect(counts.lengthRatio).toBeCloseTo(5 / 6);
    counts.add(0, 1250);
    expect(counts.lengthRatio).toBeCloseTo(5.5 / 6);
    expect(counts.begin).toBe(100);
  });

  it('counts parts of the items', () => {
    const counts = new IntervalCounts(seconds);
    for (const item of [1, 3, 4, 4]) counts.add(item, 1000, 70_000);
    const [current, previous] = [new Float64Array(3), new Float64Array(3)];
    counts.read(3, current, previous);
    expect([...current, ...previous]).toEqual([70_000, 140_000, 0, 0, 0, 0]);
  });
});
