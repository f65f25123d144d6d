import { beforeAll, describe, expect, it } from 'vitest';
import type { LearnedModel, RecipeModel } from '../../recipes/recipe.ts';
import { circle, historiesOf, historyOfItems, learn, open, strollers, walk } from './transformer.fixture.ts';

let learned: LearnedModel;
let model: RecipeModel;

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
        const [first] = await model.recommendTo(historyOfItems(...steps.slice(0, -1)), 1);
        if (first === steps.at(-1)) found++;
      }
    }
    // A model that knows the newest item alone is right a third of the time.
    expect(found / (circle.items * circle.strides.length)).toBeGreaterThan(0.6);
  });

  it('answers for a user of the training as for the same history', async () => {
    const history = strollers()[5] ?? [];
    const asked = await model.recommend({ userId: 'u5', count: circle.items });
    const told = await model.recommendTo(historyOfItems(...history), circle.items, new Uint32Array());
    expect(asked.items).toEqual(Array.from(told, (item) => `i${item}`));
    expect(asked.scores?.reduce<number>((sum, score) => sum + (score ?? 0), 0)).toBeCloseTo(1, 4);
    expect(asked.scores).toEqual(asked.scores?.toSorted((a, b) => Number(b) - Number(a)));
  });

  it('has an answer for whoever and whatever it does not know', async () => {
    const nobody = await model.recommend({ userId: 'nobody', count: 5 });
    expect(nobody.items).toHaveLength(5);
    expect(await model.recommend({ count: 5 })).toMatchObject({ items: nobody.items, scores: nobody.scores });
    const ranked = await model.rank({ userId: 'u5', items: ['unheard-of', 'i3', 'i4', 'i3'] });
    expect(ranked.items.at(-1)).toBe('unheard-of');
    expect(ranked.items).toHaveLength(3);
    expect(ranked.scores?.at(-1)).toBeNull();
    expect(Number(ranked.scores?.[0]) + Number(ranked.scores?.[1])).toBeCloseTo(1, 6);
    const long = historyOfItems(...walk(0, 1, 10_000));
    expect(await model.recommendTo(long, 3, new Uint32Array())).toHaveLength(3);
  });

  it('learns the same from the same seed', async () => {
    expect(await learn(historiesOf(strollers()), circle.items)).toEqual(learned);
  });
});

describe('degenerate data', () => {
  const trains = async (users: readonly (readonly number[])[], items: number, secondsApart?: number) => {
    const small = await open(await learn(historiesOf(users, secondsApart), items), items, users.length);
    const { items: answer, scores = [] } = await small.recommend({ userId: 'u0', count: items });
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
