import { beforeAll, describe, expect, it } from 'vitest';
import { metadataOf } from '../../../features/features.fixture.ts';
import { type LearnedFeatures, learnFeatures } from '../../../features/learn-features.ts';
import { uniforms } from '../../../kernels/random.ts';
import { byIds } from '../../../model/model-by-ids.ts';
import { float32Tensor } from '../../../model/model-content.ts';
import { resolveParameters } from '../../../recipes/parameters.ts';
import type { LearnedModel, LearningTask } from '../../../recipes/recipe.ts';
import { userPersonalizationV2 } from '../../../recipes/user-personalization-v2.ts';
import { unwatched } from '../../../training/training.fixture.ts';
import { bestItems, historiesOf, historyOfItems, open } from '../transformer.fixture.ts';
import { itemWeight } from './item-vectors.ts';

/** Users like the items of one kind, which metadata has; of each kind one item, the last ones, nobody had yet. */
const [kinds, items, cold] = [5, 60, 5];
const kindOf = (item: number) => item % kinds;

function users(): number[][] {
  const random = uniforms(3);
  return Array.from({ length: 150 }, (_, user) =>
    Array.from({ length: 10 }, () => kinds * Math.floor((random() * (items - cold)) / kinds) + kindOf(user)),
  );
}

const histories = historiesOf(users());

const learn = (features: Partial<LearningTask>) =>
  userPersonalizationV2.learn({
    histories,
    itemCount: items,
    parameters: resolveParameters(userPersonalizationV2, {}),
    seed: 1,
    progress: unwatched,
    forUsers: true,
    ...features,
  });

describe('metadata of items', () => {
  let itemFeatures: LearnedFeatures | undefined;
  let learned: LearnedModel;

  beforeAll(async () => {
    const rows = Array.from({ length: items }, (_, item) => [`kind${kindOf(item)}`, item % 7]);
    itemFeatures = await learnFeatures(metadataOf(['categorical', 'numeric'], rows));
    learned = await learn({ itemFeatures });
  });

  it('finds among the items that nobody had those that someone would like', async () => {
    const model = await open(learned, items);
    const had = Uint32Array.from({ length: items - cold }, (_, item) => item);
    for (let kind = 0; kind < kinds; kind++) {
      const history = historyOfItems(kind, kind + 2 * kinds, kind + 3 * kinds);
      const [best = -1] = await bestItems(model, history, 1, had);
      expect(kindOf(best)).toBe(kind);
    }
  });

  it('gives these items a score in recommendations and none in rankings', async () => {
    const model = byIds(await open(learned, items, 150));
    const { scores = [] } = await model.recommend({ userId: 'u0', count: items });
    expect(scores.filter((score) => score === null)).toEqual([]);
    const ranked = await model.rank({ userId: 'u0', items: [`i${items - 1}`, 'i3'] });
    expect(ranked.items).toEqual(['i3', `i${items - 1}`]);
    expect(ranked.scores).toEqual([1, null]);
  });

  it('knows of items that came later what somebody would like, and of those that it knows their vectors', async () => {
    const model = byIds(await open(learned, items, 150));
    const later = Array.from({ length: kinds }, (_, kind) => ({
      id: `later${kind}`,
      metadata: new Map([
        ['column0', `kind${kind}`],
        ['column1', '3'],
      ]),
    }));
    const vectors = model.vectorsOf?.([...later, { id: 'i3' }, { id: 'unknown' }]) ?? new Float32Array();
    const width = vectors.length / (kinds + 2);
    const table = float32Tensor(learned, 'items.table');
    expect(vectors.subarray(kinds * width, (kinds + 1) * width)).toEqual(table.subarray(3 * width, 4 * width));
    expect(vectors.subarray((kinds + 1) * width).every((value) => value === 0)).toBe(true);
    for (let user = 0; user < kinds; user++) {
      const rows = Uint32Array.from(later, (_, row) => row);
      const extraItems = { vectors, rows };
      const { extraScores, items: best } = await model.recommend({
        userId: `u${user}`,
        count: 5,
        extraItems,
      });
      const { logits, logSum } = extraScores ?? { logits: new Float32Array(), logSum: 0 };
      expect(logits.indexOf(Math.max(...logits))).toBe(user);
      expect(logits.every((logit) => logit < logSum)).toBe(true);
      expect({ items: best }).toMatchObject({ items: (await model.recommend({ userId: `u${user}`, count: 5 })).items });
    }
    expect(model.hasInteractions?.('i3')).toBe(true);
    expect(model.hasInteractions?.(`i${items - 1}`)).toBe(false);
    expect(model.hasInteractions?.('later0')).toBe(false);
  });

  it('goes on from a model: vectors of items that nobody had are still those of their features', async () => {
    const next = await learn({ itemFeatures, warmStart: learned });
    const weight = float32Tensor(next, itemWeight);
    const { width = 0, values = new Float32Array() } = itemFeatures ?? {};
    const vectors = float32Tensor(next, 'items.table');
    const size = vectors.length / items;
    for (let n = 0; n < size; n++) {
      let expected = 0;
      for (let f = 0; f < width; f++) expected += values[(items - 1) * width + f] * weight[f * size + n];
      expect(vectors[(items - 1) * size + n]).toBeCloseTo(expected, 4);
    }
    const moved = vectors.reduce(
      (most, value, n) => Math.max(most, Math.abs(value - float32Tensor(learned, 'items.table')[n])),
      0,
    );
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(0.5);
  });
});

describe('metadata of users', () => {
  it('tells what they would like of what their history leaves open', async () => {
    // Everybody begins alike; what comes next follows from the group, which metadata has.
    const groups = Array.from({ length: 200 }, (_, user) => user % 2);
    const alike = historiesOf(groups.map((group, user) => [4 + (user % 3), group, 2 + group, group, 2 + group]));
    const userFeatures = await learnFeatures(
      metadataOf(
        ['categorical'],
        groups.map((group) => [`group${group}`]),
      ),
    );
    const learned = await learn({ histories: alike, itemCount: 7, userFeatures });
    const model = await open(learned, 7, groups.length);
    for (const user of [0, 1, 2, 3]) {
      const [first = -1] = await bestItems(model, { ...historyOfItems(4), user }, 1, [4]);
      expect([0, 2].includes(first)).toBe(user % 2 === 0);
    }
    expect(await bestItems(model, historyOfItems(4), 3, [4])).toHaveLength(3);
  });
});
