import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskError } from '../../util/child-task/task.ts';
import type { Model } from '../model/model.ts';
import { openModel } from '../model/open-model.ts';
import { runTraining } from './run-training.ts';
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
import { serviceTrainingLimits, type TrainingInput, type TrainingResult } from './training.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let interactions: TrainingInput;
let items: TrainingInput;
let made = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  interactions = await writeDataset(join(folder.path, 'interactions'), interactionFields, plantedInteractions());
  items = await writeDataset(join(folder.path, 'items'), [field('ITEM_ID')], [['i0'], ['brand-new']]);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function trained(
  recipe: string,
  parameters: Record<string, string> = {},
  seed = 1,
  files = interactions,
  metadata: { readonly items: TrainingInput; readonly users?: TrainingInput } = { items },
) {
  const modelFolder = join(folder.path, `model-${made++}`);
  const workFolder = join(folder.path, `work-${made}`);
  const request = {
    recipe,
    parameters,
    interactions: files,
    ...metadata,
    limits: serviceTrainingLimits,
    seed,
    modelFolder,
    workFolder,
  };
  const result = await train(request, unwatched);
  return { modelFolder, workFolder, result, model: await openModel(modelFolder) };
}

const ndcg = ({ metrics }: TrainingResult) => metrics.normalized_discounted_cumulative_gain_at_25 ?? 0;
const inCluster = (ids: readonly string[], cluster: number) =>
  ids.filter((id) => clusterOfItem(id) === cluster).length / ids.length;

/**
 * Over some users, the share of the first items that are of the user's own cluster: 1/6 for a model that knows nothing.
 */
async function shareFound(model: Model, count = planted.itemsPerCluster): Promise<number> {
  const users = [0, 7, 50, 111, 239];
  const shares = await Promise.all(
    users.map(async (user) => {
      const { items } = await model.recommend({ userId: `u${user}`, count });
      return inCluster(items, clusterOfUser(user));
    }),
  );
  return shares.reduce((sum, share) => sum + share, 0) / users.length;
}

describe('aws-popularity-count', () => {
  it('recommends what the most different users had, however often each had it', async () => {
    const often = Array.from({ length: 500 }, (_, n) => ['u1', 'had-often-by-one', n]);
    const byAll = Array.from({ length: 200 }, (_, n) => [`u${n}`, 'had-once-by-many', n]);
    const rows = [...plantedInteractions(), ...often, ...byAll];
    const files = await writeDataset(join(folder.path, 'popular'), interactionFields, rows);
    const { model } = await trained('aws-popularity-count', {}, 1, files);
    const all = await model.recommend({ userId: 'u1', count: 500 });
    expect(all.items[0]).toBe('had-once-by-many');
    expect(all.items.indexOf('had-often-by-one')).toBeGreaterThan(70);
    expect(all.scores).toBeUndefined();
    expect(await model.recommend({ count: 500 })).toEqual(all);
    expect(all.items).toHaveLength(new Set(all.items).size);
    expect(all.items).toContain('brand-new');
  });
});

describe('aws-sims', () => {
  /** Every item of the planted data is about as popular as any other, and none may be left out. */
  const all = { max_item_interaction_count_percentile: '1', min_item_interaction_count_percentile: '0' };

  it('finds the items of the same users, never the item itself, and shows no scores', async () => {
    const { model, result } = await trained('aws-sims', all);
    const beside = await model.recommend({ itemId: 'i8', count: 6 });
    expect(inCluster(beside.items, clusterOfItem('i8'))).toBe(1);
    expect((await model.recommend({ itemId: 'i8', count: 1000 })).items).not.toContain('i8');
    expect(beside.scores).toBeUndefined();
    expect(ndcg(result)).toBeGreaterThan(2 * ndcg((await trained('aws-popularity-count')).result));
  });

  it('answers with popular items beside one that it does not know or knows too little of', async () => {
    const { model } = await trained('aws-sims', all);
    const popular = await (await trained('aws-popularity-count')).model.recommend({ count: 10 });
    expect(await model.recommend({ itemId: 'unheard-of', count: 10 })).toEqual(popular);
    expect(await model.recommend({ itemId: 'brand-new', count: 10 })).toEqual(popular);
  });

  it('relates an item that nearly everyone has to others, and never others to it', async () => {
    const fans = Array.from({ length: planted.users }, (_, user) => user).filter((user) => clusterOfUser(user) === 2);
    const hit = [1_700_000_000, 1_700_000_001].flatMap((time) => fans.map((user) => [`u${user}`, 'hit', time]));
    const files = await writeDataset(join(folder.path, 'hit'), interactionFields, [...plantedInteractions(), ...hit]);
    const { model } = await trained('aws-sims', { ...all, max_item_interaction_count_percentile: '0.98' }, 1, files);
    const beside = await model.recommend({ itemId: 'hit', count: 5 });
    expect(inCluster(beside.items, 2)).toBe(1);
    const related = await model.recommend({ itemId: 'i2', count: 5 });
    expect(related.items).not.toContain('hit');
  });

  it('takes the parameters of 2019: two items count as related only within so many days', async () => {
    const day = 86_400;
    const apart = Array.from({ length: 10 }, (_, n) => [
      [`u${n}`, 'spring', 1_000_000_000],
      [`u${n}`, 'summer', 1_000_000_000 + 100 * day],
    ]).flat();
    const rows = [...plantedInteractions(), ...apart];
    const files = await writeDataset(join(folder.path, 'seasons'), interactionFields, rows);
    const besideSpring = async (parameters: Record<string, string>) =>
      await (await trained('aws-sims', { ...all, ...parameters }, 1, files)).model.recommend({
        itemId: 'spring',
        count: 1,
      });
    const summer = { items: ['summer'] };
    expect(await besideSpring({})).toEqual(summer);
    expect(await besideSpring({ copurchase_delta: '100', in_order_decay_fast_half_life: '30' })).toEqual(summer);
    const popular = await (await trained('aws-popularity-count', {}, 1, files)).model.recommend({ count: 1 });
    expect(await besideSpring({ copurchase_delta: '99' })).toEqual(popular);
    expect(await besideSpring({ min_copurchase_count: '11' })).toEqual(popular);
  });
});

describe('aws-user-personalization', () => {
  it("finds the user's cluster, far better than popularity does", async () => {
    const { model, result } = await trained('aws-user-personalization', { hidden_dimension: '32' });
    expect(await shareFound(model)).toBeGreaterThan(0.95);
    expect(ndcg(result)).toBeGreaterThan(2 * ndcg((await trained('aws-popularity-count')).result));
  });

  it('scores the whole catalogue so that the scores sum to 1, with 7 decimals', async () => {
    const { model } = await trained('aws-user-personalization', { hidden_dimension: '32' });
    const { items: ids, scores = [] } = await model.recommend({ userId: 'u3', count: 1000 });
    expect(ids).toHaveLength(planted.clusters * planted.itemsPerCluster + 1);
    expect(scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)).toBeCloseTo(1, 4);
    expect(scores).toEqual(scores.toSorted((a, b) => Number(b) - Number(a)));
    expect(scores.every((score) => Number((score ?? 0).toFixed(7)) === score)).toBe(true);
  });

  it('recommends to a user it does not know what others begin with', async () => {
    const { model } = await trained('aws-user-personalization', { hidden_dimension: '32', recency_mask: 'false' });
    const unknown = await model.recommend({ userId: 'nobody', count: 1000 });
    expect(await model.recommend({ count: 1000 })).toMatchObject({ items: unknown.items, scores: unknown.scores });
    expect(unknown.items.at(-1)).toBe('brand-new');
    const firsts = new Map<string, number>();
    plantedInteractions().forEach(([, item], n) => {
      if (n % planted.interactionsPerUser < 5) firsts.set(String(item), (firsts.get(String(item)) ?? 0) + 1);
    });
    const counts = unknown.items.map((id) => firsts.get(id) ?? 0);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });
});

describe('aws-personalized-ranking', () => {
  it("puts the items of the user's cluster first, each once, and unknown ones last without a score", async () => {
    const { model } = await trained('aws-personalized-ranking', { hidden_dimension: '32' });
    const cluster = clusterOfUser(10);
    const [own, other] = [`i${cluster}`, `i${(cluster + 1) % planted.clusters}`];
    const ranked = await model.rank({ userId: 'u10', items: ['zzz', other, 'brand-new', own, other, 'aaa'] });
    expect(ranked.items).toEqual([own, other, 'zzz', 'brand-new', 'aaa']);
    expect(ranked.scores?.slice(2)).toEqual([null, null, null]);
    expect(Number(ranked.scores?.[0]) + Number(ranked.scores?.[1])).toBeCloseTo(1, 6);
    expect(await model.rank({ userId: 'u10', items: ['b', 'a'] })).toMatchObject({
      items: ['b', 'a'],
      scores: [null, null],
    });
    const forNobody = await model.rank({ userId: 'nobody', items: [own, other] });
    expect(forNobody.scores?.every((score) => score !== null)).toBe(true);
  });
});

describe('aws-user-personalization-v2', () => {
  it("finds the user's cluster, and scores all items that have interactions", async () => {
    const { model, modelFolder, result } = await trained('aws-user-personalization-v2');
    // It knows what comes next, and nobody has had all of a cluster or anything twice.
    expect(await shareFound(model, 2)).toBeGreaterThan(0.8);
    expect(ndcg(result)).toBeGreaterThan(2 * ndcg((await trained('aws-popularity-count')).result));
    const { items: ids, scores = [] } = await model.recommend({ userId: 'u3', count: 1000 });
    expect(ids.at(-1)).toBe('brand-new');
    expect(scores.at(-1)).toBeNull();
    expect(scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)).toBeCloseTo(1, 4);
    expect(await readdir(modelFolder)).toContain('encoder.onnx');
  });

  it('tells by metadata which of the items that nobody had are for whom', async () => {
    const records = [
      ...Array.from({ length: planted.clusters * planted.itemsPerCluster }, (_, item) => `i${item}`),
      ...Array.from({ length: planted.clusters }, (_, cluster) => `i${cluster + 1000 * planted.clusters}`),
    ].map((id, n) => [
      id,
      `cluster${clusterOfItem(id)}`,
      `text number ${n} of many, ${n % 7} words`,
      n % 3 === 0 ? null : n,
    ]);
    const fields = [
      field('ITEM_ID'),
      { ...field('CLUSTER'), categorical: true },
      { ...field('ABOUT'), textual: true },
      field('SIZE', 'int'),
    ];
    const metadata = {
      items: await writeDataset(join(folder.path, 'described'), fields, records),
      users: await writeDataset(
        join(folder.path, 'people'),
        [field('USER_ID'), { ...field('GROUP'), categorical: true }],
        Array.from({ length: planted.users }, (_, user) => [`u${user}`, `group${user % 4}`]),
      ),
    };
    const { model, modelFolder } = await trained('aws-user-personalization-v2', {}, 1, interactions, metadata);
    let own = 0;
    for (let user = 0; user < planted.clusters; user++) {
      const { items: ids } = await model.recommend({ userId: `u${user}`, count: 1000 });
      const unseen = ids.filter((id) => Number(id.slice(1)) >= 1000);
      expect(unseen).toHaveLength(planted.clusters);
      if (inCluster(unseen.slice(0, 1), clusterOfUser(user)) === 1) own++;
    }
    expect(own).toBeGreaterThan(planted.clusters / 2);
    const description = JSON.parse(await readFile(join(modelFolder, 'model.json'), 'utf8'));
    expect(description.itemColumns.map(({ kind }: { kind: string }) => kind)).toEqual([
      'categorical',
      'textual',
      'numeric',
    ]);
  });
});

describe('train', () => {
  it.each(['aws-popularity-count', 'aws-sims', 'aws-user-personalization', 'aws-user-personalization-v2'])(
    'makes the same bytes of %s from the same seed, and reports the same metrics',
    async (recipe) => {
      const [one, two] = [await trained(recipe), await trained(recipe)];
      expect(two.result.metrics).toEqual(one.result.metrics);
      expect(await digests(two.modelFolder)).toEqual(await digests(one.modelFolder));
    },
  );

  it('gives other metrics for another seed, since other users are held out', async () => {
    const [one, two] = [await trained('aws-popularity-count', {}, 1), await trained('aws-popularity-count', {}, 2)];
    expect(two.result.metrics).not.toEqual(one.result.metrics);
  });

  it('leaves nothing but the model behind', async () => {
    const { modelFolder, workFolder } = await trained('aws-popularity-count');
    expect((await readdir(modelFolder)).sort()).toEqual(['items.parquet', 'model.json', 'tensors.safetensors']);
    expect(await readdir(workFolder)).not.toContain('model');
  });

  it.each([
    ['aws-user-personalization', false],
    ['aws-user-personalization-v2', true],
  ])('looks at metadata where the recipe learns from it: %s', async (recipe, evaluations) => {
    const fields = [field('ITEM_ID'), { ...field('GENRE'), categorical: true }];
    const described = Array.from({ length: 72 }, (_, n) => [`i${n}`, `genre${n % 6}`]);
    const about = await writeDataset(join(folder.path, recipe), fields, [...described, ['brand-new', 'genre1']]);
    const notes: string[] = [];
    const request = { recipe, parameters: {}, interactions, items: about, limits: serviceTrainingLimits, seed: 1 };
    const target = await mkdtemp(join(folder.path, 'looks-'));
    await runTraining({ ...request, workFolder: target }, target, {
      ...unwatched,
      report: (_, note) => notes.push(note),
    });
    expect(notes.includes('learning features of items')).toBe(evaluations);
    expect((await (await openModel(target)).recommend({ userId: 'u0', count: 100 })).items).toContain('brand-new');
  });

  it('says what the data lacks, and makes no folder', async () => {
    const few = await writeDataset(join(folder.path, 'few'), interactionFields, plantedInteractions().slice(0, 500));
    const failure = trained('aws-sims', {}, 1, few);
    await expect(failure).rejects.toThrow(TaskError);
    await expect(failure).rejects.toThrow('Create failed. Dataset has fewer than 1000 interactions.');
    expect(existsSync(join(folder.path, `model-${made - 1}`))).toBe(false);
  });

  it('stops at an abort, with its reason, and leaves no model', async () => {
    const stop = new AbortController();
    const modelFolder = join(folder.path, 'stopped');
    const workFolder = join(folder.path, 'stopped-work');
    const progress = {
      signal: stop.signal,
      report() {
        stop.abort(new Error('stopped by a test'));
      },
    };
    const request = { parameters: {}, interactions, limits: serviceTrainingLimits, seed: 1, modelFolder, workFolder };
    await expect(train({ recipe: 'aws-user-personalization', ...request }, progress)).rejects.toThrow(
      'stopped by a test',
    );
    expect(existsSync(modelFolder)).toBe(false);
    expect(existsSync(join(workFolder, 'model'))).toBe(false);
  });
});

describe('openModel', () => {
  it('opens a folder that was moved, to the same answers', async () => {
    const { modelFolder, model } = await trained('aws-user-personalization', { hidden_dimension: '32' });
    const elsewhere = join(folder.path, 'elsewhere');
    await cp(modelFolder, elsewhere, { recursive: true });
    const query = { userId: 'u5', count: 20 };
    expect(await (await openModel(elsewhere)).recommend(query)).toEqual(await model.recommend(query));
    expect(model.bytes).toBeGreaterThan(4 * 32 * planted.clusters * planted.itemsPerCluster);
  });

  it('refuses a newer format and an unknown recipe with a sentence', async () => {
    const { modelFolder } = await trained('aws-popularity-count');
    const path = join(modelFolder, 'model.json');
    const { sha256, ...description } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...description, sha256, recipe: 'aws-of-tomorrow' }));
    await expect(openModel(modelFolder)).rejects.toThrow('model.json is damaged');
    await writeFile(path, JSON.stringify({ ...description, recipe: 'aws-of-tomorrow' }));
    await expect(openModel(modelFolder)).rejects.toThrow('of the recipe aws-of-tomorrow');
    await writeFile(path, JSON.stringify({ ...description, format: 2 }));
    await expect(openModel(modelFolder)).rejects.toThrow('has format 2, and this version');
  });
});

async function digests(modelFolder: string): Promise<Record<string, string>> {
  const names = await readdir(modelFolder);
  const entries = names.map(async (name) => {
    const content = await readFile(join(modelFolder, name));
    return [name, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
