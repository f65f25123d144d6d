import { afterEach, expect, it } from 'vitest';
import { pathOf } from '../../data/encryption/file-path.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { nextBestAction } from '../../learn/recipes/next-best-action.ts';
import { type Bench, openBench, steps, withData } from '../control.fixture.ts';

let bench: Bench;
afterEach(() => bench.close());

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schemaOf = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });

it('trains on actions and on interactions with them, each once and with its user', async () => {
  bench = await openBench();
  const step = steps(bench);
  const { group } = await withData(bench);
  const solutionArn = await step.solution(group, 'actions', nextBestAction.name);
  const train = async () => {
    const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn });
    return solutionVersionArn;
  };
  const without = await train();
  expect(await bench.settled(without)).toBe('CREATE FAILED');
  const { solutionVersion } = await bench.call('DescribeSolutionVersion', { solutionVersionArn: without });
  expect(solutionVersion?.failureReason).toBe(
    'Create failed. The dataset group has no Actions dataset. Create one, and import or send actions.',
  );

  const kind = { ...field('KIND', 'null', 'string'), categorical: true };
  const actionsSchema = await step.schema('actions', schemaOf('Actions', field('ACTION_ID', 'string'), kind));
  const actionsArn = await step.dataset(group, actionsSchema, 'Actions');
  const eventFields = ['USER_ID', 'ACTION_ID', 'EVENT_TYPE'].map((name) => field(name, 'string'));
  const eventsSchema = schemaOf('ActionInteractions', ...eventFields, field('TIMESTAMP', 'long'));
  const eventsArn = await step.dataset(group, await step.schema('events', eventsSchema), 'Action_Interactions');
  const { trackingId = '' } = (await bench.call('DescribeDataset', { datasetArn: eventsArn })).dataset ?? {};
  for (const own of ['x', 'y']) {
    const properties = JSON.stringify({ kind: own });
    await bench.call('PutActions', { datasetArn: actionsArn, actions: [{ actionId: 'a1', properties }] });
  }
  const taken = { sessionId: 's1', actionId: 'a1', eventType: 'Taken', timestamp: 1_700_000_000 };
  const events = [
    taken,
    { ...taken, userId: 'u1' },
    { ...taken, sessionId: 's9' },
    { ...taken, eventType: 'NOT_TAKEN' },
  ];
  await bench.call('PutActionInteractions', { trackingId, actionInteractions: events });

  bench.training.hold();
  const version = await train();
  await expect.poll(() => bench.trained).toHaveLength(1);
  const { actions, actionInteractions } = bench.trained[0] ?? {};
  const rowsOf = async (files: NonNullable<typeof actions>['files'] = []) => {
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: bench.home });
    const paths = files.map((file) => sqlString(pathOf(file))).join(', ');
    return await duckDb.run(`SELECT * REPLACE (TIMESTAMP::INT AS TIMESTAMP) FROM read_parquet([${paths}])`);
  };
  expect(actions?.files).toHaveLength(1);
  expect(actionInteractions?.schema.fields.map(({ name }) => name)).toEqual([
    ...['USER_ID', 'ACTION_ID', 'EVENT_TYPE', 'TIMESTAMP'],
  ]);
  const row = { USER_ID: 'u1', ACTION_ID: 'a1', TIMESTAMP: 1_700_000_000 };
  expect(await rowsOf(actionInteractions?.files)).toEqual([
    { ...row, EVENT_TYPE: 'Taken' },
    { ...row, EVENT_TYPE: 'NOT_TAKEN' },
  ]);
  expect(actionInteractions?.eventsLeftOut).toBe(2);
  bench.training.release();
  expect(await bench.settled(version)).toBe('ACTIVE');
});
