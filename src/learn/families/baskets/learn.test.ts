import { describe, expect, it } from 'vitest';
import type { Histories } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import type { RelatedItemsModel } from '../../model/item-model.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import { frequentlyBoughtTogether } from '../../recipes/frequently-bought-together.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { unwatched } from '../../training/training.fixture.ts';
import { basketsOfHeldOut } from './basket-evaluation.ts';
import { type TestEvent, typedHistories } from './baskets.fixture.ts';

/**
 * Items are bought in threes: 0, 1 and 2 together, 3, 4 and 5, and so on, one of them left out by chance. All look at
 * the first of the items that are never bought; who looks at one of the others looks at its neighbour, too.
 */
const shop = { bought: 30, looked: 10, users: 600 };
const itemCount = shop.bought + shop.looked;
const star = shop.bought;

function customers(): TestEvent[][] {
  const random = uniforms(3);
  return Array.from({ length: shop.users }, (_, user) => {
    const day = (user % 50) * 86_400;
    const first = 3 * Math.floor((random() * shop.bought) / 3);
    const other = star + 1 + Math.floor(random() * (shop.looked - 2));
    const basket = [first, first + 1, first + 2].filter(() => random() < 0.8);
    return [
      [day, 'View', star],
      [day + 60, 'View', other],
      [day + 120, 'View', other + 1],
      // Bought days later, by themselves: the most popular item is in everybody's history and in nobody's basket.
      ...basket.map((item, n): TestEvent => [day + 7200 + 600 * n, 'Purchase', item]),
      [day + 10 * 86_400, 'Purchase', 0],
    ];
  });
}

const histories = typedHistories(customers());
const task = { histories, itemCount, parameters: resolveParameters(frequentlyBoughtTogether, {}), seed: 1 };

async function trainedOn(histories: Histories, itemCount: number): Promise<RelatedItemsModel> {
  const learned = await frequentlyBoughtTogether.learn({ ...task, histories, itemCount, progress: unwatched });
  const items = Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `i${item}`));
  return await frequentlyBoughtTogether.open({ learned, items });
}

const model = trainedOn(histories, itemCount);
const beside = async (item: number, count: number) => [...(await (await model).recommend({ item, count })).items];

describe('aws-ecomm-frequently-bought-together', () => {
  it('puts beside an item what was in its baskets, not what everybody bought or looked at', async () => {
    for (let item = 3; item < shop.bought; item++) {
      const group = 3 * Math.floor(item / 3);
      const others = [group, group + 1, group + 2].filter((other) => other !== item);
      expect((await beside(item, 2)).sort((a, b) => a - b)).toEqual(others);
    }
  });

  it('puts beside an item that nobody bought what was looked at around it', async () => {
    for (let item = star + 2; item < itemCount - 1; item++) {
      expect((await beside(item, 2)).filter((other) => other < star)).toEqual([]);
    }
  });

  it('puts what is bought most beside an item that it does not know', async () => {
    const [first] = await beside(-1, 3);
    expect(first).toBe(0);
  });

  it('puts beside an item what was looked at around it where nobody buys two things at once', async () => {
    const random = uniforms(4);
    const lookers = Array.from({ length: 300 }, (_, user): TestEvent[] => {
      const first = 5 * Math.floor(4 * random());
      const seen = Array.from({ length: 6 }, () => first + Math.floor(5 * random()));
      return [...seen.map((item, n): TestEvent => [user * 60 + n, 'View', item]), [9 * 86_400, 'Purchase', user % 20]];
    });
    const opened = await trainedOn(typedHistories(lookers), 20);
    const { items } = await opened.recommend({ item: 7, count: 4 });
    expect([...items].sort((a, b) => a - b)).toEqual([5, 6, 8, 9]);
  });

  it.each([
    ['one basket of all', [Array.from({ length: 40 }, (_, n): TestEvent => [0, 'Purchase', n % 20])]],
    ['one item', Array.from({ length: 40 }, (_, n): TestEvent[] => [[n, 'Purchase', 0]])],
    ['nothing bought', Array.from({ length: 40 }, (_, n): TestEvent[] => [[n, 'View', n % 20]])],
  ])('learns from %s', async (_, users) => {
    const opened = await trainedOn(typedHistories(users), 20);
    expect((await opened.recommend({ item: 3, count: 25 })).items).toHaveLength(19);
  });

  it('is measured by baskets of users who did not train', async () => {
    const plan = basketsOfHeldOut(task);
    expect(plan.users.length).toBeLessThan(shop.users);
    const metrics = await plan.measure(await model, () => {});
    expect(metrics.mean_reciprocal_rank_at_25).toBeGreaterThan(0.9);
    expect(Object.keys(metrics)).toContain('precision_at_25');
  });
});
