import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskError } from '../../util/child-task/task.ts';
import { openModel } from '../model/open-model.ts';
import { train } from './train.ts';
import {
  clusterOfItem,
  clusterOfUser,
  field,
  interactionFields,
  planted,
  plantedInteractions,
  temporaryFolder,
  unwatched,
  writeDataset,
} from './training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput } from './training.ts';

type Data = { readonly interactions: TrainingInput; readonly items: TrainingInput; readonly users: TrainingInput };
type Rows = Parameters<typeof writeDataset>[2];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const withType = [...interactionFields, { ...field('EVENT_TYPE'), categorical: true }];
const itemFields = [field('ITEM_ID'), { ...field('CLUSTER'), categorical: true }];
const userFields = [field('USER_ID'), { ...field('GROUP'), categorical: true }];
const itemCount = planted.clusters * planted.itemsPerCluster;
const newest = 1_700_000_000;

const known = {
  interactions: plantedInteractions().map((row, n) => [...row, n % 3 === 0 ? 'buy' : 'view']),
  items: Array.from({ length: itemCount }, (_, n) => [`i${n}`, `cluster${clusterOfItem(`i${n}`)}`]),
  users: Array.from({ length: planted.users }, (_, user) => [`u${user}`, `group${clusterOfUser(user)}`]),
};

let made = 0;
/** What was known, and what has come since. */
async function dataWith({ interactions = [], items = [], users = [] }: Partial<Record<keyof Data, Rows>>) {
  const at = join(folder.path, `data-${made++}`);
  return {
    interactions: await writeDataset(join(at, 'interactions'), withType, known.interactions, interactions),
    items: await writeDataset(join(at, 'items'), itemFields, [...known.items], items),
    users: await writeDataset(join(at, 'users'), userFields, [...known.users], users),
  };
}

async function modelOf(recipe: string, data: Data, before?: string) {
  const modelFolder = join(folder.path, `model-${made++}`);
  const result = await train(
    {
      recipe,
      parameters: {},
      ...data,
      limits: serviceTrainingLimits,
      seed: 1,
      modelToUpdate: before,
      modelFolder,
      workFolder: join(folder.path, `work-${made}`),
    },
    unwatched,
  );
  return { modelFolder, result, model: await openModel(modelFolder) };
}

const firsts = new Map<string, ReturnType<typeof modelOf>>();
/** The model of what was known. */
async function trainedModelOf(recipe: string) {
  const trained = firsts.get(recipe) ?? modelOf(recipe, await dataWith({}));
  firsts.set(recipe, trained);
  return await trained;
}

const description = async (modelFolder: string) =>
  JSON.parse(await readFile(join(modelFolder, 'model.json'), 'utf8')) as { counts: Record<string, number> };

const fansOf = (cluster: number) =>
  Array.from({ length: planted.users }, (_, user) => user).filter((user) => clusterOfUser(user) === cluster);

describe.each(['aws-user-personalization', 'aws-user-personalization-v2'])('an update of %s', (recipe) => {
  let first: Awaited<ReturnType<typeof modelOf>>;
  beforeAll(async () => {
    first = await trainedModelOf(recipe);
  });

  it('changes nothing where nothing has come', async () => {
    const same = await modelOf(recipe, await dataWith({}), first.modelFolder);
    for (const userId of ['u1', 'u77', 'nobody']) {
      expect(await same.model.recommend({ userId, count: 30 })).toEqual(
        await first.model.recommend({ userId, count: 30 }),
      );
    }
    expect(same.result.metrics).toEqual(first.result.metrics);
  });

  it('takes in an item that some have had since, for those who like such items', async () => {
    const since = fansOf(2)
      .slice(0, 25)
      .map((user, n) => [`u${user}`, 'hit', newest + n, 'view']);
    const updated = await modelOf(recipe, await dataWith({ interactions: since }), first.modelFolder);
    const [fan, other] = [fansOf(2).at(-1), fansOf(3).at(-1)].map((user) => `u${user}`);
    const placeFor = async (userId?: string) =>
      (await updated.model.recommend({ userId, count: itemCount + 1 })).items.indexOf('hit');
    expect((await first.model.recommend({ userId: fan, count: 500 })).items).not.toContain('hit');
    expect(await placeFor(fan)).toBeLessThan(planted.itemsPerCluster);
    expect(await placeFor(fan)).toBeLessThan(await placeFor(other));
    const { counts } = await description(updated.modelFolder);
    expect(counts).toMatchObject({ items: itemCount + 1, interactions: known.interactions.length + since.length });
  });

  it('knows users who have come since, and what others have done since', async () => {
    const since = Array.from({ length: 6 }, (_, n) => [
      ['newcomer', `i${n * planted.clusters + 4}`, newest + n, 'view'],
      ['u0', `i${n * planted.clusters + 4}`, newest + n, 'buy'],
    ]).flat();
    const { model } = await modelOf(recipe, await dataWith({ interactions: since }), first.modelFolder);
    const ofCluster4 = async (userId: string, from = model) =>
      (await from.recommend({ userId, count: 6 })).items.filter((id) => clusterOfItem(id) === 4).length;
    expect(await ofCluster4('newcomer')).toBeGreaterThan(3);
    expect(await ofCluster4('newcomer', first.model)).toBeLessThan(3);
    expect(await ofCluster4('u0')).toBeGreaterThan(await ofCluster4('u0', first.model));
  });

  it('fails with a reason where the data no longer suffices', async () => {
    const data = await dataWith({});
    const few = await writeDataset(join(folder.path, `few-${made++}`), withType, known.interactions.slice(0, 200));
    const failure = modelOf(recipe, { ...data, interactions: few }, first.modelFolder);
    await expect(failure).rejects.toThrow(TaskError);
    await expect(failure).rejects.toThrow('fewer than 1000 interactions');
  });
});

describe('an update of aws-user-personalization-v2', () => {
  it('tells by metadata whom an item is for that nobody has had', async () => {
    const first = await trainedModelOf('aws-user-personalization-v2');
    const items = Array.from({ length: planted.clusters }, (_, cluster) => [
      `i${cluster + 1000 * planted.clusters}`,
      `cluster${cluster}`,
    ]);
    const { model } = await modelOf('aws-user-personalization-v2', await dataWith({ items }), first.modelFolder);
    let own = 0;
    for (let user = 0; user < planted.clusters; user++) {
      const { items: ids } = await model.recommend({ userId: `u${user}`, count: 1000 });
      const unseen = ids.filter((id) => Number(id.slice(1)) >= 1000);
      expect(unseen).toHaveLength(planted.clusters);
      if (clusterOfItem(unseen[0] ?? '') === clusterOfUser(user)) own++;
    }
    expect(own).toBeGreaterThan(planted.clusters / 2);
  });

  it('fails with a reason where the data has lost a column that the model reads', async () => {
    const data = await dataWith({});
    const { modelFolder } = await trainedModelOf('aws-user-personalization-v2');
    const rows = plantedInteractions();
    const interactions = await writeDataset(join(folder.path, `plain-${made++}`), interactionFields, rows);
    const failure = modelOf('aws-user-personalization-v2', { ...data, interactions }, modelFolder);
    await expect(failure).rejects.toThrow('The interactions have no column EVENT_TYPE any more');
  });
});

describe('other recipes', () => {
  it('are not updated', async () => {
    const data = await dataWith({});
    const { modelFolder } = await modelOf('aws-sims', data);
    await expect(modelOf('aws-sims', data, modelFolder)).rejects.toThrow('aws-sims cannot be updated');
  });
});
