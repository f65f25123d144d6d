import { expect, it } from 'vitest';
import { relativeWeights, weightingOf } from './event-weights.ts';
import type { InteractionColumn } from './interaction-columns.ts';

const columns: InteractionColumn[] = [
  { name: 'DEVICE', kind: 'categorical', values: ['TV'] },
  { name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy', 'skip'] },
];
const history = {
  items: Uint32Array.of(0, 1, 2),
  timestamps: new Float64Array(3),
  codes: [new Uint8Array(3), Uint8Array.of(1, 2, 3)],
};
const weights = (of: Readonly<Record<string, number>> | undefined, known = columns) =>
  Array.from(history.items, (_, n) => weightingOf(known, of)(history, n));

it('is relative to the mean, as in the example of spec training.md §9.4', () => {
  const { buy, view } = relativeWeights([
    { eventType: 'buy', weight: 0.3 },
    { eventType: 'view', weight: 0.1 },
  ]);
  expect(buy).toBeCloseTo(1.5, 10);
  expect(view).toBeCloseTo(0.5, 10);
});

it('weighs an interaction by its type', () => {
  expect(weights({ buy: 1.5, view: 0.5 })).toEqual([0.5, 1.5, 0]);
});

it('weighs all alike where there is nothing to tell them apart by', () => {
  expect(weights(undefined)).toEqual([1, 1, 1]);
  expect(weights({ purchase: 1 })).toEqual([1, 1, 1]);
  expect(weights({ buy: 1 }, [])).toEqual([1, 1, 1]);
});
