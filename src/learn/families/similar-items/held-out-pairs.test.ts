import { expect, it } from 'vitest';
import { historyOf } from '../../histories/histories.ts';
import { historiesOf } from '../transformer/transformer.fixture.ts';
import { holdOutPairs } from './held-out-pairs.ts';

it('holds out the newest item with all interactions in a row with it, beside the other item before', () => {
  const histories = historiesOf([[1, 2, 3], [1, 1, 2, 2, 3, 3, 3], [4, 4], [5], [2, 1, 2]]);
  const { training, pairs } = holdOutPairs(histories, 1);
  expect(pairs.toSorted((a, b) => a.item - b.item || a.next - b.next)).toEqual([
    { item: 1, next: 2 },
    { item: 2, next: 3 },
    { item: 2, next: 3 },
  ]);
  const kept = Array.from({ length: 5 }, (_, user) => Array.from(historyOf(training, user).items));
  expect(kept).toEqual([[1, 2], [1, 1, 2, 2], [4, 4], [5], [2, 1]]);
});
