import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskWhere } from '../../model/item-mask.ts';
import { openModel, openSegmentModel } from '../../model/open-model.ts';
import type { SegmentModel } from '../../model/segment-model.ts';
import { runTraining } from '../../training/run-training.ts';
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
} from '../../training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput } from '../../training/training.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let interactions: TrainingInput;
let items: TrainingInput;
beforeAll(async () => {
  folder = await temporaryFolder();
  interactions = await writeDataset(join(folder.path, 'interactions'), interactionFields, plantedInteractions());
  const fields = [field('ITEM_ID'), { ...field('KIND'), categorical: true }, field('WEIGHT', 'int')];
  const count = planted.clusters * planted.itemsPerCluster;
  const rows = Array.from({ length: count }, (_, n) => [`i${n}`, `kind ${n % planted.clusters}|any`, n % 4]);
  // The last one is of a kind, and nobody has had it.
  items = await writeDataset(join(folder.path, 'items'), fields, [...rows, ['new', 'kind 2|any', 1]]);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function trained(
  recipe: string,
  { name = recipe, ...given }: { readonly name?: string; readonly items?: TrainingInput | undefined } = { items },
) {
  const model = join(folder.path, name);
  await mkdir(model);
  const data = { interactions, ...given, limits: serviceTrainingLimits };
  const parameters = { hidden_dimension: '32' };
  const request = { recipe, parameters, ...data, seed: 1, workFolder: folder.path };
  const metrics = await runTraining(request, model, unwatched);
  return { metrics, folder: model, model: await openSegmentModel(model) };
}

/** The clusters of the best users for a subject. */
async function clustersFor(model: SegmentModel, subject: string, count = 20) {
  const users = await model.segment({ items: model.itemsOf(subject), count });
  return Array.from(users, (user) => clusterOfUser(Number(model.users.id(user).slice(1))));
}

describe('aws-item-affinity', () => {
  it('finds the users for an item, and for a new one by its metadata', async () => {
    const { model, metrics } = await trained('aws-item-affinity');
    for (const itemId of ['i3', 'i31']) {
      const clusters = await clustersFor(model, itemId);
      expect(clusters.filter((cluster) => cluster === clusterOfItem(itemId)).length).toBeGreaterThan(17);
    }
    const clusters = await clustersFor(model, 'new');
    expect(clusters.filter((cluster) => cluster === 2).length).toBeGreaterThan(17);
    // By chance, three users of 240 find a hundredth of those who come.
    expect(metrics.recall_at_1_percent).toBeGreaterThan(0.04);
    expect(metrics.hits_at_1_percent).toBeGreaterThan(0.3);
  });

  it('does without metadata, has in a segment only whom it may have, and answers no requests', async () => {
    const { model, folder: stored } = await trained('aws-item-affinity', { name: 'plain' });
    const subject = model.itemsOf('i4');
    const eligible = maskWhere(planted.users, (user) => user % 2 === 0);
    const segment = await model.segment({ items: subject, count: 1000, eligible });
    expect(segment).toHaveLength(planted.users / 2);
    expect(segment.every((user) => user % 2 === 0)).toBe(true);
    expect(() => model.itemsOf('new')).toThrow('Item new is not in the training data.');
    expect(model.key).toBe('itemId');
    await expect(openModel(stored)).rejects.toThrow('makes segments and answers no requests');
  });
});

describe('aws-item-attribute-affinity', () => {
  it('finds the users for items with all of some attributes', async () => {
    const { model, metrics } = await trained('aws-item-attribute-affinity');
    const clusters = await clustersFor(model, 'items.kind = "kind 5" AND ITEMS.WEIGHT = 1');
    expect(clusters.filter((cluster) => cluster === 5).length).toBeGreaterThan(17);
    expect(await clustersFor(model, 'ITEMS.KIND = "kind 9"')).toEqual([]);
    expect(model.key).toBe('itemAttributes');
    expect(metrics.recall_at_1_percent).toBeGreaterThan(0.01);
  });

  it.each([
    ['all items are alike', Array.from({ length: 72 }, (_, n) => [`i${n}`, 'same'])],
    ['one item has an attribute, and nobody has had it', [['other', 'same']]],
    ['no two items have one in common', Array.from({ length: 72 }, (_, n) => [`i${n}`, n === 0 ? 'same' : `${n}☃`])],
  ])('finds users where %s', async (name, rows) => {
    const fields = [field('ITEM_ID'), { ...field('KIND'), categorical: true }];
    const few = await writeDataset(join(folder.path, `few ${name}`), fields, rows);
    const { model, metrics } = await trained('aws-item-attribute-affinity', { name, items: few });
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    const found = await model.segment({ items: model.itemsOf("ITEMS.KIND = 'same'"), count: 5 });
    expect(new Set(found).size).toBe(5);
  });

  it('needs items with an attribute', async () => {
    const texts = [field('ITEM_ID'), { ...field('PLOT'), textual: true }];
    const onlyTexts = await writeDataset(join(folder.path, 'texts'), texts, [['i1', 'A plot.']]);
    const request = { recipe: 'aws-item-attribute-affinity', parameters: {}, interactions, items: onlyTexts };
    const training = { ...request, limits: serviceTrainingLimits, seed: 1, workFolder: folder.path };
    await expect(runTraining(training, join(folder.path, 'never'), unwatched)).rejects.toThrow(
      'Create failed. The schema of the Items dataset has no categorical or numeric field beside the reserved ones',
    );
  });
});
