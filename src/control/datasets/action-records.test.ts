import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { importCsv } from '../../data/import/import-csv.ts';
import { streamedEventsQuery } from '../../data/records/streamed-events.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { datasetKind } from './dataset-kind.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ importCsv });
});
afterEach(() => bench.close());

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schemaOf = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });

const kind = { ...field('KIND', 'null', 'string'), categorical: true };
const actionsSchema = (...added: object[]) =>
  schemaOf(
    'Actions',
    field('ACTION_ID', 'string'),
    field('VALUE', 'null', 'long'),
    field('REPEAT_FREQUENCY', 'null', 'long'),
    field('EXPIRATION_TIMESTAMP', 'null', 'long'),
    field('CREATION_TIMESTAMP', 'null', 'long'),
    kind,
    ...added,
  );
const eventsSchema = schemaOf(
  'ActionInteractions',
  field('USER_ID', 'string'),
  field('ACTION_ID', 'string'),
  field('EVENT_TYPE', 'string'),
  field('TIMESTAMP', 'long'),
  field('DEVICE', 'null', 'string'),
);

/** A dataset group with both datasets of actions. */
async function withActions() {
  const step = steps(bench);
  const group = await step.group();
  const actions = await step.dataset(group, await step.schema('actions', actionsSchema()), 'actions');
  const events = await step.dataset(group, await step.schema('events', eventsSchema), 'Action_Interactions');
  const { dataset } = await bench.call('DescribeDataset', { datasetArn: events });
  return { group, actions, events, trackingId: dataset?.trackingId ?? '' };
}

const event = { sessionId: 's1', userId: 'u1', timestamp: 1_700_000_000, eventType: 'Taken', actionId: 'a1' };
const put = (trackingId: string, ...events: readonly object[]) =>
  bench.call('PutActionInteractions', { trackingId, actionInteractions: events.map((one) => ({ ...event, ...one })) });

/** The dataset's Parquet files, once its records are among them. */
async function filesOf(dataset: string): Promise<string[]> {
  await bench.parts.database
    .transaction()
    .execute((trx) => enqueue({ db: trx, now: Date.now() }, datasetKind, 'compact-records', { arn: dataset }));
  await bench.settled(dataset);
  const rows = await bench.parts.database
    .selectFrom('dataset_files')
    .select('key')
    .where('dataset_arn', '=', dataset)
    .orderBy('position')
    .execute();
  const files: string[] = [];
  for (const { key } of rows) files.push((await bench.parts.store.localFile(key)).path);
  return files;
}

async function rowsOf(dataset: string, select: string): Promise<unknown[]> {
  const files = await filesOf(dataset);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: bench.home });
  const options = { type: 'ACTION_INTERACTIONS' } as const;
  const from = dataset.endsWith('/ACTION_INTERACTIONS')
    ? `(${streamedEventsQuery(files, parseDatasetSchema(eventsSchema).schema, options)}) ORDER BY "$order"`
    : `read_parquet([${files.map(sqlString).join(', ')}])`;
  return await duckDb.run(`SELECT ${select} FROM ${from}`);
}

async function imported(datasetArn: string, csv: string, jobName: string, importMode: 'FULL' | 'INCREMENTAL' = 'FULL') {
  const folder = join(bench.home, 'buckets/data');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${jobName}.csv`), csv);
  const dataSource = { dataLocation: `s3://data/${jobName}.csv` };
  await bench.call('CreateDatasetImportJob', { jobName, datasetArn, dataSource, importMode });
  const arn = arnFor(`dataset-import-job/${jobName}`);
  await bench.settled(arn);
  const described = await bench.call('DescribeDatasetImportJob', { datasetImportJobArn: arn });
  return described.datasetImportJob?.failureReason ?? described.datasetImportJob?.status;
}

describe('datasets of actions', () => {
  it('have their types in the ARN, and those of events a tracker', async () => {
    const { actions, events, trackingId } = await withActions();
    expect(actions).toBe(arnFor('dataset/films/ACTIONS'));
    expect(events).toBe(arnFor('dataset/films/ACTION_INTERACTIONS'));
    expect(trackingId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    const { dataset } = await bench.call('DescribeDataset', { datasetArn: actions });
    expect(dataset?.trackingId).toBeUndefined();
    expect(await refusal(bench.call('PutEvents', { trackingId, sessionId: 's', eventList: [] }))).toMatch(/^Inv/);
  });

  it('take a schema with more columns, of actions alone', async () => {
    const { actions, events } = await withActions();
    const step = steps(bench);
    const schemaArn = await step.schema('wider', actionsSchema(field('COST', 'null', 'float')));
    await bench.call('UpdateDataset', { datasetArn: actions, schemaArn });
    expect(await bench.settled(actions)).toBe('ACTIVE');
    const properties = JSON.stringify({ cost: 1.5 });
    await bench.call('PutActions', { datasetArn: actions, actions: [{ actionId: 'a', properties }] });
    expect(await rowsOf(actions, 'ACTION_ID, COST')).toEqual([{ ACTION_ID: 'a', COST: 1.5 }]);
    const wider = await step.schema('events2', eventsSchema);
    expect(await refusal(bench.call('UpdateDataset', { datasetArn: events, schemaArn: wider }))).toBe(
      'InvalidInputException: Only the schema of an Items, Users or Actions dataset can be replaced.',
    );
  });
});

describe('an import of actions', () => {
  const header = 'ACTION_ID,VALUE,REPEAT_FREQUENCY,EXPIRATION_TIMESTAMP,CREATION_TIMESTAMP,KIND\n';

  it('replaces all, or adds', async () => {
    const { actions } = await withActions();
    expect(await imported(actions, `${header}a1,1,30,,,x\na2,10,0,1700000000,1600000000,y|z\n`, 'one')).toBe('ACTIVE');
    expect(await imported(actions, `${header}a1,7,,,,\n`, 'two', 'INCREMENTAL')).toBe('ACTIVE');
    expect(await rowsOf(actions, 'ACTION_ID AS id, VALUE AS value, REPEAT_FREQUENCY AS days')).toEqual([
      { id: 'a1', value: 1n, days: 30n },
      { id: 'a2', value: 10n, days: 0n },
      { id: 'a1', value: 7n, days: null },
    ]);
    expect(await imported(actions, `${header}a3,7,,,,\n`, 'three')).toBe('ACTIVE');
    expect(await rowsOf(actions, 'ACTION_ID AS id')).toEqual([{ id: 'a3' }]);
  });

  it.each([
    ['a1,11,,,,', 'it must be from 1 to 10'],
    ['a1,0,,,,', 'it must be from 1 to 10'],
    ['a1,,31,,,', 'it must be from 0 to 30'],
    ['a1,,,1700000000000,,', 'it looks like milliseconds'],
  ])('says what is wrong with %s', async (row, rule) => {
    const { actions } = await withActions();
    expect(await imported(actions, `${header}${row}\n`, 'one')).toContain(rule);
  });

  it('wants an action and a type of each interaction', async () => {
    const { events } = await withActions();
    const columns = 'USER_ID,ACTION_ID,EVENT_TYPE,TIMESTAMP,DEVICE\n';
    expect(await imported(events, `${columns}u,,Taken,1,\n`, 'one')).toContain('every record must have a value');
    expect(await imported(events, `${columns}u,a,,1,\n`, 'two')).toContain('every record must have a value');
    expect(await imported(events, `${columns}u,a,Not Taken,1,tv\n`, 'three')).toBe('ACTIVE');
  });
});

describe('PutActions', () => {
  const putActions = (datasetArn: string, ...all: readonly (readonly [string, object])[]) =>
    bench.call('PutActions', {
      datasetArn,
      actions: all.map(([actionId, properties]) => ({ actionId, properties: JSON.stringify(properties) })),
    });

  it('replaces what is known of an action, whole', async () => {
    const { actions } = await withActions();
    await putActions(actions, [
      'a',
      { value: 3, kind: 'x|y', repeatFrequency: '7', expirationTimestamp: 1_800_000_000 },
    ]);
    await putActions(actions, ['a', { KIND: 'z' }], ['b', { actionExpirationTimestamp: '1800000001' }]);
    const rows = await rowsOf(
      actions,
      'ACTION_ID AS id, VALUE::INT AS value, KIND AS kind, REPEAT_FREQUENCY::INT AS days, EXPIRATION_TIMESTAMP::INT AS until',
    );
    expect(rows).toEqual([
      { id: 'a', value: 3, kind: 'x|y', days: 7, until: 1_800_000_000 },
      { id: 'a', value: null, kind: 'z', days: null, until: null },
      { id: 'b', value: null, kind: null, days: null, until: 1_800_000_001 },
    ]);
  });

  it('says what is wrong with a value, and takes nothing of such a call', async () => {
    const { actions, events } = await withActions();
    const refused = (properties: object) => refusal(putActions(actions, ['good', {}], ['a', properties]));
    expect(await refused({ value: 11 })).toBe(
      "InvalidInputException: Value '11' at 'actions.2.member.properties.value' failed to satisfy constraint: it must be from 1 to 10",
    );
    expect(await refused({ repeatFrequency: 31 })).toContain('it must be from 0 to 30');
    expect(await refused({ expirationTimestamp: 1.5 })).toContain('it must be a whole number');
    expect(await refused({ kind: ['x'] })).toContain('it must be a string, a number or a boolean');
    expect(await refusal(putActions(events, ['a', {}]))).toBe(
      `InvalidInputException: Dataset ${events} is of type ACTION_INTERACTIONS; it must be of type ACTIONS.`,
    );
    const long = { kind: 'x'.repeat(32_001) };
    expect(await refused(long)).toMatch(/^InvalidInputException: .*32000/);
    const eleven = Array.from({ length: 11 }, (_, n) => [`a${n}`, {}] as const);
    expect(await refusal(putActions(actions, ...eleven))).toMatch(/^InvalidInputException/);
    expect(await refusal(putActions(arnFor('dataset/none/ACTIONS'), ['a', {}]))).toMatch(/^ResourceNotFoundException/);
    await putActions(actions, ['last', {}]);
    expect(await rowsOf(actions, 'ACTION_ID AS id')).toEqual([{ id: 'last' }]);
  });
});

describe('PutActionInteractions', () => {
  it('keeps each event, and attributes those of a session to its first user', async () => {
    const { events, trackingId } = await withActions();
    await put(trackingId, { userId: undefined, sessionId: 's2' }, { userId: '', sessionId: 's2', actionId: 'a2' });
    await put(trackingId, { userId: undefined, sessionId: 's3' });
    await put(
      trackingId,
      { userId: 'u2', sessionId: 's2', actionId: 'a3', eventType: 'Not Taken', timestamp: 1_700_000_001_000 },
      { eventId: 'e', impression: ['a1', 'a2'], properties: JSON.stringify({ device: 'tv', other: 1 }) },
      { eventId: 'e', timestamp: 1_700_000_005 },
      { eventType: 'clicked' },
    );
    await put(trackingId, { eventType: 'clicked' });
    const select = `USER_ID AS by, ACTION_ID AS action, EVENT_TYPE AS type, TIMESTAMP::INT AS time, IMPRESSION AS shown,
       DEVICE AS device, "$user" AS user, "$outcome" AS outcome`;
    const row = { by: null, type: 'Taken', time: 1_700_000_000, shown: null, device: null };
    expect(await rowsOf(events, select)).toEqual([
      { ...row, action: 'a1', user: 'u2', outcome: 'counted' },
      { ...row, action: 'a2', user: 'u2', outcome: 'counted' },
      { ...row, action: 'a1', user: null, outcome: 'anonymous' },
      { ...row, by: 'u2', action: 'a3', type: 'Not Taken', time: 1_700_000_001, user: 'u2', outcome: 'counted' },
      { ...row, by: 'u1', action: 'a1', shown: 'a1|a2', device: 'tv', user: 'u1', outcome: 'counted' },
      { ...row, by: 'u1', action: 'a1', time: 1_700_000_005, user: 'u1', outcome: 'repeated' },
      { ...row, by: 'u1', action: 'a1', type: 'clicked', user: 'u1', outcome: 'counted' },
      { ...row, by: 'u1', action: 'a1', type: 'clicked', user: 'u1', outcome: 'identical' },
    ]);
  });

  it('is explained to a person, event by event', async () => {
    const { events, trackingId } = await withActions();
    await put(trackingId, { userId: undefined, sessionId: 's2' }, { eventType: 'clicked' }, { actionId: 'a2' });
    await put(trackingId, { actionId: 'a2' });
    const ask = async (userId?: string) => {
      const { events: listed, ...of } = await bench.call('ListEvents', { trackingId, userId });
      expect(of).toEqual({ trackingId, datasetArn: events });
      return listed.map(({ actionId, itemId, outcome, why }) => [actionId, itemId, outcome, why.split(':')[0]]);
    };
    const waiting = ['a1', null, 'anonymous', 'waits'];
    const others = [
      ['a2', null, 'identical', 'ignored'],
      ['a2', null, 'counted', 'counts'],
      ['a1', null, 'counted', 'kept, and ignored'],
    ];
    expect(await ask()).toEqual([...others, waiting]);
    expect(await ask('u1')).toEqual(others);
    expect(await ask('s2')).toEqual([waiting]);
    expect(await refusal(bench.call('ListEvents', { trackingId: 'x' }))).toBe(
      `InvalidInputException: There is no event tracker with trackingId x. Event trackers: none. Action_Interactions datasets: ${trackingId} (data).`,
    );
  });

  it('takes a call whole or not at all, and says what is wrong', async () => {
    const { events, trackingId } = await withActions();
    const refused = (more: object) => refusal(put(trackingId, {}, more));
    expect(await refused({ timestamp: 1e15 })).toContain("at 'actionInteractions.2.member.timestamp'");
    expect(await refused({ properties: '{"userId":"x"}' })).toContain('cannot have the key userId');
    expect(await refused({ properties: '[]' })).toContain('Error parsing properties json');
    expect(await refused({ actionId: '' })).toMatch(/^InvalidInputException/);
    expect(await refused({ eventType: undefined })).toMatch(/^InvalidInputException/);
    expect(await refusal(put('made-up'))).toMatch(/^InvalidInputException/);
    expect(await refusal(put(`${trackingId} `, {}))).toMatch(/is not that of an Action_Interactions dataset/);
    const tracked = await bench.call('CreateEventTracker', {
      name: 'web',
      datasetGroupArn: arnFor('dataset-group/films'),
    });
    expect(await refusal(put(tracked.trackingId ?? '', {}))).toMatch(/is not that of an Action_Interactions dataset/);
    await put(trackingId, { actionId: 'last' });
    expect(await rowsOf(events, 'ACTION_ID AS id')).toEqual([{ id: 'last' }]);
  });

  it('is refused once the dataset is gone, and by one that takes its place', async () => {
    const { group, events, trackingId } = await withActions();
    await put(trackingId, {});
    await bench.call('DeleteDataset', { datasetArn: events });
    expect(await refusal(put(trackingId, {}))).toMatch(/is not that of an Action_Interactions dataset/);
    const again = await steps(bench).dataset(group, arnFor('schema/events'), 'ACTION_INTERACTIONS');
    expect(await refusal(put(trackingId, {}))).toMatch(/is not that of an Action_Interactions dataset/);
    const { dataset } = await bench.call('DescribeDataset', { datasetArn: again });
    await put(dataset?.trackingId ?? '', { actionId: 'new' });
    expect(await rowsOf(again, 'ACTION_ID AS id')).toEqual([{ id: 'new' }]);
  });
});
