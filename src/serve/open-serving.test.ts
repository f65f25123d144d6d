import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openStore } from '../data/objects/open-store.ts';
import { eligibleCount, maskWhere } from '../learn/model/item-mask.ts';
import { openModel } from '../learn/model/open-model.ts';
import type { ServedType } from '../learn/recipes/recipe.ts';
import { train } from '../learn/training/train.ts';
import {
  interactionFields,
  planted,
  plantedInteractions,
  temporaryFolder,
  unwatched,
  writeDataset,
} from '../learn/training/training.fixture.ts';
import { serviceTrainingLimits } from '../learn/training/training.ts';
import { openServing } from './open-serving.ts';
import type { Serving } from './serving.ts';

const recipes: Readonly<Record<string, ServedType>> = {
  'aws-user-personalization': 'USER_PERSONALIZATION',
  'aws-personalized-ranking': 'PERSONALIZED_RANKING',
  'aws-sims': 'RELATED_ITEMS',
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let serving: Serving;

const trainedFolder = (recipe: string) => join(folder.path, `trained-${recipe}`);

const deployed = (recipe: string) => ({
  ownerArn: `arn:aws:personalize:us-east-1:000000000000:campaign/${recipe}`,
  recipeType: recipes[recipe] ?? 'USER_PERSONALIZATION',
  model: `models/${recipe}/`,
});

beforeAll(async () => {
  folder = await temporaryFolder();
  const interactions = await writeDataset(join(folder.path, 'data'), interactionFields, plantedInteractions());
  for (const recipe of Object.keys(recipes)) {
    const modelFolder = trainedFolder(recipe);
    const workFolder = join(folder.path, 'work');
    const request = { recipe, parameters: {}, interactions, limits: serviceTrainingLimits, seed: 1 };
    await train({ ...request, modelFolder, workFolder }, unwatched);
    await cp(modelFolder, join(folder.path, 'store/models', recipe), { recursive: true });
  }
  serving = await openServing({
    store: await openStore({ folder: join(folder.path, 'store') }),
    workers: 2,
    idleAfterMs: 60_000,
    memoryLimitBytes: 2 ** 30,
    now: () => performance.now(),
  });
});

afterAll(async () => {
  await serving.close();
  await folder[Symbol.asyncDispose]();
});

test('a trained model answers from its thread as it does when asked at once', async () => {
  const ask = { userId: 'u7', count: 10 };
  const beside = { itemId: 'i3', count: 10 };
  const inOrder = { userId: 'u7', items: ['i1', 'unheard-of', 'i50', 'i20'] };
  const direct = async (recipe: string) => openModel(trainedFolder(recipe));

  const recommended = await serving.recommend(deployed('aws-user-personalization'), ask);
  expect(recommended.items).toHaveLength(10);
  expect(recommended).toEqual(await (await direct('aws-user-personalization')).recommend(ask));
  expect([...(await serving.items(deployed('aws-sims')))]).toEqual([...(await direct('aws-sims')).items]);
  const related = await serving.recommend(deployed('aws-sims'), beside);
  expect(related).toEqual(await (await direct('aws-sims')).recommend(beside));
  const eligible = maskWhere(planted.clusters * planted.itemsPerCluster, (item) => item % 5 === 0, 'shared');
  const masked = await serving.recommend(deployed('aws-user-personalization'), { ...ask, count: 500, eligible });
  expect(masked.items).toHaveLength(eligibleCount(eligible));
  const ranked = await serving.rank(deployed('aws-personalized-ranking'), inOrder);
  expect(ranked.items.at(-1)).toBe('unheard-of');
  expect(ranked).toEqual(await (await direct('aws-personalized-ranking')).rank(inOrder));
});

test('an answer is explained as the model explains it, while others are answered', async () => {
  const deployment = deployed('aws-user-personalization');
  const ask = { userId: 'u7', count: 5 };
  const { items, scores } = await serving.recommend(deployment, ask);
  const query = { userId: 'u7', items: items.map((id) => ({ id })) };
  const ended: string[] = [];
  const end = (what: string) => () => ended.push(what);
  const explaining = serving.explain(deployment, query);
  await Promise.all([
    explaining.then(end('the explanation')),
    serving.recommend(deployment, ask).then(end('another answer')),
  ]);
  expect(ended).toEqual(['another answer', 'the explanation']);
  const explanation = await explaining;
  expect(explanation).toEqual(await (await openModel(trainedFolder('aws-user-personalization'))).explain(query));
  expect(explanation.items.map((item) => item.kind === 'scored' && item.score)).toEqual(scores);
});

test('memory comes and goes with the models, time and again', async () => {
  const deployment = deployed('aws-user-personalization');
  const other = deployed('aws-sims').ownerArn;
  serving.release(other);
  for (let time = 0; time < 5; time++) {
    expect((await serving.recommend(deployment, { userId: 'u7', count: 3 })).items).toHaveLength(3);
    expect(serving.loaded().find(({ ownerArn }) => ownerArn === deployment.ownerArn)?.bytes).toBeGreaterThan(1000);
    serving.release(deployment.ownerArn);
    await vi.waitFor(() => expect(serving.loaded().map(({ ownerArn }) => ownerArn)).not.toContain(deployment.ownerArn));
  }
});

test('models of the same ids hold them once, and each byte counts once', async () => {
  const [one, other] = [deployed('aws-user-personalization'), deployed('aws-personalized-ranking')];
  for (const { ownerArn } of serving.loaded()) serving.release(ownerArn);
  await vi.waitFor(() => expect(serving.loaded()).toEqual([]));
  const bytesOf = ({ ownerArn }: typeof one) => serving.loaded().find((each) => each.ownerArn === ownerArn)?.bytes ?? 0;
  await serving.prepare(one);
  const alone = bytesOf(one);
  const ids = await serving.items(one);
  await serving.prepare(other);
  expect(await serving.items(other)).toBe(ids);
  expect(bytesOf(one)).toBeLessThanOrEqual(alone - Math.floor(ids.bytes / 2));
  expect((await serving.recommend(one, { userId: 'u7', count: 3 })).items).toHaveLength(3);
  serving.release(one.ownerArn);
  await vi.waitFor(() => expect(bytesOf(one)).toBe(0));
  const ranked = await serving.rank(other, { userId: 'u7', items: ['i1', 'i2'] });
  expect(ranked.items).toHaveLength(2);
  const shared = bytesOf(other);
  await serving.prepare(one);
  expect(bytesOf(one) + bytesOf(other)).toBeLessThanOrEqual(alone + shared - ids.bytes);
});

test('a model that lost a file is refused with a reason, and answers again when it is whole', async () => {
  const deployment = deployed('aws-sims');
  const stored = join(folder.path, 'store', deployment.model, 'items.parquet');
  serving.release(deployment.ownerArn);
  await rm(stored);
  await expect(serving.prepare(deployment)).rejects.toThrow('items.parquet');
  await cp(join(trainedFolder('aws-sims'), 'items.parquet'), stored);
  expect((await serving.recommend(deployment, { itemId: 'i3', count: 3 })).items).toHaveLength(3);
});
