import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { TaskError } from '../../util/child-task/task.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { WorkFailed } from '../jobs/job.ts';
import { describeRecommender, domainSteps } from './recommender.fixture.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const recommenderArn = arnFor('recommender/picks');

let bench: Bench;
let group: string;
let dataset: string;
const step = domainSteps(() => bench);
beforeEach(async () => {
  bench = await openBench();
  group = await step.group();
  dataset = await step.interactions(group);
});
afterEach(() => bench.close());

const describeIt = () => describeRecommender(bench, recommenderArn);
const updateStatus = async () => (await describeIt()).latestRecommenderUpdate?.status;
const update = (recommenderConfig: Input<'UpdateRecommender'>['recommenderConfig']) =>
  bench.call('UpdateRecommender', { recommenderArn, recommenderConfig });
const stop = () => bench.call('StopRecommender', { recommenderArn });
const start = () => bench.call('StartRecommender', { recommenderArn });
const remove = () => bench.call('DeleteRecommender', { recommenderArn });
const settled = () => bench.settled(recommenderArn);
const without = (...names: string[]) => ({ trainingDataConfig: { excludedDatasetColumns: { Interactions: names } } });
const trainings = () => bench.trained.filter(({ modelToUpdate }) => modelToUpdate === undefined);
const updates = () => bench.trained.filter(({ modelToUpdate }) => modelToUpdate !== undefined);
const columnsOfLast = () =>
  trainings()
    .at(-1)
    ?.interactions?.schema.fields.map(({ name }) => name);
const runningJobs = () => bench.control.runningJobs().map(({ kind }) => kind);
const entry = async () => {
  const row = bench.parts.database.selectFrom('resources').select('document').where('arn', '=', recommenderArn);
  return JSON.parse((await row.executeTakeFirstOrThrow()).document);
};

/** Lets time pass, and waits until all that was due is done. */
async function pass(ms: number, of: Bench = bench): Promise<void> {
  of.advance(ms);
  const { database, clock } = of.parts;
  await expect
    .poll(() => database.selectFrom('jobs').select('kind').where('not_before', '<', clock.now()).execute())
    .toEqual([]);
}

let imports = 0;
const moreData = () => steps(bench).imported(dataset, `more-${++imports}`, 'INCREMENTAL');

async function modelsInStore(): Promise<string[]> {
  const found = new Set<string>();
  for await (const { key } of bench.parts.store.list('models/')) {
    found.add(key.replace(/(model\.json|tensors\/.*)$/, ''));
  }
  return [...found];
}

describe('an update', () => {
  beforeEach(() => step.created(group));

  it('of other settings takes effect without a training, and the old ones hold until then', async () => {
    bench.preparing.hold();
    await update({ itemExplorationConfig: { explorationWeight: '0.9' }, minRecommendationRequestsPerSecond: 5 });
    await expect.poll(updateStatus).toBe('CREATE IN_PROGRESS');
    expect(await describeIt()).toMatchObject({
      status: 'ACTIVE',
      recommenderConfig: { itemExplorationConfig: { explorationWeight: '0.3' }, minRecommendationRequestsPerSecond: 1 },
      latestRecommenderUpdate: { recommenderConfig: { itemExplorationConfig: { explorationWeight: '0.9' } } },
    });
    expect(await refusal(update({}))).toMatch(/^ResourceInUseException: .* has an update in status CREATE IN_PROGRESS/);
    expect(await refusal(stop())).toMatch(/^ResourceInUseException: .* has an update in status/);
    expect(await refusal(remove())).toMatch(/^ResourceInUseException: .* has an update in status/);
    bench.preparing.release();
    expect(await settled()).toBe('ACTIVE');
    const recommenderConfig = {
      itemExplorationConfig: { explorationWeight: '0.9', explorationItemAgeCutOff: '30.0' },
      minRecommendationRequestsPerSecond: 5,
    };
    expect(await describeIt()).toMatchObject({
      recommenderConfig,
      latestRecommenderUpdate: { status: 'ACTIVE', recommenderConfig },
    });
    expect(trainings()).toHaveLength(1);
  });

  it('of the columns trains first, and the old model answers meanwhile', async () => {
    const before = (await entry()).deployment;
    bench.training.hold();
    await update(without('DEVICE'));
    await expect.poll(updateStatus).toBe('CREATE IN_PROGRESS');
    expect((await entry()).deployment).toEqual(before);
    expect((await describeIt()).recommenderConfig).not.toHaveProperty('trainingDataConfig');
    expect(await refusal(update({}))).toMatch(/^ResourceInUseException/);
    bench.training.release();
    expect(await settled()).toBe('ACTIVE');
    expect(columnsOfLast()).not.toContain('DEVICE');
    expect(await describeIt()).toMatchObject({
      recommenderConfig: without('DEVICE'),
      latestRecommenderUpdate: { status: 'ACTIVE' },
    });
    expect((await entry()).deployment.model).toBe(bench.prepared.at(-1));
    expect(bench.released).toContain(`${recommenderArn} ${bench.prepared.at(-1)}`);
  });

  it('that names the same columns, or none, trains nothing and keeps them', async () => {
    await update(without('DEVICE'));
    await settled();
    expect(trainings()).toHaveLength(2);
    await update({ trainingDataConfig: { excludedDatasetColumns: { INTERACTIONS: ['DEVICE'], Items: [] } } });
    await settled();
    await update({ enableMetadataWithRecommendations: true });
    await settled();
    expect(trainings()).toHaveLength(2);
    expect((await describeIt()).recommenderConfig).toMatchObject({ enableMetadataWithRecommendations: true });
    expect((await entry()).recommenderConfig.trainingDataConfig.excludedDatasetColumns).toEqual({
      INTERACTIONS: ['DEVICE'],
      Items: [],
    });
    await update({ trainingDataConfig: {} });
    await settled();
    expect(trainings()).toHaveLength(3);
    expect(columnsOfLast()).toContain('DEVICE');
  });

  it('that cannot be trained fails with the reason, and changes nothing', async () => {
    const before = (await entry()).deployment;
    bench.training.hold();
    bench.training.release(new TaskError('Create failed. There is too little to learn from.'));
    await update(without('DEVICE'));
    expect(await settled()).toBe('ACTIVE');
    expect(await describeIt()).toMatchObject({
      latestRecommenderUpdate: {
        status: 'CREATE FAILED',
        failureReason: 'Create failed. There is too little to learn from.',
      },
    });
    expect(await entry()).toMatchObject({ deployment: before, recommenderConfig: { itemExplorationConfig: {} } });
    expect((await describeIt()).recommenderConfig).not.toHaveProperty('trainingDataConfig');
  });

  it('of the columns takes the place of a retraining that is going on', async () => {
    await moreData();
    bench.training.hold();
    bench.advance(7 * dayMs);
    await expect.poll(runningJobs).toContain('train-recommender');
    await expect.poll(() => trainings().length).toBe(2);
    await update(without('DEVICE'));
    await expect.poll(() => trainings().length).toBe(3);
    expect(columnsOfLast()).not.toContain('DEVICE');
    bench.training.release();
    expect(await settled()).toBe('ACTIVE');
    expect(await describeIt()).toMatchObject({ latestRecommenderUpdate: { status: 'ACTIVE' } });
    expect(await entry()).toMatchObject({ deployment: { model: bench.prepared.at(-1) } });
    expect(trainings()).toHaveLength(3);
  });

  it('is refused where its settings are wrong, and for a recommender that is not ACTIVE', async () => {
    expect(await refusal(update({ itemExplorationConfig: { explorationWeight: '2' } }))).toMatch(
      /^InvalidInputException: explorationWeight 2 is invalid/,
    );
    expect(await refusal(update(without('EVENT_TYPE')))).toMatch(/^InvalidInputException: Column EVENT_TYPE/);
    await stop();
    await settled();
    expect(await refusal(update({}))).toMatch(/^ResourceInUseException: .* is in status INACTIVE; it must be ACTIVE/);
  });
});

describe('a recommender that is stopped', () => {
  beforeEach(() => step.created(group));

  it('holds no model and no view, and serves again without a training when it is started', async () => {
    await expect.poll(() => bench.control.views().map(({ view }) => view)).toContain('live-histories');
    expect(await stop()).toEqual({ recommenderArn });
    expect((await describeIt()).status).toMatch(/^STOP|^INACTIVE/);
    expect(await settled()).toBe('INACTIVE');
    expect(bench.released).toContain(`${recommenderArn} all`);
    await expect.poll(() => bench.control.views()).toEqual([]);
    expect(await start()).toEqual({ recommenderArn });
    expect(await settled()).toBe('ACTIVE');
    expect(trainings()).toHaveLength(1);
    expect(bench.prepared).toEqual([bench.prepared[0], bench.prepared[0]]);
    await expect.poll(() => bench.control.views().map(({ view }) => view)).toContain('live-histories');
  });

  it('shows every status on its way', async () => {
    const seen: string[] = [];
    const { database } = bench.parts;
    const note = async () => seen.push((await describeIt()).status ?? '');
    bench.preparing.hold();
    await stop();
    await note();
    expect(await settled()).toBe('INACTIVE');
    await note();
    await start();
    await note();
    await expect.poll(async () => (await describeIt()).status).toBe('START IN_PROGRESS');
    expect(await refusal(start())).toMatch(/is in status START IN_PROGRESS; it must be INACTIVE/);
    expect(await refusal(stop())).toMatch(/is in status START IN_PROGRESS; it must be ACTIVE/);
    expect(await refusal(remove())).toMatch(/is in status START IN_PROGRESS/);
    bench.preparing.release();
    expect(await settled()).toBe('ACTIVE');
    expect(seen[0]).toMatch(/^STOP (PENDING|IN_PROGRESS)$/);
    expect(seen[1]).toBe('INACTIVE');
    expect(seen[2]).toMatch(/^START (PENDING|IN_PROGRESS)$/);
    expect(
      await database.selectFrom('jobs').select('kind').where('resource_arn', '=', recommenderArn).execute(),
    ).toEqual(expect.arrayContaining([{ kind: 'retrain-recommender' }, { kind: 'update-recommender-model' }]));
  });

  it('cannot be stopped or started twice, and can be deleted', async () => {
    expect(await refusal(start())).toMatch(/^ResourceInUseException: .* is in status ACTIVE; it must be INACTIVE/);
    await stop();
    await settled();
    expect(await refusal(stop())).toMatch(/^ResourceInUseException: .* is in status INACTIVE; it must be ACTIVE/);
    await remove();
    expect(await settled()).toBe('gone');
    await expect.poll(modelsInStore).toEqual([]);
  });

  it('is INACTIVE with a reason where its model cannot be loaded, until it can', async () => {
    await stop();
    await settled();
    bench.preparing.hold();
    bench.preparing.release(new WorkFailed('The model is too large.'));
    await start();
    expect(await settled()).toBe('INACTIVE');
    expect(await describeIt()).toMatchObject({ failureReason: 'The model is too large.' });
    bench.preparing.hold();
    bench.preparing.release();
    await start();
    expect(await settled()).toBe('ACTIVE');
    expect((await describeIt()).failureReason).toBeUndefined();
  });

  it('calls off the retraining that is going on, and leaves nothing of it', async () => {
    const models = await modelsInStore();
    await moreData();
    bench.training.hold();
    bench.advance(7 * dayMs);
    await expect.poll(() => trainings().length).toBe(2);
    await stop();
    expect(await settled()).toBe('INACTIVE');
    await expect.poll(runningJobs).toEqual([]);
    await expect.poll(modelsInStore).toEqual(models);
    expect(await entry()).not.toHaveProperty('pendingWatermark');
    bench.training.release();
    await start();
    expect(await settled()).toBe('ACTIVE');
    expect(trainings()).toHaveLength(2);
    expect(await entry()).toMatchObject({ deployment: { model: models[0] } });
  });

  it('is neither retrained nor brought up to date', async () => {
    await stop();
    await settled();
    await moreData();
    await pass(8 * dayMs);
    expect(bench.trained).toHaveLength(1);
    await start();
    await settled();
    expect(bench.trained).toHaveLength(1);
    await pass(2 * hourMs);
    expect(updates()).toHaveLength(1);
    await pass(5 * dayMs);
    expect(trainings()).toHaveLength(1);
    await pass(dayMs);
    expect(trainings()).toHaveLength(2);
  });
});

describe('a recommender that is ACTIVE', () => {
  beforeEach(() => step.created(group));

  it('is retrained every seven days from its creation, if interactions have come in', async () => {
    await moreData();
    await pass(6 * dayMs);
    expect(trainings()).toHaveLength(1);
    const before = (await entry()).deployment.model;
    bench.training.hold();
    bench.advance(dayMs);
    await expect.poll(() => trainings().length).toBe(2);
    expect(await entry()).toMatchObject({ deployment: { model: before } });
    bench.training.release();
    await pass(0);
    await expect.poll(async () => (await entry()).deployment.model).toBe((await entry()).model);
    expect(await describeIt()).toMatchObject({ status: 'ACTIVE', modelMetrics: { coverage: 0.5 } });
    expect((await describeIt()).latestRecommenderUpdate).toBeUndefined();
    await pass(7 * dayMs);
    expect(trainings()).toHaveLength(2);
    await moreData();
    await pass(7 * dayMs);
    expect(trainings()).toHaveLength(3);
    const { model, superseded } = await entry();
    await expect.poll(modelsInStore).toEqual(expect.arrayContaining([model, superseded.model]));
    await expect.poll(async () => (await modelsInStore()).length).toBe(2);
  });

  it('catches up once after a time without a server, and keeps its days', async () => {
    await moreData();
    await bench.control.stop();
    bench.advance(17 * dayMs);
    await bench.control.start();
    await pass(0);
    expect(trainings()).toHaveLength(2);
    await moreData();
    await pass(3 * dayMs);
    expect(trainings()).toHaveLength(2);
    await pass(dayMs);
    expect(trainings()).toHaveLength(3);
  });

  it('answers as before where a retraining fails', async () => {
    const before = await entry();
    await moreData();
    bench.training.hold();
    bench.training.release(new TaskError('Create failed. There is too little to learn from.'));
    await pass(7 * dayMs);
    expect(await describeIt()).toMatchObject({ status: 'ACTIVE' });
    expect((await describeIt()).failureReason).toBeUndefined();
    expect(await entry()).toMatchObject({ model: before.model, deployment: before.deployment });
    expect(bench.logged.join()).toContain('A recommender could not be retrained; it answers as before.');
    expect(
      await bench.parts.database.selectFrom('jobs').select('kind').where('resource_arn', '=', recommenderArn).execute(),
    ).toEqual(expect.arrayContaining([{ kind: 'retrain-recommender' }, { kind: 'update-recommender-model' }]));
  });

  it('is brought up to date every two hours, if data has come', async () => {
    await pass(2 * hourMs);
    expect(updates()).toEqual([]);
    await moreData();
    await pass(2 * hourMs);
    expect(updates()).toHaveLength(1);
    expect((await entry()).deployment.model).toMatch(/\/updates\//);
  });

  it('is gone when it is deleted during a retraining, and leaves nothing', async () => {
    await moreData();
    bench.training.hold();
    bench.advance(7 * dayMs);
    await expect.poll(() => trainings().length).toBe(2);
    await remove();
    expect(await settled()).toBe('gone');
    await expect.poll(runningJobs).toEqual([]);
    await expect.poll(modelsInStore).toEqual([]);
    expect(await bench.parts.database.selectFrom('jobs').select('kind').execute()).toEqual([]);
  });
});

it('is not brought up to date between trainings where its use case explores nothing', async () => {
  await step.created(group, 'aws-vod-most-popular');
  await moreData();
  await pass(2 * hourMs);
  expect(updates()).toEqual([]);
});

it('serves no model that was being deployed while it was stopped', async () => {
  await step.created(group, 'aws-vod-most-popular');
  await moreData();
  bench.preparing.hold();
  bench.advance(7 * dayMs);
  await expect.poll(runningJobs).toEqual(['deploy-recommender']);
  await stop();
  bench.preparing.release();
  expect(await settled()).toBe('INACTIVE');
  expect(await entry()).not.toHaveProperty('deployment');
  expect(bench.released.at(-1)).toBe(`${recommenderArn} all`);
  await start();
  expect(await settled()).toBe('ACTIVE');
  expect((await entry()).deployment.model).toBe((await entry()).model);
});
