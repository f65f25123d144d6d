import { expect, it } from 'vitest';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import { relativeWeights, weightingOf } from './event-weights.ts';

const columns: InteractionColumn[] = [
  { name: 'DEVICE', kind: 'categorical', values: ['TV'] },
  { name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy', 'skip'] },
];
const history = {
  items: Uint32Array.of(0, 1, 2),
  timestamps: new Float64Array(3),
  codes: [new Uint8Array(3), Uint8Array.of(1, 2, 3)],
};
const weights = (of: Readonly<Record<string, number>> | undefined, known = columns) => {
  const list = of && Object.entries(of).map(([eventType, weight]) => ({ eventType, weight }));
  return Array.from(history.items, (_, n) => weightingOf(known, list)(history, n));
};

it('is relative to the mean, as in the example of spec training.md §9.4', () => {
  const [buy, view] = relativeWeights([
    { eventType: 'buy', weight: 0.3 },
    { eventType: 'view', weight: 0.1 },
  ]);
  expect(buy?.weight).toBeCloseTo(1.5, 10);
  expect(view?.weight).toBeCloseTo(0.5, 10);
});

it('weighs an interaction by its type', () => {
  expect(weights({ buy: 1.5, view: 0.5 })).toEqual([0.5, 1.5, 0]);
});

it('weighs types of any name', () => {
  const names = ['constructor', '__proto__', 'toString'];
  const known: InteractionColumn[] = [{ name: 'EVENT_TYPE', kind: 'categorical', values: names }];
  const weightOf = weightingOf(known, [{ eventType: '__proto__', weight: 2 }]);
  const typed = { ...history, codes: [Uint8Array.of(1, 2, 3)] };
  expect(names.map((_, n) => weightOf(typed, n))).toEqual([0, 2, 0]);
});

it('weighs all alike where there is nothing to tell them apart by', () => {
  expect(weights(undefined)).toEqual([1, 1, 1]);
  expect(weights({ purchase: 1 })).toEqual([1, 1, 1]);
  expect(weights({ buy: 1 }, [])).toEqual([1, 1, 1]);
});
