import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import { uniforms } from '../kernels/random.ts';
import { openModel } from '../model/open-model.ts';
import { runTraining } from '../training/run-training.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from '../training/training.fixture.ts';
import { serviceTrainingLimits } from '../training/training.ts';
import { recipes } from './catalogue.ts';
import type { Recipe } from './recipe.ts';
import { userPersonalizationV2 } from './user-personalization-v2.ts';

type Row = [user: string, item: string, time: number, type: string];
const fields = [...interactionFields, field('EVENT_TYPE')];
const day = 86_400;

async function trained<Result>(
  name: string,
  rows: readonly Row[],
  ask: (model: Awaited<ReturnType<typeof openModel>>, metrics: Record<string, number>) => Promise<Result>,
  items?: { readonly schema: DatasetSchema; readonly rows: string[][] },
): Promise<Result> {
  await using folder = await temporaryFolder();
  const model = join(folder.path, 'model');
  await mkdir(model);
  const request = {
    recipe: name,
    parameters: {},
    interactions: await writeDataset(join(folder.path, 'interactions'), fields, [...rows]),
    ...(items && { items: await writeDataset(join(folder.path, 'items'), items.schema.fields, items.rows) }),
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: folder.path,
  };
  const metrics = await runTraining(request, model, unwatched);
  return await ask(await openModel(model), metrics);
}

const listOf = (
  name: string,
  rows: readonly Row[],
  query: { readonly itemId?: string; readonly userId?: string },
  n = 3,
) => trained(name, rows, async (model) => (await model.recommend({ ...query, count: n })).items);

/** Item `often` has most events of the type, `wide` most users; events of other types have another item first. */
function popularity(type: string): Row[] {
  const rows: Row[] = [];
  for (let n = 0; n < 60; n++) {
    rows.push([`u${n}`, 'wide', n, n % 2 ? type : type.toUpperCase()]);
    for (let k = 0; k < 20; k++) rows.push([`u${n}`, `i${(n * 7 + k) % 50}`, 100 + k, type]);
    for (let k = 0; k < 40; k++) rows.push([`u${n}`, 'other', 200 + k, 'Something']);
    if (n < 10) for (let k = 0; k < 7; k++) rows.push([`u${n}`, 'often', 300 + k, type.toLowerCase()]);
  }
  return rows;
}

describe('popular items', () => {
  it.each([
    ['aws-ecomm-popular-items-by-views', 'View', ['often', 'wide']],
    ['aws-ecomm-popular-items-by-purchases', 'Purchase', ['often', 'wide']],
    ['aws-vod-most-popular', 'Watch', ['wide']],
  ])('%s counts events of type %s, in any case, and no others', async (name, type, expected) => {
    const list = await listOf(name, popularity(type), { userId: 'u1' });
    expect(list.slice(0, expected.length)).toEqual(expected);
    expect(list).not.toContain('other');
  });

  it.each(['aws-ecomm-popular-items-by-views', 'aws-vod-most-popular', 'aws-ecomm-frequently-bought-together'])(
    '%s says of what there is too little',
    async (name) => {
      const { trainsOn } = recipes.find((one) => one.name === name)?.useCase ?? {};
      await expect(listOf(name, popularity('Search'), {})).rejects.toThrow(
        `Dataset has fewer than 1000 interactions after filtering by event type: ${trainsOn}.`,
      );
    },
  );
});

const groups = 5;
/**
 * Each user has the items of one group by events of the type, and of the group before by events of another: item `i7`
 * is of group 7 mod 5.
 */
function grouped(type: string, other: string): Row[] {
  const random = uniforms(9);
  return Array.from({ length: 300 }, (_, user) => user).flatMap((user) =>
    Array.from({ length: 14 }, (_, n): Row => {
      const isOther = n % 2 === 1;
      const item = groups * Math.floor(random() * 12) + ((user + (isOther ? groups - 1 : 0)) % groups);
      return [`u${user}`, `i${item}`, user * day + 60 * n, isOther ? other : type];
    }),
  );
}

const sameGroup = (list: readonly string[], item: number) =>
  list.filter((id) => Number(id.slice(1)) % groups === item % groups).length;

describe('related items', () => {
  it.each([
    ['aws-ecomm-customers-who-viewed-x-also-viewed', 'View', 'Purchase'],
    ['aws-vod-because-you-watched-x', 'Watch', 'Click'],
  ])('%s learns from events of type %s alone', async (name, type, other) => {
    const list = await listOf(name, grouped(type.toLowerCase(), other), { userId: 'u1', itemId: 'i7' }, 8);
    expect(sameGroup(list, 7)).toBe(8);
    expect(list).not.toContain('i7');
  });

  it('aws-vod-more-like-x knows by its genre a video that nobody watched', async () => {
    const rows = grouped('Watch', 'Watch').filter(([user, item]) => sameGroup([item], Number(user.slice(1))) === 1);
    const genres = [field('ITEM_ID'), { ...field('GENRES'), categorical: true }];
    const items = Array.from({ length: 12 * groups }, (_, n) => [`i${n}`, `genre ${n % groups}`]);
    const ask = async (itemId: string) =>
      trained('aws-vod-more-like-x', rows, async (model) => (await model.recommend({ itemId, count: 8 })).items, {
        schema: { fields: genres },
        rows: [...items, ['i103', 'genre 3']],
      });
    expect(sameGroup(await ask('i103'), 103)).toBeGreaterThanOrEqual(7);
  });

  it('aws-ecomm-frequently-bought-together learns from purchases what goes together', async () => {
    const [list, metrics] = await trained(
      'aws-ecomm-frequently-bought-together',
      grouped('PURCHASE', 'View'),
      async (model, metrics) => [(await model.recommend({ itemId: 'i7', count: 6 })).items, metrics] as const,
    );
    expect(sameGroup(list, 7)).toBe(6);
    expect(metrics.precision_at_5).toBeGreaterThan(0.2);
  });
});

describe('recommended items', () => {
  const flagship: Recipe = userPersonalizationV2;
  it.each(['aws-ecomm-recommended-for-you', 'aws-vod-top-picks'])(
    '%s learns, updates and answers as the flagship, and explores',
    (name) => {
      const recipe = recipes.find((one) => one.name === name);
      expect(recipe?.learn).toBe(flagship.learn);
      expect(recipe?.open).toBe(flagship.open);
      expect(recipe?.update).toBeTypeOf('function');
      expect(recipe?.exploration).toEqual({ explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' });
      expect(recipe?.useCase?.trainsOn).toBeUndefined();
    },
  );
});

it('aws-vod-trending-now trains on all events, and is measured by trends', async () => {
  const [list, metrics] = await trained(
    'aws-vod-trending-now',
    grouped('Watch', 'Click'),
    async (model, metrics) => [(await model.recommend({ count: 5 })).items, Object.keys(metrics)] as const,
  );
  expect(list).toHaveLength(5);
  expect(metrics).toEqual(['coverage', 'trend_prediction_accuracy']);
});

it('an unknown user or item gets what is popular', async () => {
  const list = await listOf('aws-ecomm-customers-who-viewed-x-also-viewed', popularity('View'), {
    userId: 'nobody',
    itemId: 'nothing',
  });
  expect(list[0]).toBe('wide');
});

it('every use case is a recipe of its domain, with what requests need', () => {
  const useCases = recipes.filter(({ useCase }) => useCase !== undefined);
  expect(useCases.map(({ name, domain }) => `${domain} ${name}`).sort()).toEqual(
    recipes.flatMap(({ name, domain }) => (domain === undefined ? [] : [`${domain} ${name}`])).sort(),
  );
  expect(useCases).toHaveLength(10);
  const requiredIds = Object.fromEntries(useCases.map(({ name, useCase }) => [name, useCase?.requiredIds.join(' ')]));
  expect(requiredIds).toEqual({
    'aws-ecomm-customers-who-viewed-x-also-viewed': 'userId itemId',
    'aws-ecomm-frequently-bought-together': 'itemId',
    'aws-ecomm-popular-items-by-purchases': 'userId',
    'aws-ecomm-popular-items-by-views': 'userId',
    'aws-ecomm-recommended-for-you': 'userId',
    'aws-vod-because-you-watched-x': 'userId itemId',
    'aws-vod-more-like-x': 'userId itemId',
    'aws-vod-most-popular': 'userId',
    'aws-vod-top-picks': 'userId',
    'aws-vod-trending-now': '',
  });
});
