import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipes } from '../recipes/catalogue.ts';
import { evaluationOf } from '../recipes/recipe-types.ts';
import { runTraining } from '../training/run-training.ts';
import { interactionFields, plantedInteractions, temporaryFolder, writeDataset } from '../training/training.fixture.ts';
import { serviceTrainingLimits } from '../training/training.ts';
import { heldOutUsers } from './held-out-users.ts';

type Row = [user: string, item: string, time: number];

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

/** The metrics of a recipe on these interactions, and what its training logs about them. */
async function measured(recipe: string, rows: readonly (string | number | null)[][]) {
  await using folder = await temporaryFolder();
  const model = join(folder.path, 'model');
  await mkdir(model);
  const interactions = await writeDataset(
    join(folder.path, 'interactions'),
    interactionFields,
    [...rows].map((row) => [...row]),
  );
  const logged: string[] = [];
  const metrics = await runTraining(
    { recipe, parameters: {}, interactions, limits: serviceTrainingLimits, seed: 1, workFolder: folder.path },
    model,
    { signal: new AbortController().signal, report: (_, note, figures) => figures && logged.push(note) },
  );
  return {
    reciprocalRank: metrics.mean_reciprocal_rank_at_25 ?? 0,
    said: logged.find((line) => /held-out/.test(line)),
  };
}

/** Ten users each go to and fro between two items: what comes next is what they had. */
const toAndFro = range(2400).map((n): Row => [`u${n % 60}`, `i${2 * (n % 6) + (Math.floor(n / 60) % 2)}`, n]);
/** Every user has one item, again and again, and no other user has it. */
const ownItem = range(1600).map((n): Row => [`u${n % 40}`, `i${n % 40}`, n]);
/** Nearly all go back to one item over and over. */
const oneHit = range(2400).map((n): Row => [`u${n % 60}`, n % 9 === 0 ? `i${n % 50}` : 'hit', n]);

const measuredRecipes = recipes.filter(
  (recipe) => recipe.domain === undefined && evaluationOf(recipe) === heldOutUsers,
);

describe('where users come back to what they had', () => {
  it.each(measuredRecipes.filter(({ name }) => name !== 'aws-popularity-count'))(
    'the metrics of $name are those of the list that is served',
    async ({ name }) => {
      const { reciprocalRank, said } = await measured(name, toAndFro);
      expect(reciprocalRank).toBeGreaterThan(0.4);
      expect(said).toMatch(/^\d+ of \d+ held-out items are in .* metrics are those of the lists as they are served$/);
    },
  );

  it.each(measuredRecipes.filter(({ usesHistory }) => usesHistory))(
    '$name is measured with items that nobody else has',
    async ({ name }) => {
      expect((await measured(name, ownItem)).reciprocalRank).toBeGreaterThan(0.4);
    },
  );

  // An item is never beside itself.
  it.each(measuredRecipes.filter(({ recipeType }) => recipeType !== 'RELATED_ITEMS'))(
    '$name gets what the right first place is worth',
    async ({ name }) => {
      expect((await measured(name, oneHit)).reciprocalRank).toBeGreaterThan(0.5);
    },
  );
});

it('leaves out what users had where they do not come back to it', async () => {
  const seldom = plantedInteractions().filter(([user, item], n, rows) => {
    return rows.findIndex((row) => row[0] === user && row[1] === item) === n;
  });
  const { said } = await measured('aws-popularity-count', seldom);
  expect(said).toMatch(/^0 of \d+ held-out items .* lists without the items of the histories$/);
});
