import { expect, it } from 'vitest';
import { addressOf } from '../../data/records/impressions.ts';
import { type ListParts, recommendedList } from './recommended-list.ts';

const id = 'RID-01234567-89ab-4cde-8f01-000012345678';

/** A list of a deployment that explores, and what is kept of it. */
function listed(parts: Partial<ListParts>, { givesReasons = true } = {}) {
  const kept = { shown: [] as readonly string[], answers: [] as object[] };
  const keepers = {
    impressions: {
      remember: (list: readonly string[] | ((address: string) => readonly string[])) => {
        kept.shown = typeof list === 'function' ? list(addressOf(id)) : list;
        return id;
      },
      unremembered: () => id,
    },
    propensities: { add: (answer: object) => kept.answers.push(answer) },
  };
  const deployment = { ownerArn: 'arn:campaign', recipeType: 'USER_PERSONALIZATION', model: 'models/1/' } as const;
  const exploration = { sequence: 1, datasetGroupArn: 'arn:group', rate: 0.1, itemAgeSeconds: 9, givesReasons };
  const all = { answer: { items: [] }, count: 25, userId: 'u', ...parts };
  return { ...recommendedList(keepers, { deployment, exploration }, all), kept };
}

const answer = {
  items: ['a', 'new', 'b', 'cold'],
  scores: [0.5, 0.00000004, 0.25, null],
  explored: [1],
  choices: [{ place: 1, itemId: 'new', explored: true, probability: 0.2 }],
  history: { userId: 'person', kept: 0, recent: 0 },
};

it('says why an item is there', () => {
  expect(listed({ answer }).itemList).toEqual([
    { itemId: 'a', score: 0.5 },
    { itemId: 'new', score: 0, reason: ['Exploration'] },
    { itemId: 'b', score: 0.25 },
    { itemId: 'cold' },
  ]);
  const eligible = { others: () => ['unknown'] };
  const filtered = listed({ answer, eligible, count: 5 });
  expect(filtered.itemList.slice(-2)).toEqual([
    { itemId: 'cold', reason: ['Popular item'] },
    { itemId: 'unknown', reason: ['Popular item'] },
  ]);
  expect(filtered.kept.shown).toEqual(['a', 'new', 'b', 'cold', 'unknown']);
  const silent = listed({ answer, eligible, count: 5 }, { givesReasons: false }).itemList;
  expect(silent).toHaveLength(4);
  expect(silent.some(({ reason }) => reason)).toBe(false);
});

it('remembers what is shown, promoted items too, in the order in which it is shown', () => {
  expect(listed({ answer }).kept.shown).toEqual(['a', 'new', 'b', 'cold']);
  const promoted = [
    { itemId: 'P', promotionName: 'n' },
    { itemId: 'b', promotionName: 'n' },
  ];
  const { itemList, recommendationId, kept } = listed({ answer, promoted, count: 4 });
  expect(recommendationId).toBe(id);
  expect(itemList.map(({ itemId }) => itemId).toSorted()).toEqual(['P', 'a', 'b', 'new']);
  expect(kept.shown).toEqual(itemList.map(({ itemId }) => itemId));
});

it('writes down what exploration chose, at the positions of the answer', () => {
  const [plain] = listed({ answer }).kept.answers;
  const facts = { recommendationId: id, ownerArn: 'arn:campaign', userId: 'person', rate: 0.1 };
  expect(plain).toEqual({ ...facts, choices: answer.choices });
  const { itemList, kept } = listed({ answer, promoted: [{ itemId: 'P' }, { itemId: 'Q' }], count: 6 });
  const place = itemList.findIndex(({ itemId }) => itemId === 'new');
  expect(kept.answers).toEqual([{ ...facts, choices: [{ ...answer.choices[0], place }] }]);
  expect(listed({ answer, promoted: [{ itemId: 'new' }] }).kept.answers).toEqual([{ ...facts, choices: [] }]);
});
