import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, ColumnKind } from './column.ts';
import { encode } from './encoder.ts';
import { metadataOf } from './features.fixture.ts';
import { type LearnedFeatures, learnFeatures } from './learn-features.ts';

const learned = (kinds: readonly ColumnKind[], rows: readonly (readonly Cell[])[]) =>
  learnFeatures(metadataOf(kinds, rows));

const row = ({ width, values }: LearnedFeatures, n: number) => values.subarray(n * width, (n + 1) * width);

/** Cosine of two rows. */
function likeness(features: LearnedFeatures, a: number, b: number): number {
  const [one, other] = [row(features, a), row(features, b)];
  const dot = one.reduce((sum, value, n) => sum + value * other[n], 0);
  return dot / (Math.hypot(...one) * Math.hypot(...other) || 1);
}

function expectSound(features: LearnedFeatures | undefined, rows: number): void {
  if (features === undefined) return;
  expect(features.width).toBeLessThanOrEqual(128);
  expect(features.values).toHaveLength(rows * features.width);
  expect(features.values.every(Number.isFinite)).toBe(true);
  for (let n = 0; n < rows; n++) expect(Math.hypot(...row(features, n))).toBeLessThan(1.0001);
}

describe('features', () => {
  it('are sound whatever the values', async () => {
    const cell: Record<Exclude<ColumnKind, 'vector'>, fc.Arbitrary<Cell>> = {
      numeric: fc.oneof(fc.double(), fc.integer(), fc.constant(null)),
      categorical: fc.oneof(fc.constantFrom('a', 'b', 'a|b', '|', ''), fc.string(), fc.constant(null)),
      textual: fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem(), fc.constant(null)),
    };
    const kinds = ['numeric', 'categorical', 'textual'] as const;
    const tiny: [Cell, Cell, Cell][] = [5e-324, 3.5e-323, 0].map((number) => [number, null, null]);
    const huge: [Cell, Cell, Cell][] = [-1.7e308, 1.7e308, 0].map((number) => [number, null, null]);
    const anyRows = fc.array(fc.tuple(cell.numeric, cell.categorical, cell.textual), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        expectSound(await learned(kinds, rows), rows.length);
      }),
      { numRuns: 20, examples: [[tiny], [huge]] },
    );
  });

  it('tell values of a category apart, and find lists alike that share some', async () => {
    const features = await learned(['categorical'], [['a|b'], ['a | b'], ['b|c'], ['c'], [null]]);
    if (!features) throw new Error('There are features.');
    expect(likeness(features, 0, 1)).toBeCloseTo(1, 5);
    expect(likeness(features, 0, 2)).toBeGreaterThan(0.1);
    expect(likeness(features, 0, 3)).toBeCloseTo(0, 5);
    expect([...row(features, 4)].every((value) => value === 0)).toBe(true);
  });

  it('order numbers, whatever their distribution, and tell a missing one from all', async () => {
    const numbers = Array.from({ length: 100 }, (_, n) => [10 ** (n / 10)]);
    const features = await learned(['numeric'], [...numbers, [Number.NaN], [null], [Number.POSITIVE_INFINITY]]);
    if (!features) throw new Error('There are features.');
    expect(likeness(features, 40, 42)).toBeGreaterThan(likeness(features, 40, 50));
    expect(likeness(features, 40, 50)).toBeGreaterThan(likeness(features, 40, 80));
    expect(likeness(features, 100, 101)).toBeCloseTo(1, 5);
    expect(likeness(features, 100, 102)).toBeCloseTo(1, 5);
    expect(likeness(features, 100, 40)).toBeCloseTo(0, 5);
  });

  it('are none where columns are constant or empty', async () => {
    const rows = Array.from({ length: 20 }, () => [7, 'same', 'same words', null]);
    expect(await learned(['numeric', 'categorical', 'textual', 'categorical'], rows)).toBeUndefined();
    expect(await learned(['numeric'], [])).toBeUndefined();
  });

  it('find texts alike that share words, through a decomposition', async () => {
    const themes = ['space rocket planet stars', 'kitchen recipe oven bread', 'horse saddle prairie cowboy'];
    const texts = Array.from({ length: 90 }, (_, n) => [
      `${themes[n % 3]?.split(' ')[n % 4]} and ${themes[n % 3]?.split(' ')[(n + 1) % 4]} number${n % 30}`,
    ]);
    const features = await learned(['textual'], texts);
    if (!features) throw new Error('There are features.');
    expect(features.encoder.projection).toBeDefined();
    // 0 and 3 share a word and 0 and 12 two, but no number; 0 and 7 share nothing.
    expect(likeness(features, 0, 12)).toBeGreaterThan(likeness(features, 0, 3) + 0.1);
    expect(likeness(features, 0, 3)).toBeGreaterThan(likeness(features, 0, 7) + 0.1);
    expectSound(features, texts.length);
    expect(await learned(['textual'], texts)).toEqual(features);
  });

  it('work with a category of 100,000 values', async () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => [`value${n}`, `group${n % 1000}`]);
    const features = await learned(['categorical', 'categorical'], rows);
    expectSound(features, rows.length);
    expect(features?.width).toBe(128);
  }, 120_000);

  it('say how far they are, in many small steps, where the values of a category are many', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => [`value${n % 5000}|other${n % 7001}`]);
    const steps = [0];
    await learnFeatures(metadataOf(['categorical'], rows), (fraction) => steps.push(fraction));
    expect(steps.toSorted((a, b) => a - b)).toEqual(steps);
    expect(Math.max(...steps.map((fraction, n) => fraction - (steps[n - 1] ?? 0)))).toBeLessThan(0.2);
    expect(steps.at(-1)).toBeGreaterThan(0.9);
  }, 120_000);

  it('are no more than there are rows', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => [
      Array.from({ length: 200 }, (_, k) => `value${(n * k) % 997}`).join('|'),
    ]);
    const features = await learned(['categorical'], rows);
    expect(features?.width).toBeLessThanOrEqual(30);
    expectSound(features, 30);
  });

  it('work with texts of 20,000 characters', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => [
      `${'longword '.repeat(2222)}${n}`.slice(0, 20_000),
      'ø'.repeat(20_000),
    ]);
    expectSound(await learned(['textual', 'textual'], rows), rows.length);
  });

  it('take vectors as they are, but not longer than 1', async () => {
    const vectors = Array.from({ length: 20 }, (_, n) => [Float32Array.of(1, n % 2, 3)]);
    const features = await learned(['vector'], vectors);
    if (!features) throw new Error('There are features.');
    expect(likeness(features, 0, 2)).toBeCloseTo(1, 5);
    expect(likeness(features, 0, 1)).toBeLessThan(0.999);
    expectSound(features, 20);
  });

  it('come to a later row as to the same one before', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => [n, `a${n % 5}|b${n % 7}`, `word${n % 6} other${n % 3}`]);
    const kinds = ['numeric', 'categorical', 'textual'] as const;
    const features = await learned(kinds, rows);
    if (!features) throw new Error('There are features.');
    const later = await encode(
      features.encoder,
      metadataOf(kinds, [rows[9] ?? [], [1e9, 'unheard of', 'nothing known']]),
    );
    expect(later.values.subarray(0, features.width)).toEqual(row(features, 9));
    expect(later.values.every(Number.isFinite)).toBe(true);
  });
});
