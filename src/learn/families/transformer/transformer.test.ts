import { beforeAll, describe, expect, it } from 'vitest';
import type { UserModel } from '../../model/item-model.ts';
import { byIds } from '../../model/model-by-ids.ts';
import type { LearnedModel } from '../../recipes/recipe.ts';
import { bestItems, circle, historiesOf, historyOfItems, learn, open, strollers, walk } from './transformer.fixture.ts';

let learned: LearnedModel;
let model: UserModel;

describe('a transformer over strolls round a circle', () => {
  beforeAll(async () => {
    learned = await learn(historiesOf(strollers()), circle.items);
    model = await open(learned, circle.items, circle.users);
  });

  it('predicts the next item from two before it, which no count of pairs can', async () => {
    let found = 0;
    for (let from = 0; from < circle.items; from++) {
      for (const stride of circle.strides) {
        const steps = walk(from, stride, 6);
        const [first] = await bestItems(model, historyOfItems(...steps.slice(0, -1)), 1, steps.slice(0, -1));
        if (first === steps.at(-1)) found++;
      }
    }
    // A model that knows the newest item alone is right a third of the time.
    expect(found / (circle.items * circle.strides.length)).toBeGreaterThan(0.6);
  });

  it('answers for a user of the training as for the same history', async () => {
    const history = strollers()[5] ?? [];
    const { items, scores } = await byIds(model).recommend({ userId: 'u5', count: circle.items });
    const ofHistory = await bestItems(model, historyOfItems(...history), circle.items);
    expect(items).toEqual(Array.from(ofHistory, (item) => `i${item}`));
    expect(scores?.reduce<number>((sum, score) => sum + (score ?? 0), 0)).toBeCloseTo(1, 4);
    expect(scores).toEqual(scores?.toSorted((a, b) => Number(b) - Number(a)));
  });

  it('has an answer for unknown users, items and conditions', async () => {
    const asked = byIds(model);
    const nobody = await asked.recommend({ userId: 'nobody', count: 5 });
    expect(nobody.items).toHaveLength(5);
    expect(await asked.recommend({ count: 5 })).toMatchObject({ items: nobody.items, scores: nobody.scores });
    const ranked = await asked.rank({ userId: 'u5', items: ['unknown', 'i3', 'i4', 'i3'] });
    expect(ranked.items.at(-1)).toBe('unknown');
    expect(ranked.items).toHaveLength(3);
    expect(ranked.scores?.at(-1)).toBeNull();
    expect(Number(ranked.scores?.[0]) + Number(ranked.scores?.[1])).toBeCloseTo(1, 6);
    const long = historyOfItems(...walk(0, 1, 10_000));
    expect(await bestItems(model, long, 3)).toHaveLength(3);
  });

  it('learns the same from the same seed', async () => {
    expect(await learn(historiesOf(strollers()), circle.items)).toEqual(learned);
  });
});

describe('degenerate data', () => {
  const trains = async (users: readonly (readonly number[])[], items: number, secondsApart?: number) => {
    const small = await open(await learn(historiesOf(users, secondsApart), items), items, users.length);
    const { items: answer, scores = [] } = await byIds(small).recommend({ userId: 'u0', count: items });
    expect(answer).toHaveLength(items);
    expect(scores.every((score) => score === null || Number.isFinite(score))).toBe(true);
    return answer;
  };

  it('of one item', () =>
    trains(
      Array.from({ length: 30 }, () => Array(20).fill(0)),
      1,
    ));
  it('of one moment', () => trains(strollers().slice(0, 60), circle.items, 0));
  it('of histories of 1 and of 10,000', () =>
    trains([walk(0, 1, 10_000), ...Array.from({ length: 60 }, (_, user) => [user % circle.items])], circle.items));
  it('with items that nobody had, which come last and without a score', async () => {
    const answer = await trains(strollers().slice(0, 60), circle.items + 2);
    expect(answer.slice(-2).sort()).toEqual([`i${circle.items}`, `i${circle.items + 1}`]);
  });
});
