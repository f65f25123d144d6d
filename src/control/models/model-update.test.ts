import { afterEach, beforeEach, expect, it } from 'vitest';
import { TaskError } from '../../util/child-task/task.ts';
import { arnFor, type Bench, openBench, steps, withData } from '../control.fixture.ts';

const hourMs = 60 * 60_000;

let bench: Bench;
let group: string;
let dataset: string;
let solutionArn: string;
let version: string;
let imports = 0;
beforeEach(async () => {
  bench = await openBench();
  ({ group, dataset } = await withData(bench));
  solutionArn = await steps(bench).solution(group);
  version = await steps(bench).version(solutionArn);
});
afterEach(() => bench.close());

const campaignArn = arnFor('campaign/front-page');
const moreData = () => steps(bench).imported(dataset, `more-${++imports}`, 'INCREMENTAL');

/** Lets time go by, and waits until nothing that was due in it is left to do. */
async function pass(ms: number, of: Bench = bench): Promise<void> {
  of.advance(ms);
  const { database, clock } = of.parts;
  const due = () =>
    database
      .selectFrom('jobs')
      .select('kind')
      .where('not_before', '<', clock.now() + 60_000)
      .execute();
  await expect.poll(due).toEqual([]);
}

/** Model from which a campaign answers. */
async function answering(arn = campaignArn, of: Bench = bench): Promise<string> {
  await of.call('GetRecommendations', { campaignArn: arn, userId: 'u' });
  return (of.asked.at(-1) as { model: string }).model;
}

const models = async (): Promise<Set<string>> => {
  const found = new Set<string>();
  for await (const { key } of bench.parts.store.list('models/'))
    found.add(key.replace(/(model\.json|tensors\/.*)$/, ''));
  return found;
};

const updates = () => bench.trained.filter(({ modelToUpdate }) => modelToUpdate !== undefined).length;
const describeCampaign = async () => (await bench.call('DescribeCampaign', { campaignArn })).campaign;

it('brings the model behind a campaign up to date every two hours, when data has come', async () => {
  await steps(bench).campaign(version);
  const trained = await answering();
  await pass(2 * hourMs);
  expect(updates()).toBe(0);
  await moreData();
  await pass(hourMs);
  expect(updates()).toBe(0);
  await pass(hourMs);
  expect(updates()).toBe(1);
  const updated = await answering();
  expect(updated).not.toBe(trained);
  expect(bench.trained.at(-1)?.modelToUpdate).toContain(trained.slice(0, -1));
  expect(bench.prepared.at(-1)).toBe(updated);
  expect(bench.released).toContain(`${campaignArn} ${updated}`);
  await pass(4 * hourMs);
  expect(updates()).toBe(1);
});

it('leaves the version, its metrics and the campaign as they are shown', async () => {
  await steps(bench).campaign(version);
  const shown = async () => {
    const { solutionVersion } = await bench.call('DescribeSolutionVersion', { solutionVersionArn: version });
    const { metrics } = await bench.call('GetSolutionMetrics', { solutionVersionArn: version });
    const { solutionVersions } = await bench.call('ListSolutionVersions', { solutionArn });
    const { lastUpdatedDateTime: _, ...campaign } = (await describeCampaign()) ?? {};
    return { hours: solutionVersion?.trainingHours, metrics, versions: solutionVersions?.length, campaign };
  };
  const modelToUpdate = await shown();
  await moreData();
  await pass(2 * hourMs);
  expect(updates()).toBe(1);
  expect(await shown()).toEqual(modelToUpdate);
});

it('goes on from the trained model each time, and keeps no more than requests may still need', async () => {
  await steps(bench).campaign(version);
  const trained = await answering();
  const served: string[] = [];
  for (let time = 0; time < 4; time++) {
    await moreData();
    await pass(2 * hourMs);
    served.push(await answering());
  }
  expect(new Set(served).size).toBe(4);
  expect(new Set(bench.trained.slice(1).map(({ modelToUpdate }) => modelToUpdate)).size).toBe(1);
  expect(await models()).toEqual(new Set([trained, ...served.slice(-2)]));
  await bench.call('DeleteCampaign', { campaignArn });
  await bench.settled(campaignArn);
  await bench.call('DeleteSolution', { solutionArn });
  await bench.settled(solutionArn);
  await expect.poll(models).toEqual(new Set());
});

it('takes single records of any dataset for new data', async () => {
  await steps(bench).schema('items', JSON.stringify(itemsOnly));
  const items = await steps(bench).dataset(group, arnFor('schema/items'), 'Items');
  version = await steps(bench).version(solutionArn);
  await steps(bench).campaign(version);
  await bench.call('PutItems', { datasetArn: items, items: [{ itemId: 'new', properties: '{"genre":"drama"}' }] });
  await pass(2 * hourMs);
  expect(updates()).toBe(1);
});

const itemsOnly = {
  type: 'record',
  name: 'Items',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'GENRE', type: 'string', categorical: true },
  ],
};

it('moves all campaigns of the version at once, and a later one begins with what they have', async () => {
  await steps(bench).campaign(version);
  await steps(bench).campaign(version, 'second');
  await moreData();
  await pass(2 * hourMs);
  const updated = await answering();
  expect(await answering(arnFor('campaign/second'))).toBe(updated);
  await steps(bench).campaign(version, 'third');
  expect(await answering(arnFor('campaign/third'))).toBe(updated);
});

it('leaves alone what no campaign serves, what is not the last training, and recipes that are not updated', async () => {
  await steps(bench).campaign(version);
  const newer = await steps(bench).version(solutionArn);
  const ranking = await steps(bench).solution(group, 'ranking', 'aws-personalized-ranking');
  await steps(bench).campaign(await steps(bench).version(ranking), 'ranked');
  await moreData();
  await pass(2 * hourMs);
  expect(updates()).toBe(0);
  await bench.call('UpdateCampaign', { campaignArn, solutionVersionArn: newer });
  await bench.settled(campaignArn);
  await pass(2 * hourMs);
  expect(updates()).toBe(1);
});

it('leaves a version alone that was updated by hand', async () => {
  const created = await bench.call('CreateSolutionVersion', { solutionArn, trainingMode: 'UPDATE' });
  const updated = created.solutionVersionArn ?? '';
  await bench.settled(updated);
  await steps(bench).campaign(updated);
  await moreData();
  await pass(2 * hourMs);
  expect(updates()).toBe(1);
});

it('answers as before when it cannot be brought up to date, says why in the log, and is tried again in time', async () => {
  await steps(bench).campaign(version);
  const trained = await answering();
  await moreData();
  bench.training.hold();
  bench.training.release(new TaskError('Create failed. Dataset has fewer than 1000 interactions.'));
  await pass(2 * hourMs);
  expect(await answering()).toBe(trained);
  expect(bench.logged.join()).toContain('A model could not be brought up to date');
  bench.training.hold();
  bench.training.release();
  await pass(2 * hourMs);
  expect(await answering()).not.toBe(trained);
});

it('is not done by a server that is told so, and again by one that is not', async () => {
  await steps(bench).campaign(version);
  await moreData();
  await bench.control.stop();
  const { database, dialect } = bench.parts;
  const shared = { home: bench.home, database: { database, dialect, close: async () => {} } };
  const without = await openBench({ ...shared, updateEveryMs: 0 });
  await pass(10 * hourMs, without);
  expect(without.trained.filter(({ modelToUpdate }) => modelToUpdate !== undefined)).toEqual([]);
  await without.close();
  const again = await openBench({ ...shared, updateEveryMs: hourMs });
  await pass(11 * hourMs, again);
  expect(again.trained.filter(({ modelToUpdate }) => modelToUpdate !== undefined)).toHaveLength(1);
  await again.close();
});

it('is taken up again where a server was stopped in the middle, and leaves nothing behind', async () => {
  await steps(bench).campaign(version);
  const trained = await answering();
  await moreData();
  bench.training.hold();
  bench.advance(2 * hourMs);
  await expect.poll(updates).toBe(1);
  await bench.control.stop();
  const { database, dialect, store } = bench.parts;
  const noted = await database.selectFrom('unreferenced_objects').select('name').execute();
  expect(noted.map(({ name }) => name)).toEqual([expect.stringContaining('/updates/')]);
  for (const { name } of noted) await store.write(`${name}half`, 'half a model');
  const home = { home: bench.home, database: { database, dialect, close: async () => {} } };
  const next = await openBench({ ...home, start: false });
  next.advance(2 * hourMs);
  await next.control.start();
  expect(await answering(campaignArn, next)).toBe(trained);
  await pass(0, next);
  const updated = await answering(campaignArn, next);
  expect(updated).not.toBe(trained);
  expect(await models()).toEqual(new Set([trained, updated]));
  await next.close();
});

it('is called off when its solution is deleted, and leaves nothing', async () => {
  await steps(bench).campaign(version);
  await moreData();
  bench.training.hold();
  bench.advance(2 * hourMs);
  await expect.poll(updates).toBe(1);
  await bench.call('DeleteCampaign', { campaignArn });
  await bench.call('DeleteSolution', { solutionArn });
  await expect.poll(() => bench.control.runningJobs()).toEqual([]);
  expect(await bench.settled(version)).toBe('gone');
  await expect.poll(models).toEqual(new Set());
  expect(bench.logged).toEqual([]);
});
