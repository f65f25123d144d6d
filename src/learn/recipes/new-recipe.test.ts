import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstEligible } from '../families/popularity/popular-items.ts';
import { noHistory } from '../histories/histories.ts';
import { isEligible, maskWhere } from '../model/item-mask.ts';
import { subjectOf } from '../model/item-model.ts';
import { byIds } from '../model/model-by-ids.ts';
import { uint32Tensor } from '../model/model-content.ts';
import { readContent, readDescription } from '../model/model-folder.ts';
import { runTraining } from '../training/run-training.ts';
import {
  interactionFields,
  planted,
  plantedInteractions,
  temporaryFolder,
  unwatched,
  writeDataset,
} from '../training/training.fixture.ts';
import { serviceTrainingLimits } from '../training/training.ts';
import { parameterViolations } from './parameters.ts';
import { type ModelOf, type RecipeOf, usualDatasets } from './recipe.ts';
import { recipeTypes, servedType } from './recipe-types.ts';

/** All that a recipe needs to be: the items in reverse order of their indexes, from a certain rank on. */
const reversed: RecipeOf<'POPULAR_ITEMS'> = {
  name: 'toy-reversed',
  recipeType: 'POPULAR_ITEMS',
  description: 'Recommends what nobody asked for.',
  algorithmHyperParameters: [{ name: 'skip', kind: 'integer', default: 0, min: 0, max: 10, tunable: false }],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2030, 0, 1),
  datasets: usualDatasets,
  usesHistory: false,
  async learn({ itemCount, parameters }) {
    const length = itemCount - parameters.number('skip');
    return {
      tensors: { order: { shape: [length], data: Uint32Array.from({ length }, (_, n) => length - 1 - n) } },
      constants: {},
    };
  },
  async open({ items, learned }) {
    const order = uint32Tensor(learned, 'order');
    return {
      items,
      bytes: items.bytes + order.byteLength,
      recommend: async (query) => ({ items: firstEligible(order, query) }),
    };
  },
};

it('a recipe is one object: it trains, is measured, stored, opened and asked by its type', async () => {
  await using folder = await temporaryFolder();
  const model = join(folder.path, 'model');
  await mkdir(model);
  const interactions = await writeDataset(join(folder.path, 'data'), interactionFields, plantedInteractions());
  const metrics = await runTraining(
    {
      recipe: reversed.name,
      parameters: { skip: '2' },
      interactions,
      limits: serviceTrainingLimits,
      seed: 1,
      workFolder: folder.path,
    },
    model,
    unwatched,
    undefined,
    reversed,
  );
  expect(metrics.coverage).toBeGreaterThan(0);
  expect(Object.keys(metrics)).toContain('precision_at_25');
  const description = await readDescription(model);
  expect(description).toMatchObject({ recipe: 'toy-reversed', parameters: { skip: '2' } });
  const opened = await reversed.open(await readContent(model, description, reversed.usesHistory));
  const count = planted.clusters * planted.itemsPerCluster;
  const eligible = maskWhere(count, (item) => item % 2 === 0);
  const { items } = await opened.recommend({ count: 3, eligible });
  expect([...items].every((item) => isEligible(eligible, item))).toBe(true);
  expect((await byIds(opened).recommend({ count: 3 })).items).toEqual(
    [3, 4, 5].map((rank) => opened.items.id(count - rank)),
  );
  expect(parameterViolations(reversed, { algorithmHyperParameters: { skip: '11' } })).toHaveLength(1);
  expect(servedType(reversed)).toBe('POPULAR_ITEMS');
  expect(recipeTypes.POPULAR_ITEMS).toMatchObject({ operation: 'GetRecommendations', requiredIds: [] });
});

it('a model of related items cannot be asked for a user', () => {
  const { user } = subjectOf(noHistory);
  const ask = (model: ModelOf<'RELATED_ITEMS'>) =>
    // @ts-expect-error it is asked for an item
    model.recommend({ user, count: 5 });
  expect(ask).toBeTypeOf('function');
});
