import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstEligible } from '../families/popularity/popular-items.ts';
import { uint32Tensor } from '../model/model-content.ts';
import { readContent, readDescription } from '../model/model-folder.ts';
import { Vocabulary } from '../model/vocabulary.ts';
import type { RecipeOf } from '../recipes/recipe.ts';
import { runTraining } from './run-training.ts';
import {
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

const facts = {
  description: 'Is there for a test.',
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2030, 0, 1),
} as const;

const name = { ...field('NAME'), isItemName: true } as const;
const plot = { ...field('PLOT'), textual: true };
const itemFields = [field('ITEM_ID'), name, plot, field('PRICE', 'float')];

/** Orders items by the length of their names, and does without interactions. */
const byName: RecipeOf<'RELATED_ITEMS'> = {
  ...facts,
  name: 'toy-by-name',
  recipeType: 'RELATED_ITEMS',
  datasets: { INTERACTIONS: 'optional', ITEMS: 'required' },
  neededFields: [
    { dataset: 'ITEMS', what: 'string field with "itemName": true', isMetBy: ({ isItemName }) => isItemName === true },
    { dataset: 'ITEMS', what: 'string field with "textual": true', isMetBy: ({ textual }) => textual },
  ],
  itemColumn: ({ isItemName }) => (isItemName ? 'textual' : undefined),
  usesHistory: false,
  evaluation: ({ histories }) => ({
    users: new Uint32Array(),
    histories,
    sentence: 'nothing is held out',
    measure: async (model) => ({ coverage: (await model.recommend({ item: 0, count: 9 })).items.length }),
  }),
  async learn({ itemMetadata, itemCount }) {
    learned++;
    const lengths: number[] = [];
    for await (const [cell] of itemMetadata?.rows(1) ?? []) lengths.push(String(cell ?? '').length);
    const order = Uint32Array.from({ length: itemCount }, (_, item) => item);
    order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
    return { tensors: { order: { shape: [itemCount], data: order } }, constants: {} };
  },
  async open({ items, learned: { tensors, ...others } }) {
    const order = uint32Tensor({ tensors, ...others }, 'order');
    return { items, bytes: 0, recommend: async (query) => ({ items: firstEligible(order, query) }) };
  },
};
let learned = 0;

/** Users by how many of their interactions are with any of the items. */
const byCount: RecipeOf<'USER_SEGMENTATION'> = {
  ...facts,
  name: 'toy-by-count',
  recipeType: 'USER_SEGMENTATION',
  datasets: { INTERACTIONS: 'required' },
  usesHistory: true,
  async learn({ histories }) {
    const { starts, ends, items } = histories;
    const data = { starts: starts.slice(), ends: ends.slice(), items: items.slice() };
    const tensors = Object.entries(data).map(([key, array]) => [key, { shape: [array.length], data: array }]);
    return { tensors: Object.fromEntries(tensors), constants: {} };
  },
  async open({ items, users = Vocabulary.of([]), learned: content }) {
    const [starts, ends, had] = ['starts', 'ends', 'items'].map((key) => uint32Tensor(content, key));
    return {
      bytes: 0,
      items,
      users,
      key: 'itemId',
      itemsOf: () => new Uint32Array(),
      async segment({ items: wanted, count, eligible }) {
        const similar = new Set(Array.from(wanted, (item) => Number(items.id(item).slice(1)) % planted.clusters));
        const counts = Array.from(starts, (start, user) => {
          const own = had.subarray(start, ends[user]);
          return own.filter((item) => similar.has(Number(items.id(item).slice(1)) % planted.clusters)).length;
        });
        const order = Array.from(counts.keys()).filter(
          (user) => !eligible || ((eligible.words[user >>> 5] ?? 0) >>> (user & 31)) % 2 === 1,
        );
        return Uint32Array.from(order.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, count));
      },
      measuredSegments: () => Array.from(items, (_, item) => Uint32Array.of(item)),
    };
  },
};

async function trained(
  recipe: RecipeOf<'RELATED_ITEMS'> | RecipeOf<'USER_SEGMENTATION'>,
  data: (folder: string) => Promise<{ interactions?: TrainingInput; items?: TrainingInput }>,
) {
  await using folder = await temporaryFolder();
  const model = join(folder.path, 'model');
  await mkdir(model);
  const request = {
    recipe: recipe.name,
    parameters: {},
    ...(await data(join(folder.path, 'data'))),
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: folder.path,
  };
  const metrics = await runTraining(request, model, unwatched, undefined, recipe);
  return { metrics, content: await readContent(model, await readDescription(model), recipe.usesHistory) };
}

const films = (folder: string, fields = itemFields) =>
  writeDataset(
    folder,
    fields,
    ['Up', 'Jaws', 'Vertigo'].map((title, n) => [`f${n}`, title, 'A plot.', n].slice(0, fields.length)),
  );

describe('a recipe that does without interactions', () => {
  it('trains on items alone, reads the columns it names, and is measured as it is served', async () => {
    learned = 0;
    const { metrics, content } = await trained(byName, async (folder) => ({ items: await films(folder) }));
    expect(metrics).toEqual({ coverage: 3 });
    expect(learned).toBe(1);
    const { items } = await (await byName.open(content)).recommend({ item: 0, count: 3 });
    expect(Array.from(items, (item) => content.items.id(item))).toEqual(['f2', 'f1', 'f0']);
  });

  it('takes interactions along where there are some, however few', async () => {
    const { content } = await trained(byName, async (folder) => ({
      items: await films(join(folder, 'items')),
      interactions: await writeDataset(join(folder, 'interactions'), interactionFields, [['u1', 'f1', 1]]),
    }));
    expect(content.items.id(0)).toBe('f1');
  });

  it('fails in a sentence without items, and without the columns that it needs', async () => {
    const none = trained(byName, async (folder) => ({ items: await writeDataset(folder, itemFields, []) }));
    await expect(none).rejects.toThrow('Create failed. The Items dataset has no items: import or send some.');
    const unnamed = trained(byName, async (folder) => ({ items: await films(folder, [field('ITEM_ID')]) }));
    await expect(unnamed).rejects.toThrow(
      'Create failed. The schema of the Items dataset has no string field with "itemName": true and no string field with "textual": true that trains',
    );
  });
});

describe('a recipe of segments', () => {
  const interactions = async (folder: string, rows = plantedInteractions()) => ({
    interactions: await writeDataset(folder, interactionFields, rows),
  });

  it('is measured by who interacts with an item later: hits and recall in the best hundredth, and coverage', async () => {
    const { metrics, content } = await trained(byCount, interactions);
    expect(Object.keys(metrics)).toEqual(['coverage', 'hits_at_1_percent', 'recall_at_1_percent']);
    // Three users of 240 are the best hundredth. Those of an item's cluster interact with it later, one in six.
    expect(metrics.hits_at_1_percent).toBeGreaterThan(0.4);
    expect(metrics.recall_at_1_percent).toBeGreaterThan(0.05);
    const model = await byCount.open(content);
    const [user = 0] = await model.segment({ items: Uint32Array.of(0), count: 1 });
    expect(clusterOfUser(Number(model.users.id(user).slice(1)))).toBe(
      Number(model.items.id(0).slice(1)) % planted.clusters,
    );
  });

  it('needs interactions of different times', async () => {
    const rows = plantedInteractions().map(([user = null, item = null]) => [user, item, 7]);
    await expect(trained(byCount, (folder) => interactions(folder, rows))).rejects.toThrow(
      'Create failed. All interactions have the timestamp 7: import some of different times.',
    );
  });
});
