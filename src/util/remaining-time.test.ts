import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RemainingTime } from './remaining-time.ts';

function follow(moments: readonly (readonly [seconds: number, fraction: number])[]) {
  let now = 0;
  const time = new RemainingTime(() => now);
  for (const [seconds, fraction] of moments) {
    now = 1000 * seconds;
    time.update(fraction);
  }
  return time.seconds();
}

test('work at a steady rate ends when it should, however often it reports', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0.03, max: 1, noNaN: true }), (reports, done) => {
      const moments = Array.from({ length: reports }, (_, n) => (done * (n + 1)) / reports);
      expect(follow(moments.map((fraction) => [100 * fraction, fraction]))).toBeCloseTo(100 * (1 - done), 3);
    }),
  );
});

test('what was skipped at the start does not count as fast work', () => {
  // Taken up at 60 %, then a percent every second.
  const moments = Array.from({ length: 21 }, (_, n) => [1 + n, 0.6 + 0.01 * n] as const);
  expect(follow(moments)).toBeCloseTo(20, 0);
});

test('long preparations do not count as slow work', () => {
  // Ten hours for the first two percent, then a percent every second.
  const moments = Array.from({ length: 21 }, (_, n) => [36_000 + n, 0.019 + 0.01 * n] as const);
  expect(follow([[1, 0.001], [35_000, 0.018], ...moments])).toBeCloseTo(78, 0);
});

test('nothing is predicted of work that has hardly begun', () => {
  expect(follow([])).toBeUndefined();
  expect(follow([[5, 0.01]])).toBeUndefined();
});
