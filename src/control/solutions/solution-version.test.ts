import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pathOf } from '../../data/encryption/file-path.ts';
import { TaskDied, TaskError } from '../../util/child-task/task.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
let solutionArn: string;
let dataset: string;
beforeEach(async () => {
  bench = await openBench();
  const data = await withData(bench);
  dataset = data.dataset;
  solutionArn = await steps(bench).solution(data.group);
});
afterEach(() => bench.close());

const create = async (more: object = {}) =>
  (await bench.call('CreateSolutionVersion', { solutionArn, ...more })).solutionVersionArn ?? '';
const describeVersion = async (solutionVersionArn: string) =>
  (await bench.call('DescribeSolutionVersion', { solutionVersionArn })).solutionVersion;
const metrics = (solutionVersionArn: string) => bench.call('GetSolutionMetrics', { solutionVersionArn });

it('trains on the data of its group and shows what came of it', async () => {
  const arn = await create();
  expect(arn).toMatch(/:solution\/likes\/[0-9a-f]{8}$/);
  expect(await bench.settled(arn)).toBe('ACTIVE');
  expect(await describeVersion(arn)).toMatchObject({
    name: arn.slice(arn.indexOf('likes/')),
    solutionArn,
    status: 'ACTIVE',
    trainingHours: 0.01,
    trainingMode: 'FULL',
    trainingType: 'MANUAL',
    datasetGroupArn: arnFor('dataset-group/films'),
  });
  expect(await metrics(arn)).toEqual({ solutionVersionArn: arn, metrics: { coverage: 0.5 } });
  expect(bench.trained).toMatchObject([{ recipe: 'aws-user-personalization', seed: 7, parameters: {} }]);
  const { solution } = await bench.call('DescribeSolution', { solutionArn });
  expect(solution?.latestSolutionVersion).toMatchObject({ solutionVersionArn: arn, status: 'ACTIVE' });
});

it('trains on the events and columns that its solution names', async () => {
  const { solutionArn: weighted = '' } = await bench.call('CreateSolution', {
    name: 'weighted',
    datasetGroupArn: arnFor('dataset-group/films'),
    recipeArn: recipeArn('aws-user-personalization-v2'),
    solutionConfig: {
      eventsConfig: {
        eventParametersList: [
          { eventType: 'buy', eventValueThreshold: 2.5 },
          { eventType: 'view', weight: 0.1 },
        ],
      },
      trainingDataConfig: { includedDatasetColumns: { Interactions: ['USER_ID'] } },
    },
  });
  await bench.settled(weighted);
  const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn: weighted });
  expect(await bench.settled(solutionVersionArn)).toBe('ACTIVE');
  const request = bench.trained.at(-1);
  expect(request?.events).toEqual([
    { eventType: 'buy', eventValueThreshold: 2.5, weight: 1 },
    { eventType: 'view', eventValueThreshold: undefined, weight: 0.1 },
  ]);
  expect(request?.interactions?.schema.fields.map(({ name }) => name)).toEqual(['USER_ID', 'ITEM_ID', 'TIMESTAMP']);
});

it('trains on the data as it was at the start, also when an import replaces it meanwhile', async () => {
  bench.training.hold();
  const arn = await create();
  await expect.poll(() => bench.trained.length).toBe(1);
  await steps(bench).imported(dataset, 'replacement');
  const [file = ''] = bench.trained[0]?.interactions?.files ?? [];
  expect(await readFile(pathOf(file), 'utf8')).toBe('rows');
  bench.training.release();
  expect(await bench.settled(arn)).toBe('ACTIVE');
});

it('has no metrics before it is ACTIVE', async () => {
  bench.training.hold();
  const arn = await create();
  await expect.poll(() => bench.trained.length).toBe(1);
  expect(await refusal(metrics(arn))).toBe(
    `ResourceInUseException: Solution version ${arn} has no metrics in status CREATE IN_PROGRESS.`,
  );
  expect(bench.control.runningJobs()).toMatchObject([
    { kind: 'train-solution-version', resourceArn: arn, note: 'learning' },
  ]);
  bench.training.release(
    new TaskError('Create failed. Dataset has fewer than 25 users with at least 2 interactions each.'),
  );
  expect(await bench.settled(arn)).toBe('CREATE FAILED');
  expect((await describeVersion(arn))?.failureReason).toBe(
    'Create failed. Dataset has fewer than 25 users with at least 2 interactions each.',
  );
  expect(await refusal(metrics(arn))).toMatch(/^ResourceInUseException/);
});

it('fails if there is nothing to train on', async () => {
  const solution = await steps(bench).solution(await steps(bench).group('empty'), 'empty');
  const { solutionVersionArn: arn = '' } = await bench.call('CreateSolutionVersion', { solutionArn: solution });
  expect(await bench.settled(arn)).toBe('CREATE FAILED');
  expect((await describeVersion(arn))?.failureReason).toBe(
    'Create failed. The dataset group has no Interactions dataset. Create one, and import or send interactions.',
  );
});

/** What lies in the store below the versions' prefixes. */
async function checkpoints(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of bench.parts.store.list('models/')) keys.push(key);
  return keys;
}

it('goes on from the last checkpoint when its trainer dies, and counts the time of all attempts', async () => {
  bench.training.hold();
  const arn = await create();
  await expect.poll(() => bench.trained.length).toBe(1);
  await expect.poll(checkpoints).toHaveLength(2);
  bench.training.release(new TaskDied('The trainer was ended by SIGKILL.'));
  await expect.poll(() => bench.logged.join()).toContain('A job failed.');
  const [seconds = ''] = (await checkpoints()).filter((key) => key.endsWith('/checkpoints/seconds'));
  await bench.parts.store.write(seconds, '3600');
  bench.training.hold();
  bench.training.release();
  bench.advance(10_000);
  expect(await bench.settled(arn)).toBe('ACTIVE');
  expect(bench.wentOnFrom).toEqual([undefined, 'after nothing']);
  expect((await describeVersion(arn))?.trainingHours).toBeCloseTo(1.01, 2);
  await expect.poll(async () => (await checkpoints()).filter((key) => key.includes('/checkpoints/'))).toEqual([]);
});

it('fails with what the trainer died of when it has died three times', async () => {
  bench.training.hold();
  const arn = await create();
  for (const attempt of [1, 2, 3]) {
    await expect.poll(() => bench.trained.length).toBe(attempt);
    await expect.poll(checkpoints).toHaveLength(2);
    bench.training.release(new TaskDied('Create failed. The trainer was ended by SIGKILL.'));
    await expect.poll(() => bench.logged.length).toBe(attempt);
    bench.training.hold();
    bench.advance(10_000);
  }
  expect(await bench.settled(arn)).toBe('CREATE FAILED');
  expect((await describeVersion(arn))?.failureReason).toBe('Create failed. The trainer was ended by SIGKILL.');
  await expect.poll(checkpoints).toEqual([]);
});

it('is stopped while it trains', async () => {
  bench.training.hold();
  const arn = await create();
  await expect.poll(() => bench.trained.length).toBe(1);
  expect(await bench.call('StopSolutionVersionCreation', { solutionVersionArn: arn })).toEqual({});
  expect(['CREATE STOPPING', 'CREATE STOPPED']).toContain((await describeVersion(arn))?.status);
  expect(await bench.settled(arn)).toBe('CREATE STOPPED');
  expect((await describeVersion(arn))?.failureReason).toBeUndefined();
  await expect.poll(() => bench.control.runningJobs()).toEqual([]);
  await expect.poll(checkpoints).toEqual([]);
  expect(await refusal(bench.call('StopSolutionVersionCreation', { solutionVersionArn: arn }))).toMatch(
    /^ResourceInUseException/,
  );
});

it('is stopped before it trains', async () => {
  bench.training.hold();
  const [running, waiting] = [await create(), await create()];
  await expect.poll(() => bench.trained.length).toBe(1);
  await bench.call('StopSolutionVersionCreation', { solutionVersionArn: waiting });
  expect((await describeVersion(waiting))?.status).toBe('CREATE STOPPED');
  bench.training.release();
  expect(await bench.settled(running)).toBe('ACTIVE');
  expect(bench.trained).toHaveLength(1);
});

it('takes a name once in the account', async () => {
  const arn = await create({ name: 'winter' });
  expect((await describeVersion(arn))?.name).toBe('winter');
  expect(await refusal(create({ name: 'winter' }))).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${arn} already exists.`,
  );
});

it('refuses other training modes, and a solution that is not there', async () => {
  expect(await refusal(create({ trainingMode: 'AUTOTRAIN' }))).toBe(
    'InvalidInputException: trainingMode AUTOTRAIN is that of automatic training; it must be FULL or UPDATE.',
  );
  expect(await refusal(create({ solutionArn: arnFor('solution/none') }))).toMatch(/^ResourceNotFoundException/);
  await bench.call('DeleteSolution', { solutionArn });
  expect(await refusal(create())).toBe(`ResourceNotFoundException: Resource Arn ${solutionArn} does not exist.`);
});

it('is one of at most 20 that wait or train', async () => {
  bench.training.hold();
  for (let index = 0; index < 20; index++) await create();
  expect(await refusal(create())).toBe(
    'LimitExceededException: More than 20 resources with PENDING or IN_PROGRESS status.',
  );
});

it('is listed with its solution, which must exist', async () => {
  const arn = await steps(bench).version(solutionArn);
  const { solutionVersions } = await bench.call('ListSolutionVersions', { solutionArn });
  expect(solutionVersions).toMatchObject([{ solutionVersionArn: arn, status: 'ACTIVE' }]);
  const none = arnFor('solution/none');
  expect(await refusal(bench.call('ListSolutionVersions', { solutionArn: none }))).toBe(
    `ResourceNotFoundException: Resource Arn ${none} does not exist.`,
  );
});

it('brings the last trained model up to date in another version, which campaigns do not move to by themselves', async () => {
  const campaign = arnFor('campaign/front-page');
  const update = () => create({ trainingMode: 'UPDATE' });
  expect(await refusal(update())).toBe(
    `InvalidInputException: trainingMode UPDATE needs a solution version of ${solutionArn} in status ACTIVE that was created with trainingMode FULL.`,
  );
  const trained = await steps(bench).version(solutionArn);
  await bench.call('CreateCampaign', {
    name: 'front-page',
    solutionVersionArn: `${solutionArn}/$LATEST`,
    campaignConfig: { syncWithLatestSolutionVersion: true },
  });
  await bench.settled(campaign);
  for (const updated of [await update(), await update()]) {
    expect(await bench.settled(updated)).toBe('ACTIVE');
    expect(await describeVersion(updated)).toMatchObject({ trainingMode: 'UPDATE', trainingType: 'MANUAL' });
    expect(await metrics(updated)).toMatchObject({ metrics: { coverage: 0.5 } });
    expect(await bench.settled(campaign)).toBe('ACTIVE');
  }
  const [first, ...updates] = bench.trained.map(({ modelToUpdate }) => modelToUpdate);
  expect(first).toBeUndefined();
  const [one, other] = updates;
  const row = await bench.parts.database
    .selectFrom('resources')
    .select('document')
    .where('arn', '=', trained)
    .executeTakeFirstOrThrow();
  expect(one && pathOf(one).endsWith(JSON.parse(row.document).model)).toBe(true);
  expect(other).toEqual(one);
  const serving = async () => (await bench.call('DescribeCampaign', { campaignArn: campaign })).campaign;
  expect((await serving())?.solutionVersionArn).toBe(trained);
  const next = await steps(bench).version(solutionArn);
  await bench.settled(campaign);
  expect((await serving())?.solutionVersionArn).toBe(next);
});

it('is not updated by hand with a recipe that is not', async () => {
  const recipe = 'aws-user-personalization-v2';
  const solution = await steps(bench).solution(arnFor('dataset-group/films'), 'other', recipe);
  await steps(bench).version(solution);
  expect(await refusal(create({ solutionArn: solution, trainingMode: 'UPDATE' }))).toBe(
    `InvalidInputException: trainingMode UPDATE is not supported by recipe ${recipe}.`,
  );
});
