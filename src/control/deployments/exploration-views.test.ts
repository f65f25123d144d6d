import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { RecordLog } from '../../data/records/record-log.ts';
import type { Deployment } from '../../serve/serving.ts';
import type { Views } from '../context.ts';
import { arnFor, type Bench, openBench, steps } from '../control.fixture.ts';
import { families } from '../families.ts';
import { ownersAmong } from '../owners.ts';
import { explorationSourceOf } from './exploration-source.ts';
import { candidatesOf } from './exploration-views.ts';
import { createViews } from './views.ts';

const owners = ownersAmong(families);

let bench: Bench;
let records: RecordLog;
let views: Views;
let errors: string[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  bench = await openBench();
  errors = [];
  const log = { ...bench.parts.log, error: (_: object, message: string) => errors.push(message) };
  records = new RecordLog({ ...bench.parts, log });
  views = createViews({ ...bench.parts, log, records, owners });
  views.keeper.start();
});
afterEach(async () => {
  await views.keeper.stop();
  await records.stop();
  await bench.close();
  vi.useRealTimers();
});

const ownerArn = arnFor('campaign/front-page');

/** A campaign over an empty dataset, with the one file of its model that exploration reads. */
async function campaign(): Promise<void> {
  const step = steps(bench);
  const group = await step.group();
  await step.dataset(group, await step.schema());
  await step.campaign(await step.version(await step.solution(group)));
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(bench.home, 'spilled') });
  const file = sqlString(join(bench.home, 'store', (await deployment()).model, 'items.parquet'));
  await duckDb.run(`COPY (SELECT 'known' AS ID) TO ${file} (FORMAT parquet)`);
}

const found = async () => {
  const owned = await owners.deployments.find(bench.parts.database, ownerArn);
  if (!owned) throw new Error('There is no campaign.');
  return owned;
};

async function deployment(): Promise<Deployment> {
  const { deployment } = (await found()).owner.document;
  if (!deployment) throw new Error('The campaign serves nothing.');
  return { ownerArn, recipeType: deployment.recipeType, model: deployment.model };
}

/** Has the campaign's candidates read, as its first request does. */
async function ask(): Promise<void> {
  const [served, source] = [await deployment(), await explorationSourceOf(owners, bench.parts.database, await found())];
  if (!source) throw new Error('The campaign does not explore.');
  await expect.poll(() => candidatesOf(views.explorations, served, source)).toBeDefined();
}

it('reads the candidates of a campaign that is asked', async () => {
  await campaign();
  await ask();
  expect(views.explorations.held()).toMatchObject([{ key: { arn: ownerArn }, view: { candidates: { count: 0 } } }]);
});

it('starts over for a campaign that was deleted and created again', async () => {
  await campaign();
  await ask();
  const { modelOwnerArn: solutionVersionArn } = await found();
  await bench.call('DeleteCampaign', { campaignArn: ownerArn });
  await steps(bench).campaign(solutionVersionArn);
  const source = await explorationSourceOf(owners, bench.parts.database, await found());
  expect(source && candidatesOf(views.explorations, await deployment(), source)).toBeUndefined();
  await ask();
});

it('lets go those of a campaign that is gone, and asks no more for a model that went with it', async () => {
  await campaign();
  await ask();
  const { modelOwnerArn: solutionVersionArn } = await found();
  await bench.call('DeleteCampaign', { campaignArn: ownerArn });
  await bench.settled(ownerArn);
  const solutionArn = solutionVersionArn.slice(0, solutionVersionArn.lastIndexOf('/'));
  await bench.call('DeleteSolution', { solutionArn });
  await bench.settled(solutionArn);
  await steps(bench).imported(arnFor('dataset/films/INTERACTIONS'));
  vi.advanceTimersByTime(5000);
  await expect.poll(() => views.explorations.held()).toEqual([]);
  expect(errors).toEqual([]);
});
