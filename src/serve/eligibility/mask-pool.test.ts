import { expect, test } from 'vitest';
import { MaskPool } from './mask-pool.ts';

test('gives a mask to one user at a time, and again once it is back', () => {
  const pool = new MaskPool();
  const [one, other] = [pool.take(100), pool.take(100)];
  expect(other).not.toBe(one);
  pool.giveBack(one);
  expect([pool.take(101), pool.take(100), pool.take(100)]).toEqual([
    expect.objectContaining({ size: 101 }),
    one,
    expect.objectContaining({ size: 100 }),
  ]);
  expect(one.words.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('keeps masks of the sizes that are asked for alone', () => {
  const pool = new MaskPool();
  const first = pool.take(1);
  for (let size = 2; size < 20; size++) pool.giveBack(pool.take(size));
  pool.giveBack(first);
  expect(pool.take(1)).not.toBe(first);
});
