import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel, openSegmentModel } from '../model/open-model.ts';
import { recipes } from '../recipes/catalogue.ts';
import { recommendsItems } from '../recipes/recipe-types.ts';
import { readSafetensors } from '../tensor/safetensors.ts';
import { runTraining } from './run-training.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from './training.fixture.ts';
import { TrainingError } from './training.ts';

type Row = [user: string, item: string, time: number];

/** Whatever can be asked for: what is left to refuse data is that nothing can be learned from it. */
const limits = {
  interactionsToTrain: 1,
  usersWithTwoInteractionsToTrain: 0,
  percentOfUsersWithTwoInteractionsToTrain: 0,
  eventTypesAndColumnsToTrain: 10,
};

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

const numberLike = ['1', '01', '1.0', '1e0', '-0', '0x1', 'NaN'];
const odd = ['', ' ', '  ', '__proto__', 'constructor', 'a\0b', "'", '☃'];

const cases: Readonly<Record<string, Row[]>> = {
  'one interaction': [['u', 'i', 1]],
  'one user': range(60).map((n) => ['u', `i${n % 7}`, n]),
  'one item': range(60).map((n) => [`u${n % 20}`, 'i', n]),
  'one user and one item': range(40).map((n) => ['u', 'i', n]),
  'one moment': range(90).map((n) => [`u${n % 15}`, `i${(n * 7) % 11}`, 5]),
  'duplicates alone': range(100).map((n) => [`u${n % 2}`, 'i', 5]),
  'histories of one interaction': range(50).map((n) => [`u${n}`, `i${n % 5}`, n]),
  'the same history over and over': range(150).map((n) => [`u${Math.floor(n / 5)}`, `i${n % 5}`, n % 5]),
  'one long history among short ones': [
    ...range(3000).map((n): Row => ['u', `i${(n * n) % 13}`, n]),
    ...range(40).map((n): Row => [`u${n}`, `i${n % 13}`, n]),
  ],
  'times all in the future': range(60).map((n) => [`u${n % 9}`, `i${n % 8}`, 99_999_999_000 + n]),
  'times all before 1970': range(60).map((n) => [`u${n % 9}`, `i${n % 8}`, n - 1e9]),
  'ids that look like numbers': range(60).map((n) => [numberLike[n % 7] ?? '', numberLike[(n * 3) % 7] ?? '', n]),
  'ids of nothing, of blanks and of what every object has': range(60).map((n) => [
    odd[n % odd.length] ?? '',
    odd[(n * 3 + 1) % odd.length] ?? '',
    n,
  ]),
  'times before 1970 and far off': range(60).map((n) => [`u${n % 9}`, `i${n % 8}`, (n % 2 === 0 ? -1 : 1) * 1e12 + n]),
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let made = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Trains and looks at what came of it: a sentence why not, or a model of nothing but numbers, which answers. */
async function outcomeOf(
  recipe: string,
  rows: (string | number)[][],
  fields = interactionFields,
): Promise<'model' | 'reason'> {
  const home = join(folder.path, String(made++));
  const model = join(home, 'model');
  await mkdir(model, { recursive: true });
  const interactions = await writeDataset(join(home, 'interactions'), fields, rows);
  const items = await writeDataset(join(home, 'items'), [field('ITEM_ID')], [['i0'], ['never seen']]);
  const request = { recipe, parameters: {}, interactions, items, limits, seed: 1, workFolder: home };
  try {
    const metrics = await runTraining(request, model, unwatched);
    expect(Object.entries(metrics).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    expect(error.message).toMatch(/^\S.*\.$/);
    return 'reason';
  }
  for (const [name, { data }] of Object.entries(await readSafetensors(join(model, 'tensors.safetensors')))) {
    expect(data.every(Number.isFinite), `${name} has numbers alone`).toBe(true);
  }
  const item = String(rows[0]?.[1] ?? '');
  if (segmenting.includes(recipe)) await expectSegment(model, item);
  else await expectAnswers(model, item);
  return 'model';
}

async function expectSegment(model: string, itemId: string): Promise<void> {
  const opened = await openSegmentModel(model);
  expect(await opened.segment({ items: opened.itemsOf(itemId), count: 3 })).not.toHaveLength(0);
}

async function expectAnswers(model: string, item: string): Promise<void> {
  const opened = await openModel(model);
  for (const query of [{ userId: 'u' }, { userId: 'nobody' }, { itemId: item }]) {
    const { items: answer, scores = [] } = await opened.recommend({ ...query, count: 3 });
    expect(answer.length).toBeGreaterThan(0);
    expect(scores.every((score) => score === null || Number.isFinite(score))).toBe(true);
  }
}

const segmenting = recipes.filter((recipe) => !recommendsItems(recipe)).map(({ name }) => name);
/**
 * The items here have no attributes and there are no actions, so that recipes which need any take no part; nor do
 * those of domains, which need certain events. Those that learn alike are one.
 */
const learners = recipes
  .filter(({ neededFields, datasets }) => neededFields === undefined && !datasets.ACTIONS)
  .filter(({ domain }) => domain === undefined)
  .filter(({ learn }, n, all) => all.findIndex((other) => other.learn === learn) === n);

describe.each(learners.map(({ name }) => name))('%s', (recipe) => {
  it.each(Object.entries(cases))('trains on %s, or says why not', async (name, rows) => {
    const outcome = await outcomeOf(recipe, rows);
    // Where there is something to learn, it is learned.
    if (name.startsWith('one long')) expect(outcome).toBe('model');
    if (name === 'one moment') expect(outcome).toBe(segmenting.includes(recipe) ? 'reason' : 'model');
  });

  it('trains on event types and categories of any text, such as earlier releases have imported', async () => {
    const fields = [...interactionFields, field('EVENT_TYPE'), { ...field('PLACE'), categorical: true }];
    const rows = range(300).map((n) => [`u${n % 20}`, `i${(n * 7) % 11}`, n, odd[n % 8] ?? '', odd[(n * 5) % 7] ?? '']);
    expect(await outcomeOf(recipe, rows, fields)).toBe('model');
  });

  it('trains on a few rows of any kind, or says why not', async () => {
    const row = fc.tuple(
      fc.constantFrom('u', 'v', 'w'),
      fc.constantFrom('i', 'j', 'k'),
      fc.constantFrom(0, 1, 2, 3_000_000_000),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        await outcomeOf(recipe, rows);
      }),
      { numRuns: 4 },
    );
  });
});
