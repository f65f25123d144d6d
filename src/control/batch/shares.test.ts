import { expect, it } from 'vitest';
import { dividedIntoShares, grains } from './shares.ts';

it.each([
  ['500 lines of a segment job for two processes', [12_500], grains.few, 2],
  ['500 lines of another job for one', [12_500], grains.many, 1],
  ['a thousand small files for as many as may be', Array.from({ length: 1000 }, () => 12_500), grains.few, 16],
  ['a file of a gigabyte for as many as may be', [1e9], grains.many, 64],
  ['nothing for nobody', [0, 0], grains.many, 0],
] as const)('divides %s', (_, sizes, grain, expected) => {
  const { ranges, shares } = dividedIntoShares(
    sizes.map((bytes) => ({ bytes })),
    grain,
  );
  expect(shares).toHaveLength(expected);
  // Each byte is in one range, and each range in one share, in order.
  const covered = sizes.map(() => 0);
  for (const { file, begin, end } of ranges) {
    expect(begin).toBe(covered[file]);
    covered[file] = end;
  }
  expect(covered).toEqual([...sizes]);
  expect(shares.flatMap(([first, end]) => ranges.slice(first, end))).toEqual(ranges);
});
