import { describe, expect, it } from 'vitest';
import { gapsOf } from '../encoder/time-gaps.ts';
import { historiesOf } from '../transformer.fixture.ts';
import { type SignalKind, SignalReader, signalsOf } from './item-signals.ts';

const { signal } = new AbortController();
const users = [
  [0, 1, 2],
  [0, 1, 3],
  [0, 2],
  [4, 4, 5],
];

async function logits(kind: SignalKind, ...history: number[]) {
  const reader = new SignalReader(await signalsOf(historiesOf(users), 7, signal), 7);
  reader.add(kind, Uint32Array.from(history), 1);
  return new Map([...reader.logits.entries()].filter(([, logit]) => logit !== 0));
}

const part = (signals: number) => Math.log1p(signals / 1e-3);

describe('transitions', () => {
  it('count what came right after the newest item, as shares that few transitions do not fill', async () => {
    const after0 = await logits('transitions', 0);
    expect(after0.size).toBe(2);
    expect(after0.get(1)).toBeCloseTo(part(2 / 5), 4);
    expect(after0.get(2)).toBeCloseTo(part(1 / 5), 4);
  });

  it('count less after the items before it, and not at all beyond three', async () => {
    const all = await logits('transitions', 0, 6, 1);
    expect(all.get(3)).toBeCloseTo(part(1 / 4), 4);
    expect(all.get(2)).toBeCloseTo(part(1 / 4 + 0.09 / 5), 4);
    expect((await logits('transitions', 0, 6, 6, 6)).size).toBe(0);
  });

  it('can lead back to the same item', async () => expect((await logits('transitions', 4)).has(4)).toBe(true));
});

describe('companions', () => {
  it('stand before and after an item, and count by one over their distance', async () => {
    const beside1 = await logits('companions', 1);
    expect([...beside1.keys()].sort()).toEqual([0, 2, 3]);
    expect(beside1.get(0)).toBeCloseTo(part(2 / 4), 4);
    expect(beside1.get(2)).toBeCloseTo(part(1 / 4), 4);
    expect((await logits('companions', 2)).get(0)).toBeCloseTo(part((1 / 2 + 1) / 4), 4);
  });

  it('never are the item itself, and count less of an older item, which counts once', async () => {
    expect([...(await logits('companions', 4)).keys()]).toEqual([5]);
    const both = await logits('companions', 3, 1, 3, 2);
    expect(both.get(1)).toBeCloseTo(part(1 / 4 + 1 / 2 / 3), 4);
  });
});

describe('neighbours', () => {
  it('are items of the same users, never the item itself; of all evidence each has its share', async () => {
    const beside0 = await logits('neighbours', 0);
    expect([...beside0.keys()].sort()).toEqual([1, 2, 3]);
    const shares = [...beside0.values()].map((logit) => Math.expm1(logit) * 1e-3);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(beside0.get(3)).toBeLessThan(beside0.get(1) ?? 0);
    expect((await logits('neighbours', 6)).size).toBe(0);
  });
});

it('tells gaps apart by their order of magnitude', () => {
  const times = Float64Array.of(100, 100, 101, 104, 86_504, 4e9, 3e9);
  expect([...gapsOf(times)]).toEqual([0, 1, 2, 3, 18, 31, 1]);
});

it('finds nothing near anything in a history of one moment', async () => {
  const signals = await signalsOf(historiesOf(users, 0), 7, signal);
  expect(signals.transitions.indices).toHaveLength(0);
  expect(signals.companions.indices).toHaveLength(0);
  expect(signals.neighbours.indices.length).toBeGreaterThan(0);
});
