import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { historiesOf } from '../families/transformer/transformer.fixture.ts';
import { metadataOf } from '../features/features.fixture.ts';
import { historyOf } from '../histories/histories.ts';
import { uniforms } from '../kernels/random.ts';
import { eligibleCount, isEligible, maskOf, maskWhere } from '../model/item-mask.ts';
import { type ItemModel, subjectOf } from '../model/item-model.ts';
import { Vocabulary } from '../model/vocabulary.ts';
import { unwatched } from '../training/training.fixture.ts';
import { recipes } from './catalogue.ts';
import { resolveParameters } from './parameters.ts';
import { recommendsItems } from './recipe-types.ts';

const size = { items: 70, cold: 5, users: 80, interactions: 12 };

/** Histories of popular and of seldom items; the last items are nobody's. */
function simulate() {
  const random = uniforms(3);
  const warm = size.items - size.cold;
  const item = () => Math.floor(warm * random() ** 2);
  return historiesOf(
    Array.from({ length: size.users }, () => [
      ...Array.from({ length: size.interactions }, item),
      // So that each of them is had.
      warm - 1,
    ]),
  );
}

/** Of some words each, for recipes that read them. */
const texts = metadataOf(
  ['textual'],
  Array.from({ length: size.items }, (_, item) => [`word${item % 7} word${item % 11} word${item % 13}`]),
);

const masks = fc.oneof(
  fc.constant(maskOf(size.items, [])),
  fc.constant(maskWhere(size.items, () => true)),
  fc.uniqueArray(fc.nat(size.items - 1)).map((items) => maskOf(size.items, items)),
);

describe.each(recipes.filter(recommendsItems))('$name', (recipe) => {
  const histories = simulate();
  let model: ItemModel;

  beforeAll(async () => {
    const learned = await recipe.learn({
      histories,
      itemCount: size.items,
      itemMetadata: texts,
      parameters: resolveParameters(recipe, {}),
      seed: 1,
      forUsers: true,
      progress: unwatched,
    });
    const items = Vocabulary.of(Array.from({ length: size.items }, (_, item) => `i${item}`));
    const users = Vocabulary.of(Array.from({ length: size.users }, (_, user) => `u${user}`));
    model = await recipe.open({ learned, items, ...(recipe.usesHistory && { users }) });
  });

  it('answers under a mask with what it answers without, less what the mask leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(
        masks,
        fc.nat(size.users - 1),
        fc.nat(size.items + 5),
        fc.boolean(),
        async (mask, user, count, orderOnly) => {
          const query = { ...subjectOf(historyOf(histories, user)), orderOnly };
          const all = await model.recommend({ ...query, count: size.items });
          const masked = await model.recommend({ ...query, count, eligible: mask });
          const expected = all.items.filter((item) => isEligible(mask, item));
          expect([...masked.items]).toEqual([...expected.subarray(0, count)]);
          if (masked.logits && count > 0) {
            const { values, logSum } = masked.logits;
            const logits = all.logits?.values ?? new Float32Array();
            const ranked = [...all.items.subarray(0, logits.length)];
            expect([...values]).toEqual(
              Array.from(masked.items.subarray(0, values.length), (item) => logits[ranked.indexOf(item)]),
            );
            const sum = ranked.reduce(
              (total, item, n) => total + (isEligible(mask, item) ? Math.exp(logits[n]) : 0),
              0,
            );
            expect(logSum === -Infinity ? 0 : Math.exp(logSum)).toBeCloseTo(sum, 3);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answers with all that a mask has, however few, and refuses one over other items', async () => {
    const query = subjectOf(historyOf(histories, 0));
    const mask = maskOf(
      size.items,
      [1, size.items - 1].filter((item) => item !== query.item),
    );
    const { items } = await model.recommend({ ...query, count: 25, eligible: mask });
    expect(items).toHaveLength(eligibleCount(mask));
    await expect(model.recommend({ ...query, count: 25, eligible: maskOf(7, []) })).rejects.toThrow(
      'A mask of 7 items was given to a model of 70.',
    );
  });
});
