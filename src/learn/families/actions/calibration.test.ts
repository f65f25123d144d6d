import { expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { calibrate } from './calibration.ts';
import { sigmoid } from './regression.ts';

/** Logits that are twice what they should be, and one too high. */
function answersTo(count: number, answered: number) {
  const random = uniforms(1);
  const logits = Float64Array.from({ length: count }, () => 8 * random() - 4);
  const isTaken = Uint8Array.from(logits, (logit) =>
    random() < sigmoid(0.5 * logit - 1) && random() < answered ? 1 : 0,
  );
  return { logits, isTaken, answered: new Float32Array(count).fill(answered) };
}

it('finds how far chances are off, also where half of the answers have not come yet', () => {
  for (const share of [1, 0.5]) {
    const { logits, isTaken, answered } = answersTo(40_000, share);
    const { slope, offset } = calibrate(logits, isTaken, answered);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(offset).toBeCloseTo(-1, 0);
    expect(Math.abs(offset + 1)).toBeLessThan(0.1);
  }
});

it('leaves chances as they are where hardly anything is known', () => {
  const { slope, offset } = calibrate(Float64Array.of(1), Uint8Array.of(1), Float32Array.of(1));
  expect(Math.abs(slope - 1)).toBeLessThan(0.1);
  expect(Math.abs(offset)).toBeLessThan(0.1);
});
