import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { arnFor, type Bench, openBench, recipeArn, steps, withData } from '../../src/control/control.fixture.ts';
import { openDatabase } from '../../src/data/database/database.ts';
import { startPostgres } from '../support/postgres.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

test('nodes on one PostgreSQL keep each time of a schedule once, and all answer from what came of it', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const home = await mkdtemp(join(tmpdir(), 'schedules-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  const url = await postgres.freshDatabase();
  const nodes: Bench[] = [];
  for (let node = 0; node < 3; node++) {
    const database = await openDatabase({ url });
    opened.defer(() => database.close());
    const bench = await openBench({ home, database });
    opened.defer(() => bench.close());
    nodes.push(bench);
  }
  const [one, two] = nodes;
  if (!one || !two) throw new Error('There are nodes.');

  /** Lets time go by on all nodes at once, and waits until nothing is left to do. */
  const pass = async (ms: number): Promise<void> => {
    for (const node of nodes) node.advance(ms);
    const { database, clock } = one.parts;
    const due = () =>
      database
        .selectFrom('jobs')
        .select('kind')
        .where('not_before', '<', clock.now() + 60_000)
        .execute();
    await expect.poll(due).toEqual([]);
  };
  const trained = () =>
    nodes.flatMap((node) => node.trained.map(({ modelToUpdate }) => (modelToUpdate ? 'updated' : 'trained')));

  const { group, dataset } = await withData(one);
  const solutionArn = arnFor('solution/likes');
  const autoTrainingConfig = { schedulingExpression: 'rate(1 day)' };
  await two.call('CreateSolution', {
    name: 'likes',
    datasetGroupArn: group,
    recipeArn: recipeArn('aws-user-personalization'),
    solutionConfig: { autoTrainingConfig },
  });
  await two.settled(solutionArn);
  await pass(hourMs);
  expect(trained()).toEqual(['trained']);

  const { solution } = await two.call('DescribeSolution', { solutionArn });
  const campaign = await steps(two).campaign(solution?.latestSolutionVersion?.solutionVersionArn ?? '');
  await steps(one).imported(dataset, 'second', 'INCREMENTAL');
  await pass(2 * hourMs);
  expect(trained().sort()).toEqual(['trained', 'updated']);
  const models = await Promise.all(
    nodes.map(async (node) => {
      await node.call('GetRecommendations', { campaignArn: campaign, userId: 'u' });
      return (node.asked.at(-1) as { model: string }).model;
    }),
  );
  expect(new Set(models).size).toBe(1);
  expect(models[0]).toContain('/updates/');

  await pass(dayMs);
  expect(trained().filter((kind) => kind === 'trained')).toHaveLength(2);
  await pass(10 * dayMs);
  expect(trained().filter((kind) => kind === 'trained')).toHaveLength(2);
});
