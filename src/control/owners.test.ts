import { afterEach, beforeEach, expect, it } from 'vitest';
import { TaskError } from '../util/child-task/task.ts';
import { arnFor, type Bench, caller, openBench, recipeArn, refusal, steps, withData } from './control.fixture.ts';
import { families } from './families.ts';
import { openTemple } from './toy-owner.fixture.ts';

// A resource that is neither a solution version nor a campaign has a model trained, deployed, updated and served.

const hourMs = 3_600_000;
const oracleArn = arnFor('oracle/delphi');

let temple: ReturnType<typeof openTemple>;
let bench: Bench;
let group: string;
let dataset: string;
beforeEach(async () => {
  temple = openTemple();
  bench = await openBench({ families: [...families, temple.family] });
  ({ group, dataset } = await withData(bench));
});
afterEach(() => bench.close());

async function created(recipe = 'aws-user-personalization'): Promise<void> {
  expect(await temple.oracles.create(group, recipeArn(recipe), caller)).toBe(oracleArn);
  expect(await bench.settled(oracleArn)).toBe('ACTIVE');
}

const ask = () => bench.call('GetRecommendations', { campaignArn: oracleArn, userId: 'u' });

/** What the model of the next answer is, and what it is told of the user. */
async function asked() {
  await ask();
  return bench.asked.at(-1) as { ownerArn: string; model: string; recent?: { items: string[] } };
}

const updates = () => bench.trained.filter(({ modelToUpdate }) => modelToUpdate !== undefined);

/** Lets two hours go by with new data, and waits until all that was due is done. */
async function passWithData(name: string): Promise<void> {
  await steps(bench).imported(dataset, name, 'INCREMENTAL');
  bench.advance(2 * hourMs);
  const { database, clock } = bench.parts;
  const due = database.selectFrom('jobs').select('kind').where('not_before', '<', clock.now());
  await expect.poll(() => due.execute()).toEqual([]);
}

async function models(): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { key } of bench.parts.store.list('models/oracle/')) {
    found.add(key.replace(/(model\.json|tensors\/.*)$/, ''));
  }
  return found;
}

it('trains by its plan, is loaded, and answers', async () => {
  await created();
  expect(bench.trained).toMatchObject([{ recipe: 'aws-user-personalization', eventType: 'watch' }]);
  const { model, metrics, trainingHours } = (await temple.oracles.find(oracleArn, caller)).document;
  expect({ metrics, trainingHours }).toEqual({ metrics: { coverage: 0.5 }, trainingHours: 0.01 });
  expect(bench.prepared).toEqual([model]);
  expect(await asked()).toMatchObject({ ownerArn: oracleArn, model, recipeType: 'USER_PERSONALIZATION' });
  expect(await models()).toEqual(new Set([model]));
});

it('fails with the reason of its training', async () => {
  bench.training.hold();
  bench.training.release(new TaskError('Create failed. There is too little to learn from.'));
  await temple.oracles.create(group, recipeArn('aws-sims'), caller);
  expect(await bench.settled(oracleArn)).toBe('CREATE FAILED');
  expect((await temple.oracles.find(oracleArn, caller)).document).toMatchObject({
    failureReason: 'Create failed. There is too little to learn from.',
  });
  expect(await refusal(ask())).toBe(
    `InvalidInputException: Oracle ${oracleArn} is in status CREATE FAILED; it must be ACTIVE.`,
  );
});

it('is brought up to date when data has come, and answers from that', async () => {
  await created();
  const trained = (await asked()).model;
  await passWithData('more');
  expect(updates()).toHaveLength(1);
  const updated = (await asked()).model;
  expect(updated).toMatch(/^models\/oracle\/updates\//);
  expect(bench.released).toEqual([`${oracleArn} ${updated}`]);
  expect(await models()).toEqual(new Set([trained, updated]));
});

it('follows what users do, and explores as its kind says', async () => {
  const { trackingId = '' } = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  await created();
  const put = (eventType: string, itemId: string) =>
    bench.call('PutEvents', {
      trackingId,
      userId: 'u',
      sessionId: 's',
      eventList: [{ eventType, itemId, sentAt: 1_700_000_000 }],
    });
  await put('watch', 'film');
  await put('click', 'poster');
  expect((await asked()).recent?.items).toEqual(['film']);
  expect((await temple.oracles.entry(oracleArn))?.exploration).toMatchObject({ datasetGroupArn: group, rate: 0.25 });
  await expect.poll(() => bench.control.liveHistories()).toMatchObject([{ datasetArn: dataset }]);
});

it('trains again, answers from the former model until the new one is loaded, and keeps no more than is needed', async () => {
  await created();
  await passWithData('more');
  const updated = (await asked()).model;
  bench.preparing.hold();
  await temple.oracles.retrain(oracleArn, caller);
  await expect.poll(() => bench.control.runningJobs().map(({ kind }) => kind)).toEqual(['deploy-oracle']);
  expect((await asked()).model).toBe(updated);
  bench.preparing.release();
  await bench.settled(oracleArn);
  const retrained = (await asked()).model;
  expect(retrained).toBe((await temple.oracles.find(oracleArn, caller)).document.model);
  await expect.poll(models).toEqual(new Set([updated, retrained]));
  await passWithData('even-more');
  expect(updates().at(-1)?.modelToUpdate).toContain(retrained.slice(0, -1));
  await expect.poll(models).toEqual(new Set([retrained, (await asked()).model]));
});

it('holds nothing and is not updated while it is stopped, and answers again once it is started', async () => {
  await created();
  const { model } = await asked();
  await temple.oracles.stop(oracleArn, caller);
  expect(bench.released).toEqual([`${oracleArn} all`]);
  await expect.poll(() => bench.control.liveHistories()).toEqual([]);
  expect(await refusal(ask())).toMatch(/^InvalidInputException/);
  await passWithData('more');
  expect(updates()).toEqual([]);
  await temple.oracles.start(oracleArn, caller);
  await bench.settled(oracleArn);
  expect((await asked()).model).toBe(model);
  await passWithData('even-more');
  expect(updates()).toHaveLength(1);
});

it('can go while it is trained again, and while a model is being loaded for it', async () => {
  const noJobs = () => bench.parts.database.selectFrom('jobs').select('kind').execute();
  for (const { gate, kind } of [
    { gate: bench.training, kind: 'train-oracle' },
    { gate: bench.preparing, kind: 'deploy-oracle' },
  ]) {
    await created();
    gate.hold();
    await temple.oracles.retrain(oracleArn, caller);
    await expect.poll(() => bench.control.runningJobs().map((job) => job.kind)).toEqual([kind]);
    await temple.oracles.remove(oracleArn, caller);
    gate.release();
    await expect.poll(noJobs).toEqual([]);
    await expect.poll(models).toEqual(new Set());
  }
  expect(bench.logged).toEqual([]);
});

it('goes with its models', async () => {
  await created();
  await passWithData('more');
  await temple.oracles.remove(oracleArn, caller);
  await expect.poll(models).toEqual(new Set());
  expect(await refusal(ask())).toMatch(/^ResourceNotFoundException/);
  expect(bench.logged).toEqual([]);
});
