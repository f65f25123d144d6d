import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilePath, filePath, passingKey, pathOf } from '../../data/encryption/file-path.ts';
import { runTraining } from '../training/run-training.ts';
import {
  clusterOfUser,
  field,
  interactionFields,
  planted,
  plantedInteractions,
  temporaryFolder,
  unwatched,
  writeDataset,
} from '../training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput } from '../training/training.ts';
import { forgetUsers } from './forget-users.ts';
import { openModel, openSegmentModel } from './open-model.ts';
import { readVocabulary } from './vocabulary-file.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: { interactions: TrainingInput; users: TrainingInput };
let made = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = {
    interactions: await writeDataset(join(folder.path, 'interactions'), interactionFields, plantedInteractions()),
    users: await writeDataset(
      join(folder.path, 'users'),
      [field('USER_ID'), { ...field('GROUP'), categorical: true }],
      Array.from({ length: planted.users }, (_, user) => [`u${user}`, `group${clusterOfUser(user)}`]),
    ),
  };
});
afterAll(() => folder[Symbol.asyncDispose]());

async function emptyFolder(key?: string): Promise<FilePath> {
  const path = join(folder.path, `folder-${made++}`);
  await mkdir(path);
  return filePath(path, key);
}

async function trained(recipe: string, key?: string): Promise<FilePath> {
  const target = await emptyFolder(key);
  const parameters: Record<string, string> = recipe.endsWith('-v2') ? { hidden_dimension: '32' } : {};
  const request = { recipe, parameters, ...data, limits: serviceTrainingLimits, seed: 1 };
  await runTraining({ ...request, workFolder: pathOf(await emptyFolder()) }, target, unwatched);
  return target;
}

const isForgotten = (id: string) => Number(id.slice(1)) % 3 === 0;
const everyone = Array.from({ length: planted.users }, (_, user) => `u${user}`);

describe.each(['aws-user-personalization', 'aws-user-personalization-v2', 'aws-personalized-ranking'])(
  'a model of %s that forgets users',
  (recipe) => {
    it('answers them as unknown users, and all others to the last digit as before', async () => {
      const model = await trained(recipe);
      const target = await emptyFolder();
      expect(await forgetUsers(model, isForgotten, target)).toBe(planted.users / 3);
      const [before, after] = [await openModel(model), await openModel(target)];
      const ask = async (asked: typeof before, userId: string) => {
        if (recipe.includes('ranking')) return await asked.rank({ userId, items: ['i1', 'i2', 'i3', 'i9'] });
        return await asked.recommend({ userId, count: 20 });
      };
      const unknown = await ask(before, 'nobody');
      for (const userId of everyone) {
        const { items, scores } = await ask(after, userId);
        const expected = isForgotten(userId) ? unknown : await ask(before, userId);
        expect({ userId, items, scores }).toEqual({ userId, items: expected.items, scores: expected.scores });
      }
      const ids = [...(await readVocabulary(join(pathOf(target), 'users.parquet'), folder.path))];
      expect(ids.toSorted()).toEqual(everyone.filter((id) => !isForgotten(id)).toSorted());
    });

    it('forgets all of its users, or none, and nothing is written then', async () => {
      const model = await trained(recipe);
      const none = await emptyFolder();
      expect(await forgetUsers(model, () => false, none)).toBe(0);
      expect(await readdir(pathOf(none))).toEqual([]);
      const target = await emptyFolder();
      expect(await forgetUsers(model, () => true, target)).toBe(planted.users);
      await openModel(target);
    });
  },
);

it.each(['aws-item-affinity', 'aws-item-attribute-affinity'])(
  'segments of %s never list them, and all others as before',
  async (recipe) => {
    const items = await writeDataset(
      join(folder.path, `items-${made++}`),
      [field('ITEM_ID'), { ...field('CLUSTER'), categorical: true }],
      Array.from({ length: planted.clusters * planted.itemsPerCluster }, (_, n) => [
        `i${n}`,
        `c${n % planted.clusters}`,
      ]),
    );
    const target = await emptyFolder();
    const forgetful = await emptyFolder();
    const twice = await emptyFolder();
    const request = { recipe, parameters: {}, ...data, items, limits: serviceTrainingLimits, seed: 1 };
    await runTraining({ ...request, workFolder: pathOf(await emptyFolder()) }, target, unwatched);
    expect(await forgetUsers(target, isForgotten, forgetful)).toBe(planted.users / 3);
    expect(await forgetUsers(forgetful, (id) => id === 'u1', twice)).toBe(1);
    const [before, after] = [await openSegmentModel(target), await openSegmentModel(forgetful)];
    const last = await openSegmentModel(twice);
    for (const segment of [Uint32Array.of(0), Uint32Array.of(3, 8, 20), Uint32Array.of(1, 2, 3, 4, 5)]) {
      const find = async (model: typeof before) => {
        const users = await model.segment({ items: segment, count: planted.users });
        return [...users].map((user) => [...model.users][user]);
      };
      const all = await find(before);
      expect(await find(after)).toEqual(all.filter((id) => id !== undefined && !isForgotten(id)));
      expect(await find(last)).toEqual(all.filter((id) => id !== undefined && !isForgotten(id) && id !== 'u1'));
    }
  },
);

it('keeps a sealed model sealed, with sums that are right', async () => {
  const model = await trained('aws-user-personalization', passingKey());
  const target = await emptyFolder(passingKey());
  expect(await forgetUsers(model, isForgotten, target)).toBe(planted.users / 3);
  await openModel(target);
  expect((await readdir(pathOf(target))).toSorted()).toEqual((await readdir(pathOf(model))).toSorted());
  const tensors = await readFile(join(pathOf(target), 'tensors.safetensors'));
  expect(tensors.includes('history_items')).toBe(false);
});
