import { describe, expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
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
const learned = frequentlyBoughtTogether.learn({ ...task, progress: unwatched });
const model = async () =>
  frequentlyBoughtTogether.open({
    learned: await learned,
    items: Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `i${item}`)),
  });
const beside = async (item: number, count: number) => [...(await (await model()).recommend({ item, count })).items];

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

  it('is measured by baskets of users who did not train', async () => {
    const plan = basketsOfHeldOut(task);
    expect(plan.users.length).toBeLessThan(shop.users);
    const metrics = await plan.measure(await model(), () => {});
    expect(metrics.mean_reciprocal_rank_at_25).toBeGreaterThan(0.9);
    expect(Object.keys(metrics)).toContain('precision_at_25');
  });
});
