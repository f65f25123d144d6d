import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal, steps, withData } from '../control.fixture.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let bench: Bench;
let group: string;
let dataset: string;
beforeEach(async () => {
  bench = await openBench();
  ({ group, dataset } = await withData(bench));
});
afterEach(() => bench.close());

const solutionArn = arnFor('solution/likes');
async function create(more: Partial<Input<'CreateSolution'>> = {}, datasetGroupArn = group): Promise<void> {
  const recipe = recipeArn('aws-user-personalization');
  await bench.call('CreateSolution', { name: 'likes', datasetGroupArn, recipeArn: recipe, ...more });
  expect(await bench.settled(solutionArn)).toBe('ACTIVE');
}
async function update(asked: Omit<Input<'UpdateSolution'>, 'solutionArn'>): Promise<void> {
  await bench.call('UpdateSolution', { solutionArn, ...asked });
  await bench.settled(solutionArn);
}
const every = (schedulingExpression: string) => ({ autoTrainingConfig: { schedulingExpression } });
const train = () => steps(bench).version(solutionArn);

/** Types of the solution's versions, oldest first, once all are ACTIVE and no time has come that is not kept. */
async function versions(of: Bench = bench): Promise<(string | undefined)[]> {
  await expect.poll(() => dueJobs(of)).toEqual([]);
  const { solutionVersions = [] } = await of.call('ListSolutionVersions', { solutionArn });
  expect(solutionVersions.map(({ status }) => status)).toEqual(solutionVersions.map(() => 'ACTIVE'));
  return solutionVersions.map(({ trainingType }) => trainingType).reverse();
}

async function dueJobs({ parts }: Bench): Promise<unknown[]> {
  return await parts.database
    .selectFrom('jobs')
    .select(['kind', 'resource_arn'])
    .where('not_before', '<', parts.clock.now() + minuteMs)
    .execute();
}

async function pass(ms: number, of: Bench = bench): Promise<(string | undefined)[]> {
  of.advance(ms);
  return await versions(of);
}

let imports = 0;
const moreData = () => steps(bench).imported(dataset, `more-${++imports}`, 'INCREMENTAL');

it('trains within the hour of its creation, and shows so', async () => {
  await create();
  expect(await pass(50 * minuteMs)).toEqual([]);
  expect(await pass(10 * minuteMs)).toEqual(['AUTOMATIC']);
  const { solution } = await bench.call('DescribeSolution', { solutionArn });
  expect(solution?.latestSolutionVersion).toMatchObject({ trainingType: 'AUTOMATIC', trainingMode: 'AUTOTRAIN' });
});

it('leaves the first training to whoever trains by hand within the hour', async () => {
  await create();
  await train();
  await moreData();
  expect(await pass(hourMs)).toEqual(['MANUAL']);
  expect(await pass(7 * dayMs)).toEqual(['MANUAL', 'AUTOMATIC']);
});

it('trains each time that its rate says, counted from the last, if interactions have come in', async () => {
  await create({ solutionConfig: every('rate(2 days)') });
  expect(await pass(hourMs)).toHaveLength(1);
  expect(await pass(2 * dayMs)).toHaveLength(1);
  await moreData();
  expect(await pass(dayMs)).toHaveLength(1);
  expect(await pass(dayMs)).toHaveLength(2);
  await moreData();
  expect(await pass(2 * dayMs)).toHaveLength(3);
});

it('trains on events that have come one by one, too', async () => {
  const { trackingId = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
    name: 'clicks',
    datasetGroupArn: group,
  });
  await bench.settled(eventTrackerArn);
  await create();
  expect(await pass(hourMs)).toHaveLength(1);
  const event = { eventType: 'click', itemId: 'i', sentAt: 1 };
  await bench.call('PutEvents', { trackingId, sessionId: 's', userId: 'u', eventList: [event] });
  expect(await pass(7 * dayMs)).toHaveLength(2);
  expect(await pass(7 * dayMs)).toHaveLength(2);
});

it('waits for data where there is none, and is not put off by a whole period', async () => {
  const empty = await steps(bench).group('empty');
  await create({}, empty);
  expect(await pass(3 * hourMs)).toEqual([]);
  const other = await steps(bench).dataset(empty, arnFor('schema/interactions'));
  await steps(bench).imported(other, 'late');
  expect(await pass(hourMs)).toEqual(['AUTOMATIC']);
});

it('does nothing where it is off, ends when it is turned off, and begins when it is turned on', async () => {
  await create({ performAutoTraining: false, solutionConfig: every('rate(1 day)') });
  expect(await pass(2 * dayMs)).toEqual([]);
  await update({ performAutoTraining: true });
  expect(await pass(hourMs)).toHaveLength(1);
  await moreData();
  expect(await pass(dayMs)).toHaveLength(2);
  await update({ performAutoTraining: false });
  await moreData();
  expect(await pass(30 * dayMs)).toHaveLength(2);
});

it('begins anew when its rate changes, and only then', async () => {
  await create({ solutionConfig: every('rate(30 days)') });
  expect(await pass(hourMs)).toHaveLength(1);
  await moreData();
  await update({ performAutoTraining: true });
  expect(await pass(hourMs)).toHaveLength(1);
  await update({ solutionUpdateConfig: every('rate(1 day)') });
  expect(await pass(hourMs)).toHaveLength(2);
  await moreData();
  await update({ solutionUpdateConfig: every('rate(01 days)') });
  expect(await pass(hourMs)).toHaveLength(2);
  expect(await pass(dayMs)).toHaveLength(3);
});

it('does not try in vain once the interactions are gone', async () => {
  await create();
  expect(await pass(hourMs)).toHaveLength(1);
  await bench.call('DeleteDataset', { datasetArn: dataset });
  expect(await bench.settled(dataset)).toBe('gone');
  expect(await pass(7 * dayMs)).toHaveLength(1);
});

it('moves the campaigns that follow the solution to what it has trained', async () => {
  await create();
  await pass(hourMs);
  await bench.call('CreateCampaign', {
    name: 'front-page',
    solutionVersionArn: `${solutionArn}/$LATEST`,
    campaignConfig: { syncWithLatestSolutionVersion: true },
  });
  const campaignArn = arnFor('campaign/front-page');
  const served = async () => {
    expect(await bench.settled(campaignArn)).toBe('ACTIVE');
    return (await bench.call('DescribeCampaign', { campaignArn })).campaign?.solutionVersionArn;
  };
  const first = await served();
  await moreData();
  expect(await pass(7 * dayMs)).toHaveLength(2);
  const { solutionVersions = [] } = await bench.call('ListSolutionVersions', { solutionArn });
  expect(solutionVersions.map(({ solutionVersionArn }) => solutionVersionArn)).toEqual([await served(), first]);
});

it('goes with its solution', async () => {
  await create();
  await bench.call('DeleteSolution', { solutionArn });
  expect(await bench.settled(solutionArn)).toBe('gone');
  bench.advance(dayMs);
  const jobs = await bench.parts.database.selectFrom('jobs').select('kind').execute();
  expect(jobs).toEqual([]);
});

it('keeps one time of all that went by while the server was down', async () => {
  await create({ solutionConfig: every('rate(1 day)') });
  expect(await pass(hourMs)).toHaveLength(1);
  await moreData();
  await bench.control.stop();
  const { database, dialect } = bench.parts;
  const opened = { database, dialect, close: async () => {} };
  const later = await openBench({ home: bench.home, database: opened, start: false });
  later.advance(11 * dayMs);
  await later.control.start();
  try {
    expect(await versions(later)).toHaveLength(2);
    expect(await pass(dayMs - hourMs, later)).toHaveLength(2);
  } finally {
    await later.close();
  }
});

it('is refused by the rates that the service refuses', async () => {
  const refused = (expression: string) => refusal(create({ solutionConfig: every(expression) }));
  for (const expression of ['rate(0 days)', 'rate(31 days)', 'rate(2 hours)', 'cron(0 0 * * ? *)', 'rate(1.5 days)']) {
    expect(await refused(expression)).toMatch(/^InvalidInputException: .*schedulingExpression/);
  }
});
