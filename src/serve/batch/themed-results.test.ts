import { afterAll, beforeAll, expect, it } from 'vitest';
import { openModel } from '../../learn/model/open-model.ts';
import { temporaryFolder } from '../../learn/training/training.fixture.ts';
import { genreOf, PlantedJobs } from './inference.fixture.ts';

const recipe = 'aws-similar-items';
const inputs = ['i3', 'i5', 'nothing', 'i70', 'i3'].map((itemId) => ({ itemId }));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let jobs: PlantedJobs;
beforeAll(async () => {
  folder = await temporaryFolder();
  jobs = new PlantedJobs(folder.path);
});
afterAll(() => folder[Symbol.asyncDispose]());

const themes = async () => ({ ...(await jobs.datasets()).items, itemName: 'NAME' });

it('gives each line a theme, and its items in the order of how well they fit it', async () => {
  const lines = await jobs.outputLines(recipe, [...inputs, { userId: 'u1' }], { themes: await themes() });
  const model = await openModel(await jobs.model(recipe));
  for (const [n, input] of inputs.entries()) {
    const { output, ...rest } = lines[n];
    expect(rest).toEqual({ input, error: null });
    expect(Object.keys(output)).toEqual(['recommendedItems', 'theme', 'itemsThemeRelevanceScores']);
    const { items } = await model.recommend({ ...input, count: 10 });
    expect([...output.recommendedItems].sort()).toEqual([...items].sort());
    expect(output.theme).toMatch(/^\p{Lu}[\p{L}\p{N}’' -]{2,59}$/u);
    const scores: number[] = output.itemsThemeRelevanceScores;
    expect(scores).toHaveLength(items.length);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  }
  expect(lines[5]).toMatchObject({ output: null, error: expect.stringContaining('itemId') });
  expect(lines[4]).toEqual(lines[0]);
  const [best] = lines[0].output.recommendedItems;
  expect(genreOf(best)).toBe(genreOf('i3'));
});

it('gives the same whichever lines are worked on together', async () => {
  const whole = await jobs.outputOf(recipe, inputs, { themes: await themes() });
  expect(await jobs.outputOf(recipe, inputs, { themes: await themes(), cuts: [20, 40] })).toBe(whole);
});

it('ends with a sentence if its text encoder cannot be opened', async () => {
  const wrong = { ...(await themes()), textEncoder: folder.path };
  await expect(jobs.outputOf(recipe, inputs, { themes: wrong })).rejects.toThrow(
    /^The text encoder's file .*tokenizer\.json cannot be read/,
  );
});
