import { expect, it } from 'vitest';
import { digestOf } from './digest.ts';

it('is the same for the same values, over whatever memory', () => {
  const shared = new Uint32Array(new SharedArrayBuffer(16)).subarray(1, 3).fill(7);
  expect(digestOf({ a: [1, 'x'] }, shared)).toBe(digestOf({ a: [1, 'x'] }, Uint32Array.of(7, 7)));
});

it('differs with any part, and with where one part ends and the next begins', () => {
  const different = [
    [['ab', 'c']],
    [['a', 'bc']],
    [['ab', 'c', '']],
    [[1]],
    [['1']],
    [undefined],
    [{ a: 1 }],
    [{ b: 1 }],
    [Float32Array.of(1)],
    [Float32Array.of(2)],
    [Float32Array.of(1, 2)],
  ].map((values) => digestOf(...values));
  expect(new Set(different).size).toBe(different.length);
});
