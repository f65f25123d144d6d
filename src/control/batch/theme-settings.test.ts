import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import {
  type Bench,
  interactionsSchema,
  itemsSchema,
  openBench,
  recipeArn,
  refusal,
  steps,
} from '../control.fixture.ts';

type Asked = Input<'CreateBatchInferenceJob'>;

let bench: Bench;
let group: string;
beforeEach(async () => {
  bench = await openBench();
  const step = steps(bench);
  group = await step.group();
  await step.imported(await step.dataset(group, await step.schema('interactions', interactionsSchema)));
  await mkdir(join(bench.home, 'buckets', 'data', 'in'), { recursive: true });
  await writeFile(join(bench.home, 'buckets', 'data', 'in', 'films.json'), '{"itemId":"a"}\n');
});
afterEach(() => bench.close());

const title = { name: 'TITLE', type: 'string' };
const plot = { name: 'PLOT', type: ['null', 'string'], textual: true };
const year = { name: 'YEAR', type: ['null', 'int'] };

const items = async (...fields: object[]) =>
  await steps(bench).dataset(group, await steps(bench).schema('items', itemsSchema(...fields)), 'Items');

async function version(recipe = 'aws-similar-items', solutionConfig: Input<'CreateSolution'>['solutionConfig'] = {}) {
  const settings = { name: 'likes', datasetGroupArn: group, recipeArn: recipeArn(recipe), solutionConfig };
  const { solutionArn = '' } = await bench.call('CreateSolution', settings);
  await bench.settled(solutionArn);
  return await steps(bench).version(solutionArn);
}

const named = (itemName: string) => ({ fieldsForThemeGeneration: { itemName } });
const create = (solutionVersionArn: string, more: Partial<Asked>) =>
  bench.call('CreateBatchInferenceJob', {
    jobName: 'themes',
    solutionVersionArn,
    jobInput: { s3DataSource: { path: 's3://data/in/' } },
    jobOutput: { s3DataDestination: { path: 's3://data/out/' } },
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    batchInferenceJobMode: 'THEME_GENERATION',
    themeGenerationConfig: named('TITLE'),
    ...more,
  });

it('takes themes of similar items that have names and texts, and shows what was asked for', async () => {
  await items(title, plot);
  const { batchInferenceJobArn = '' } = await create(await version(), {});
  const { batchInferenceJob } = await bench.call('DescribeBatchInferenceJob', { batchInferenceJobArn });
  expect(batchInferenceJob).toMatchObject({
    batchInferenceJobMode: 'THEME_GENERATION',
    themeGenerationConfig: named('TITLE'),
  });
});

it('refuses a mode without its settings, and settings without the mode', async () => {
  await items(title, plot);
  const likes = await version();
  expect(await refusal(create(likes, { themeGenerationConfig: undefined }))).toBe(
    'InvalidInputException: batchInferenceJobMode THEME_GENERATION needs themeGenerationConfig.',
  );
  for (const batchInferenceJobMode of ['BATCH_INFERENCE', undefined] as const) {
    expect(await refusal(create(likes, { batchInferenceJobMode }))).toBe(
      'InvalidInputException: themeGenerationConfig needs batchInferenceJobMode THEME_GENERATION.',
    );
  }
});

it('refuses other recipes', async () => {
  await items(title, plot);
  expect(await refusal(create(await version('aws-sims'), {}))).toBe(
    'InvalidInputException: batchInferenceJobMode THEME_GENERATION needs a solution version of recipe aws-similar-items, and this one is of aws-sims.',
  );
});

it('refuses a column of names that is not there, holds no text, or does not train', async () => {
  await items(title, plot, year);
  const likes = await version('aws-similar-items', {
    trainingDataConfig: { excludedDatasetColumns: { ITEMS: ['TITLE'] } },
  });
  const what = (name: string) => `InvalidInputException: Column ${name}, the itemName of fieldsForThemeGeneration,`;
  const refusedFor = (name: string) => refusal(create(likes, { themeGenerationConfig: named(name) }));
  expect(await refusedFor('NAME')).toBe(`${what('NAME')} is not in the schema of the Items dataset.`);
  expect(await refusedFor('YEAR')).toBe(`${what('YEAR')} must be of type string, not int.`);
  expect(await refusedFor('TITLE')).toBe(`${what('TITLE')} is left out of the training of this solution version.`);
});

it('refuses items without texts, and a group without items', async () => {
  const likes = await version();
  expect(await refusal(create(likes, {}))).toBe(
    'InvalidInputException: Themes need an Items dataset, and the dataset group has none.',
  );
  await items(title);
  const later = await steps(bench).version(await steps(bench).solution(group, 'more', 'aws-similar-items'));
  expect(await refusal(create(later, {}))).toMatch(
    /^InvalidInputException: Themes need a string column with "textual"/,
  );
});
