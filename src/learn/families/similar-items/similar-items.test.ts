import { describe, expect, it } from 'vitest';
import { metadataOf } from '../../features/features.fixture.ts';
import { learnFeatures } from '../../features/learn-features.ts';
import { interactionsByItem } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { isEligible, maskWhere } from '../../model/item-mask.ts';
import type { RelatedItemsModel } from '../../model/item-model.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import type { LearningTask } from '../../recipes/recipe.ts';
import { similarItems } from '../../recipes/similar-items.ts';
import { unwatched } from '../../training/training.fixture.ts';
import { historiesOf } from '../transformer/transformer.fixture.ts';

/** Item i belongs to the group i mod 6; those of the highest indexes are nobody's. Low indexes are popular. */
const shop = { groups: 6, tried: 120, items: 132, users: 500, steps: 10 };
const groupOf = (item: number) => item % shop.groups;

/** Users stay within a group, where they prefer what is popular; now and then they have the item that all have. */
function purchases(): number[][] {
  const random = uniforms(5);
  const perGroup = shop.tried / shop.groups;
  return Array.from({ length: shop.users }, (_, user) =>
    Array.from({ length: shop.steps }, () =>
      random() < 0.15 ? 0 : Math.floor(perGroup * random() ** 1.7) * shop.groups + (user % shop.groups),
    ),
  );
}

type Task = Partial<Pick<LearningTask, 'itemFeatures' | 'seed' | 'warmStart'>> & {
  readonly parameters?: Record<string, string>;
};

const learn = (users: readonly (readonly number[])[], itemCount: number, { parameters = {}, ...task }: Task = {}) =>
  similarItems.learn({
    histories: historiesOf(users),
    itemCount,
    parameters: resolveParameters(similarItems, parameters),
    seed: 1,
    progress: unwatched,
    ...task,
  });

async function train(
  users: readonly (readonly number[])[],
  itemCount: number,
  task?: Task,
): Promise<RelatedItemsModel> {
  const learned = await learn(users, itemCount, task);
  return await similarItems.open({
    learned,
    items: Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `i${item}`)),
  });
}

const beside = async (model: RelatedItemsModel, item: number, count: number) =>
  Array.from((await model.recommend({ item, count })).items);

const groupsAsCategories = () =>
  learnFeatures(
    metadataOf(
      ['categorical'],
      Array.from({ length: shop.items }, (_, item) => [`group ${groupOf(item)}|all`]),
    ),
  );

const inGroup = (items: readonly number[], item: number) =>
  items.filter((other) => groupOf(other) === groupOf(item)).length;

describe('aws-similar-items', () => {
  it('puts beside an item what the same users had, and never the item itself', async () => {
    const model = await train(purchases(), shop.items);
    for (let item = 1; item < shop.tried; item += 7) {
      const items = await beside(model, item, 10);
      expect(new Set(items).size).toBe(10);
      expect(items).not.toContain(item);
      expect(inGroup(items, item)).toBeGreaterThanOrEqual(8);
    }
    const all = await beside(model, 3, shop.items);
    expect(all).toHaveLength(shop.items - 1);
    expect(all).not.toContain(3);
  });

  it('finds by metadata what goes with an item that nobody had, and puts such items beside others', async () => {
    const without = await train(purchases(), shop.items);
    const model = await train(purchases(), shop.items, { itemFeatures: await groupsAsCategories() });
    const found: number[] = [];
    for (let item = shop.tried; item < shop.items; item++) {
      expect(inGroup(await beside(model, item, 5), item)).toBeGreaterThanOrEqual(4);
      expect(inGroup(await beside(without, item, 5), item)).toBeLessThanOrEqual(2);
    }
    for (let item = 0; item < shop.tried; item++) {
      found.push(...(await beside(model, item, 10)).filter((other) => other >= shop.tried && inGroup([other], item)));
    }
    expect(new Set(found).size).toBe(shop.items - shop.tried);
  });

  it('knows little of an item that two had, and asks its metadata for the rest', async () => {
    const few = shop.tried - 1;
    const users = [...purchases().map((items) => items.filter((item) => item !== few)), [few, 0], [few, 0]];
    const model = await train(users, shop.items, { itemFeatures: await groupsAsCategories() });
    expect(inGroup(await beside(model, few, 8), few)).toBeGreaterThanOrEqual(6);
  });

  it('goes from what is popular to what is peculiar to an item as popularity is discounted', async () => {
    const users = purchases();
    const counts = interactionsByItem(historiesOf(users), shop.items);
    const popularity: number[] = [];
    const ofAll: number[] = [];
    for (const popularity_discount_factor of ['0', '0.5', '1']) {
      const model = await train(users, shop.items, { parameters: { popularity_discount_factor } });
      const lists = await Promise.all([7, 20, 33, 46, 59].map((item) => beside(model, item, 10)));
      popularity.push(lists.flat().reduce((sum, item) => sum + counts[item], 0));
      ofAll.push(lists.filter((items) => items.slice(0, 10).includes(0)).length);
    }
    expect(popularity[1]).toBeLessThan(popularity[0]);
    expect(popularity[2]).toBeLessThan(popularity[1]);
    expect(ofAll[0]).toBeGreaterThan(ofAll[2]);
  });

  it('gives popular items for an id that it does not know', async () => {
    const users = purchases();
    const counts = interactionsByItem(historiesOf(users), shop.items);
    const items = await beside(await train(users, shop.items), -1, 5);
    const most = [...counts].sort((a, b) => b - a);
    expect(items[0]).toBe(0);
    expect(Math.min(...items.map((item) => counts[item]))).toBeGreaterThan(most[10]);
  });

  it('leaves out what a filter does', async () => {
    const model = await train(purchases(), shop.items);
    const eligible = maskWhere(shop.items, (item) => item % 2 === 1);
    const { items } = await model.recommend({ item: 9, count: 30, eligible });
    expect([...items].every((item) => isEligible(eligible, item) && item !== 9)).toBe(true);
    expect(items).toHaveLength(30);
  });

  it('learns the same from the same data and seed, and continues with the weights of a warm start', async () => {
    const itemFeatures = await groupsAsCategories();
    const [one, other] = [
      await learn(purchases(), shop.items, { itemFeatures }),
      await learn(purchases(), shop.items, { itemFeatures }),
    ];
    expect(one).toEqual(other);
    const warmStart = { ...one, tensors: {} };
    const continued = await learn(purchases(), shop.items, { itemFeatures, warmStart, seed: 2 });
    expect(continued.constants).toEqual(one.constants);
  });

  it('takes sessions of one moment as what goes together', async () => {
    const learned = await similarItems.learn({
      histories: historiesOf(purchases(), 0),
      itemCount: shop.items,
      parameters: resolveParameters(similarItems, {}),
      seed: 1,
      progress: unwatched,
    });
    const items = Vocabulary.of(Array.from({ length: shop.items }, (_, item) => `i${item}`));
    const model = await similarItems.open({ learned, items });
    expect(inGroup(await beside(model, 19, 10), 19)).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ['one item', [[0], [0], [0, 0]], 1],
    [
      'two items',
      [
        [0, 1],
        [1, 0],
      ],
      2,
    ],
    ['nobody who had two', [[0], [1], [2]], 3],
    ['all alike', Array.from({ length: 30 }, () => [0, 1, 2, 3]), 4],
    ['no interactions', [], 3],
  ] as const)('answers where there is %s', async (_, users, itemCount) => {
    const metadata = metadataOf(
      ['categorical', 'textual'],
      Array.from({ length: itemCount }, () => ['same', '🎬 כתב 映画']),
    );
    for (const itemFeatures of [undefined, await learnFeatures(metadata)]) {
      const model = await train(users, itemCount, { itemFeatures });
      const items = await beside(model, 0, 5);
      expect(items.sort()).toEqual(Array.from({ length: itemCount - 1 }, (_, n) => n + 1));
    }
  });

  it('finds the categories that tell something among 100,000', async () => {
    const perItem = Math.ceil(100_000 / shop.items);
    const rows = Array.from({ length: shop.items }, (_, item) => [
      `group ${groupOf(item)}`,
      Array.from({ length: 2 * perItem }, (_, n) => `c${item * perItem + n}`).join('|'),
    ]);
    const model = await train(purchases(), shop.items, {
      itemFeatures: await learnFeatures(metadataOf(['categorical', 'categorical'], rows)),
    });
    for (let item = shop.tried; item < shop.items; item++) {
      expect(inGroup(await beside(model, item, 5), item)).toBeGreaterThanOrEqual(3);
    }
  });
});
