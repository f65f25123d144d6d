import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearestSketches } from './nearest-sketches.ts';
import { normals, uniforms } from './random.ts';
import { Sketcher, sketchBytes } from './sketch.ts';

/** The reference: bits in which two sketches differ. */
function distance(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, byte, n) => sum + ((byte ^ other[n]) >>> 0).toString(2).replaceAll('0', '').length, 0);
}

function bitsOf(size: number, rows: readonly number[]): Uint32Array {
  const words = new Uint32Array(Math.ceil(size / 32));
  for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
  return words;
}

const rowOf = (sketches: Uint8Array, row: number) => sketches.subarray(row * sketchBytes, (row + 1) * sketchBytes);

describe('nearest sketches', () => {
  it('are those that differ in the fewest bits, among the eligible rows', () => {
    const random = uniforms(1);
    const rows = 101;
    const sketches = Uint8Array.from({ length: rows * sketchBytes }, () => 256 * random() ** 3);
    const nearest = new NearestSketches(sketches);
    const all = Array.from({ length: rows }, (_, row) => row);
    fc.assert(
      fc.property(fc.nat(rows - 1), fc.integer({ min: 1, max: rows }), fc.subarray(all), (query, wanted, some) => {
        const eligible = some.length === 0 ? undefined : bitsOf(rows, some);
        const found = nearest.nearest(rowOf(sketches, query), wanted, eligible);
        const distances = all.map((row) => distance(rowOf(sketches, row), rowOf(sketches, query)));
        const ordered = (eligible ? some : all).toSorted((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b);
        expect([...found]).toEqual(ordered.slice(0, wanted).toSorted((a, b) => a - b));
      }),
    );
  });

  it('take rows that come later, and the first of rows that are all alike', () => {
    const alike = new NearestSketches(new Uint8Array(1000 * sketchBytes), 1001);
    const query = new Uint8Array(sketchBytes);
    expect([...alike.nearest(query, 3)]).toEqual([0, 1, 2]);
    const other = new Uint8Array(sketchBytes).fill(255);
    alike.set(1000, other);
    expect([...alike.nearest(other, 1)]).toEqual([1000]);
  });
});

describe('a sketch', () => {
  it('differs in a share of bits that tells the angle, of dense and of sparse vectors', () => {
    const normal = normals(1, 5);
    const width = 100;
    const sketcher = new Sketcher(width);
    const sketchOf = (vector: Float64Array, isSparse: boolean) => {
      const sketch = new Uint8Array(sketchBytes);
      if (isSparse) for (const [n, value] of vector.entries()) sketcher.addSparse(n * 331, value);
      else sketcher.addDense(vector);
      sketcher.write(sketch);
      return sketch;
    };
    for (const isSparse of [false, true]) {
      let difference = 0;
      const pairs = 200;
      for (let n = 0; n < pairs; n++) {
        const one = Float64Array.from({ length: width }, normal);
        const other = one.map((value) => value + 0.7 * normal());
        const product = one.reduce((sum, value, k) => sum + value * other[k], 0);
        const angle = Math.acos(product / (Math.hypot(...one) * Math.hypot(...other)));
        difference += distance(sketchOf(one, isSparse), sketchOf(other, isSparse)) / 256 - angle / Math.PI;
      }
      // The standard error is about 0.002.
      expect(Math.abs(difference / pairs)).toBeLessThan(0.01);
    }
  });
});
