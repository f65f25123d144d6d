import { expect, it } from 'vitest';
import { classTfIdf, logOddsScore } from './contrast.ts';

const counts = { having: 8, items: 10, catalogueHaving: 50, catalogueItems: 1000 };

it('ranks what a group has and the catalogue has not above what both have', () => {
  expect(classTfIdf(counts)).toBeCloseTo(0.8 * Math.log(1 + 1001 / 50.5), 10);
  expect(classTfIdf(counts)).toBeGreaterThan(classTfIdf({ ...counts, catalogueHaving: 500 }));
  expect(classTfIdf(counts)).toBeGreaterThan(classTfIdf({ ...counts, having: 4 }));
});

it('is sure of a difference the surer the more items show it, and of none where there is none', () => {
  expect(logOddsScore(counts)).toBeGreaterThan(3);
  expect(logOddsScore({ ...counts, having: 80, items: 100 })).toBeGreaterThan(logOddsScore(counts));
  expect(Math.abs(logOddsScore({ ...counts, having: 50, items: 1000 }))).toBeLessThan(0.1);
  expect(logOddsScore({ ...counts, having: 0 })).toBeLessThan(0);
  // One of ten is no evidence that the group has it more often than one in twenty.
  expect(logOddsScore({ ...counts, having: 1 })).toBeLessThan(1.96);
});
