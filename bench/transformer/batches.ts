import { uniforms } from '../../src/learn/kernels/random.ts';
import type { TransformerSettings } from './settings.ts';

/** Rows of packed histories, flat. */
export type Batch = {
  readonly items: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  readonly positions: Int32Array;
  readonly gaps: Int32Array;
  readonly segments: Int32Array;
};

/** Histories in which each item is the last plus 5. */
export function batchesOf(settings: TransformerSettings, count: number): readonly Batch[] {
  const { items, rows, length, segment, gaps } = settings;
  const random = uniforms(1);
  const integers = (of: (at: number) => number) => Int32Array.from({ length: rows * length }, (_, at) => of(at));
  return Array.from({ length: count }, () => {
    const starts = Array.from({ length: rows }, () => Math.floor(random() * items));
    const seen = integers((at) => ((starts[Math.floor(at / length)] ?? 0) + 5 * (at % length)) % items);
    return {
      items: seen,
      targets: seen.map((item) => (item + 5) % items),
      weights: new Float32Array(rows * length).fill(1),
      positions: integers((at) => (at % length) % segment),
      gaps: integers(() => Math.floor(random() * gaps)),
      segments: integers((at) => Math.floor((at % length) / segment)),
    };
  });
}
