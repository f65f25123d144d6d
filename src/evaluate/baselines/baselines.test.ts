import { expect, it } from 'vitest';
import { maskWithout } from '../../learn/model/item-mask.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { unwatched } from '../../learn/training/training.fixture.ts';
import type { CandidateModel } from '../candidate-model.ts';
import { historiesOf, inputOf } from '../evaluation.fixture.ts';
import { ease } from './ease.ts';
import { itemKnn } from './item-knn.ts';
import { markov } from './markov.ts';
import { popularity } from './popularity.ts';

/** Items 0 … 4, of which 0 has most interactions and 4 none: the order in which a trial gives out indexes. */
const users = [
  [0, 1, 2],
  [0, 1, 3],
  [0, 2],
  [1, 0],
];

async function rank(candidate: CandidateModel, input: number[], excluded = input, count = 5) {
  const training = historiesOf(users.map((items) => items.map((item, n) => [item, n] as const)));
  const items = Vocabulary.of(['a', 'b', 'c', 'd', 'e']);
  const fitted = await candidate.fit({ training, items, seed: 0, progress: unwatched });
  if ('skipped' in fitted) throw new Error(fitted.skipped);
  const [ranking] = await fitted.rank(
    [{ input: inputOf(...input), eligible: maskWithout(items.size, excluded) }],
    count,
  );
  return [...(ranking ?? [])];
}

it('popularity ranks by index, without what is excluded', async () => {
  expect(await rank(popularity, [1])).toEqual([0, 2, 3, 4]);
  expect(await rank(popularity, [1], [], 2)).toEqual([0, 1]);
});

it('markov adds up what followed the newest items, then comes popularity', async () => {
  // 1 was followed by 2, 3 and 0, once each: a tie, which popularity decides.
  expect(await rank(markov, [1])).toEqual([0, 2, 3, 4]);
  // 0 was followed by 1 twice and by 2 once; 1, the item before, adds 0.3 to 0, 2 and 3: 2 has 1.3, 3 has 0.3.
  expect(await rank(markov, [1, 0], [])).toEqual([1, 2, 0, 3, 4]);
  // Nothing ever followed 3; the item before it counts all the same.
  expect(await rank(markov, [0, 3])).toEqual([1, 2, 4]);
});

it('item-knn adds up shrunk cosines', async () => {
  // n(0,1) = 3, n(0,2) = 2, n(1,2) = 1, n(1,3) = 1, n(0,3) = 1; n = 4, 3, 2, 1.
  // To 3: 0 has 1/(2 + 20) = 0.0455, 1 has 1/(√3 + 20) = 0.0460, 2 has none.
  expect(await rank(itemKnn, [3])).toEqual([1, 0, 2, 4]);
  // To 2: 0 has 2/(√8 + 20) = 0.0876, 1 has 1/(√6 + 20) = 0.0445.
  expect(await rank(itemKnn, [2])).toEqual([0, 1, 3, 4]);
});

it('ease has the weights of the closed form', async () => {
  // G + 300·I = [[304, 3, 2, 1], [3, 303, 1, 1], [2, 1, 302, 0], [1, 1, 0, 301]] for 0 … 3 and 300 for 4. To first
  // order in 1/300, B(i, j) = G(i, j)/300: the neighbours of 3 are 0 and 1 alike; to second order, the one with the
  // fewer users leads.
  expect((await rank(ease, [3])).slice(0, 2)).toEqual([1, 0]);
  expect(await rank(ease, [0])).toEqual([1, 2, 3, 4]);
});

it('ease says why it does not take part', async () => {
  const items = Vocabulary.of(Array.from({ length: 15_001 }, (_, n) => `i${n}`));
  const training = historiesOf([[[0, 0]]]);
  expect(await ease.fit({ training, items, seed: 0, progress: unwatched })).toEqual({
    skipped: expect.stringContaining('15001 items are more than the 15000'),
  });
});
