import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { importCsv } from '../../data/import/import-csv.ts';
import { pinDataset } from '../../data/records/pinned-dataset.ts';
import { RecordLog } from '../../data/records/record-log.ts';
import { streamedEventsQuery } from '../../data/records/streamed-events.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { schemas } from '../runtime/filtered-films.fixture.ts';
import { tracesOf } from './traces.fixture.ts';

let bench: Bench;
let imports = 0;
beforeEach(async () => {
  bench = await openBench({ importCsv });
});
afterEach(() => bench.close());

const roleArn = 'arn:aws:iam::123456789012:role/r';

/** A dataset group with users and what they have done. */
async function shop() {
  const step = steps(bench);
  const group = await step.group();
  const interactions = await step.dataset(group, await step.schema('interactions', schemas.interactions));
  const users = await step.dataset(group, await step.schema('users', schemas.users), 'Users');
  const { trackingId = '' } = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  return { group, interactions, users, trackingId };
}

/** Writes a file of the caller. @returns where it is */
async function file(name: string, content: string | Uint8Array) {
  const path = join(bench.home, 'buckets', 'data', name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return `s3://data/${name}`;
}

async function importFile(datasetArn: string, content: string, importMode: 'FULL' | 'INCREMENTAL' = 'FULL') {
  const jobName = `import-${++imports}`;
  const dataLocation = await file(`${jobName}.csv`, content);
  await bench.call('CreateDatasetImportJob', {
    jobName,
    datasetArn,
    dataSource: { dataLocation },
    roleArn,
    importMode,
  });
  return arnFor(`dataset-import-job/${jobName}`);
}

async function deletion(datasetGroupArn: string, dataLocation: string, jobName = 'forget') {
  const { dataDeletionJobArn = '' } = await bench.call('CreateDataDeletionJob', {
    ...{ jobName, datasetGroupArn, roleArn },
    dataSource: { dataLocation },
  });
  return dataDeletionJobArn;
}

const describeJob = async (dataDeletionJobArn: string) =>
  (await bench.call('DescribeDataDeletionJob', { dataDeletionJobArn })).dataDeletionJob;

const rows = (users: readonly string[]) =>
  `USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n${users.map((user, index) => `${user},i${index % 5},buy,${1_600_000_000 + index}\n`).join('')}`;

const put = (trackingId: string, userId: string | undefined, sessionId: string, itemId = 'i1') =>
  bench.call('PutEvents', {
    ...{ trackingId, sessionId, userId },
    eventList: [{ eventType: 'buy', itemId, sentAt: 1_700_000_000 }],
  });

const traces = (text: string) => tracesOf(bench.home, bench.parts.database, text);

describe('a data deletion job', () => {
  it('leaves no trace of its users in datasets, the log and the database, and all of others', async () => {
    const { group, interactions, users, trackingId } = await shop();
    const others = Array.from({ length: 40 }, (_, index) => `keep-${index}`);
    const mixed = others.flatMap((other, index) => [other, index % 4 === 0 ? 'mary-jones' : 'john-smith']);
    expect(await bench.settled(await importFile(interactions, rows(mixed)))).toBe('ACTIVE');
    expect(await bench.settled(await importFile(interactions, rows(others), 'INCREMENTAL'))).toBe('ACTIVE');
    expect(
      await bench.settled(await importFile(users, 'USER_ID,TIER\nmary-jones,gold\nkeep-1,gold\njohn-smith,child\n')),
    ).toBe('ACTIVE');
    await bench.call('PutUsers', {
      datasetArn: users,
      users: [{ userId: 'mary-jones', properties: '{"tier":"gold"}' }],
    });
    await put(trackingId, undefined, 'visit-of-mary', 'before-login');
    await put(trackingId, 'mary-jones', 'visit-of-mary');
    await put(trackingId, 'keep-1', 'visit-of-keep-1');
    await put(trackingId, undefined, 'visit-of-nobody', 'kept-item');
    expect(await traces('mary-jones')).not.toEqual([]);

    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary-jones\nnobody-at-all\njohn-smith\n'));
    expect(await describeJob(arn)).toMatchObject({ status: expect.stringMatching(/^(PENDING|IN_PROGRESS)$/) });
    expect(await bench.settled(arn)).toBe('COMPLETED');
    // 40 of the import, 2 and 1 of Users, 2 events
    expect(await describeJob(arn)).toMatchObject({ status: 'COMPLETED', numDeleted: 45, datasetGroupArn: group });
    for (const text of ['mary-jones', 'john-smith', 'nobody-at-all', 'visit-of-mary', 'before-login']) {
      expect(await traces(text), text).toEqual([]);
    }
    for (const text of ['keep-1', 'keep-39', 'visit-of-keep-1', 'kept-item']) {
      expect(await traces(text), text).not.toEqual([]);
    }
    const again = await deletion(group, 's3://data/list.csv', 'again');
    expect(await bench.settled(again)).toBe('COMPLETED');
    expect((await describeJob(again))?.numDeleted).toBe(0);
  });

  it('keeps the rows of others in their order', async () => {
    const { group, interactions } = await shop();
    const names = Array.from({ length: 30_000 }, (_, index) =>
      index % 3 === 0 ? `gone-${index % 700}` : `u-${index % 900}`,
    );
    expect(await bench.settled(await importFile(interactions, rows(names)))).toBe('ACTIVE');
    const list = [...new Set(names.filter((name) => name.startsWith('gone')))];
    const arn = await deletion(group, await file('list.csv', `USER_ID\r\n${list.join('\r\n')}\r\n`));
    expect(await bench.settled(arn)).toBe('COMPLETED');
    const [found] = await bench.parts.database.selectFrom('dataset_files').selectAll().execute();
    expect(found?.rows).toBe(20_000);
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: bench.home });
    const path = (await bench.parts.store.localFile(found?.key ?? '')).path;
    const kept = await duckDb.run(`SELECT "TIMESTAMP" - 1600000000 AS at FROM read_parquet(${sqlString(path)})`);
    expect(kept.map(({ at }) => Number(at))).toEqual([...names.keys()].filter((index) => index % 3 !== 0));
  });

  it.each([
    ['quotes', `o"brien`, '"o""brien"'],
    ['commas', 'a,b', '"a,b"'],
    ['unicode', 'Zoë 🦊', 'Zoë 🦊'],
  ])('takes ids with %s', async (_, id, cell) => {
    const { group, interactions } = await shop();
    expect(await bench.settled(await importFile(interactions, rows([cell, 'other', cell])))).toBe('ACTIVE');
    const arn = await deletion(group, await file('list.csv', `USER_ID\n${cell}\n`));
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(2);
    expect(await traces(id)).toEqual([]);
  });

  it('reads the .csv files of a folder and of those in it', async () => {
    const { group, interactions } = await shop();
    expect(await bench.settled(await importFile(interactions, rows(['a1', 'b1', 'c1', 'd1'])))).toBe('ACTIVE');
    await file('lists/a.csv', 'USER_ID\na1\n');
    await file('lists/deep/b.csv', 'user_id\nb1\n');
    await file('lists/deep/c.txt', 'USER_ID\nc1\n');
    const arn = await deletion(group, 's3://data/lists/');
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(2);
  });

  it.each([
    [
      'no header',
      'mary\njohn\n',
      /The first line of s3:\/\/data\/list.csv is "mary": it must name the one column USER_ID/,
    ],
    ['another column', 'USER_ID,NAME\nmary,Mary\n', /is "USER_ID,NAME": it must name the one column USER_ID/],
    ['nothing in it', '', /list.csv is empty: the first line must name the columns/],
    ['a line with two values', 'USER_ID\nmary,jones\n', /Line 2 of s3:\/\/data\/list.csv has more than one value/],
    ['other bytes than UTF-8', Buffer.from('USER_ID\n\xff\xfe\n', 'latin1'), /Line 2 .* is not encoded in UTF-8/],
    ['too many bytes', `USER_ID\n${'x'.repeat(200)}\n`, /have 209 bytes; a data deletion job takes no more than 150/],
  ])('fails for a file with %s, and deletes nothing', async (_, content, reason) => {
    await bench.close();
    bench = await openBench({ importCsv, quotas: { deletionBytes: 150 } });
    const { group, interactions } = await shop();
    expect(await bench.settled(await importFile(interactions, rows(['mary', 'john'])))).toBe('ACTIVE');
    const arn = await deletion(group, await file('list.csv', content));
    expect(await bench.settled(arn)).toBe('FAILED');
    const job = await describeJob(arn);
    expect(job?.failureReason).toMatch(reason);
    expect(job).not.toHaveProperty('numDeleted');
    expect(await bench.parts.database.selectFrom('users_to_delete').selectAll().execute()).toEqual([]);
    expect((await bench.parts.database.selectFrom('dataset_files').select('rows').execute())[0]).toEqual({ rows: 2 });
  });

  it('completes for a file with a header alone', async () => {
    const { group } = await shop();
    const arn = await deletion(group, await file('list.csv', 'USER_ID\n'));
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(0);
  });

  it('waits for imports that were created before, and leaves alone what later ones bring', async () => {
    await bench.close();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    bench = await openBench({
      importCsv: async (request, progress) => {
        if (request.location.includes('import-2')) await held;
        return await importCsv(request, progress);
      },
    });
    imports = 0;
    const { group, interactions, users } = await shop();
    expect(await bench.settled(await importFile(interactions, rows(['mary', 'john'])))).toBe('ACTIVE');
    const earlier = await importFile(users, 'USER_ID,TIER\nmary,gold\njohn,gold\n');
    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary\n'));
    await expect.poll(async () => (await describeJob(arn))?.status).toBe('IN_PROGRESS');
    const later = await importFile(interactions, rows(['mary', 'mary', 'mary']), 'INCREMENTAL');
    expect(await bench.settled(later)).toBe('ACTIVE');
    letGo();
    expect(await bench.settled(earlier)).toBe('ACTIVE');
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(2);
    const files = await bench.parts.database.selectFrom('dataset_files').select(['dataset_arn', 'rows']).execute();
    expect(files).toEqual([
      { dataset_arn: interactions, rows: 1 },
      { dataset_arn: interactions, rows: 3 },
      { dataset_arn: users, rows: 1 },
    ]);
  });

  it('is listed newest first, has tags, and five at most are unfinished in a group', async () => {
    const { group } = await shop();
    await bench.control.stop();
    const dataLocation = await file('list.csv', 'USER_ID\n');
    for (let count = 1; count <= 5; count++) await deletion(group, dataLocation, `job-${count}`);
    expect(await refusal(deletion(group, dataLocation, 'job-6'))).toMatch(
      /^LimitExceededException: More than 5 resources/,
    );
    expect(await refusal(deletion(group, dataLocation, 'job-5'))).toMatch(/^ResourceAlreadyExistsException/);
    const { dataDeletionJobs } = await bench.call('ListDataDeletionJobs', { datasetGroupArn: group });
    expect(dataDeletionJobs?.map(({ jobName }) => jobName)).toEqual(['job-5', 'job-4', 'job-3', 'job-2', 'job-1']);
    await bench.control.start();
    for (let count = 1; count <= 5; count++) {
      expect(await bench.settled(arnFor(`data-deletion-job/job-${count}`))).toBe('COMPLETED');
    }
  });

  it('completes after it was interrupted, and counts each row once', async () => {
    const { group, interactions } = await shop();
    expect(await bench.settled(await importFile(interactions, rows(['mary-jones', 'john', 'mary-jones'])))).toBe(
      'ACTIVE',
    );
    const dataLocation = await file('list.csv', 'USER_ID\nmary-jones\n');
    const arn = await deletion(group, dataLocation);
    // The files have been exchanged by then, or not, and the list of the caller is gone.
    await expect.poll(async () => (await describeJob(arn))?.status).not.toBe('PENDING');
    await bench.control.stop();
    await rm(join(bench.home, 'buckets', 'data', 'list.csv'));
    await bench.control.start();
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(2);
    expect(await traces('mary-jones')).toEqual([]);
  });

  it('takes events that came before it looked, and leaves those of users who come back', async () => {
    const { group, interactions, trackingId } = await shop();
    await put(trackingId, 'mary-jones', 'first-visit');
    await put(trackingId, 'john-smith', 'visit-of-john');
    const removing = held(bench.parts.store, 'remove');
    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary-jones\n'));
    await expect.poll(() => removing.calls).toBeGreaterThan(0);
    await put(trackingId, 'mary-jones', 'second-visit');
    await put(trackingId, undefined, 'second-visit', 'item-of-the-second');
    removing.letGo();
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect((await describeJob(arn))?.numDeleted).toBe(1);
    expect(await traces('first-visit')).toEqual([]);
    for (const text of ['second-visit', 'item-of-the-second', 'visit-of-john']) {
      expect(await traces(text), text).not.toEqual([]);
    }
    const { training } = await inspected(interactions);
    expect(training).toEqual(['john-smith', 'mary-jones', 'mary-jones']);
  });

  it('has a training that goes on begin again, without the users, and does not wait for its end', async () => {
    const { group, interactions } = await shop();
    expect(await bench.settled(await importFile(interactions, rows(['mary-jones', 'john-smith'])))).toBe('ACTIVE');
    const step = steps(bench);
    const solution = await step.solution(group, 'personal', 'aws-user-personalization');
    bench.training.hold();
    const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn: solution });
    await expect.poll(() => bench.trained.length).toBe(1);
    expect(await traces('mary-jones')).not.toEqual([]);
    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary-jones\n'));
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect(await traces('mary-jones')).toEqual([]);
    await expect.poll(() => bench.trained.length).toBe(2);
    bench.training.release();
    expect(await bench.settled(solutionVersionArn)).toBe('ACTIVE');
    expect(bench.trained).toHaveLength(2);
  });

  it('waits for work that was created before and may have copies', async () => {
    const { group, interactions } = await shop();
    const { database } = bench.parts;
    const other = { kind: 'campaign', account: '123456789012', region: 'eu-west-1', name: 'copies' };
    const arnOfOther = arnFor('campaign/copies');
    const times = { version: 1, created_at: 0, updated_at: 0, document: '{}' };
    const unfinished = { ...other, ...times, arn: arnOfOther, parent: interactions, status: 'CREATE IN_PROGRESS' };
    await database.insertInto('resources').values(unfinished).execute();
    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary-jones\n'));
    await expect
      .poll(() => bench.control.runningJobs().map(({ note }) => note))
      .toContain('waiting for jobs that began before');
    expect((await describeJob(arn))?.status).toBe('IN_PROGRESS');
    await database.updateTable('resources').set({ status: 'ACTIVE' }).where('arn', '=', arnOfOther).execute();
    expect(await bench.settled(arn)).toBe('COMPLETED');
  });

  it('takes quotes of its users out of what is said of imports', async () => {
    const { group, interactions } = await shop();
    const bad = await importFile(interactions, `${rows(['keep-1'])}mary-jones,i1,buy,john-smith\nkeep-2,i1,buy,soon\n`);
    expect(await bench.settled(bad)).toBe('CREATE FAILED');
    const reasonOf = async () => {
      const described = await bench.call('DescribeDatasetImportJob', { datasetImportJobArn: bad });
      return described.datasetImportJob?.failureReason;
    };
    expect(await reasonOf()).toContain('john-smith');
    const arn = await deletion(group, await file('list.csv', 'USER_ID\nmary-jones\njohn-smith\n'));
    expect(await bench.settled(arn)).toBe('COMPLETED');
    expect(await reasonOf()).toBe('The reason quoted the data of a user who was deleted, and was removed with it.');
    expect(await traces('john-smith')).toEqual([]);
    const problems = await bench.parts.database.selectFrom('import_problems').select('body').executeTakeFirstOrThrow();
    expect(JSON.parse(problems.body)).toMatchObject([
      { rule: 'It was about the data of a user who was deleted.' },
      { value: 'soon' },
    ]);
  });
});

/** Holds back the calls of a method from now on. */
function held<Name extends string>(object: { [N in Name]: (key: string) => Promise<void> }, name: Name) {
  const method = object[name].bind(object);
  const state = { calls: 0, letGo: () => {} };
  const open = new Promise<void>((resolve) => {
    state.letGo = resolve;
  });
  object[name] = async (key) => {
    state.calls++;
    await open;
    return await method(key);
  };
  return state;
}

/** The users of the events that train, as of now. */
async function inspected(datasetArn: string): Promise<{ readonly training: string[] }> {
  const folder = join(bench.home, 'inspected');
  const request = { ...bench.parts, records: new RecordLog(bench.parts), datasetArn, folder, rows: 'all' } as const;
  const { files } = await pinDataset({ ...request, signal: new AbortController().signal });
  const { schema } = parseDatasetSchema(schemas.interactions);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: bench.home });
  const streamed = streamedEventsQuery(
    files.map(({ path }) => path),
    schema,
  );
  const found = await duckDb.run(`SELECT "$user" AS id FROM (${streamed}) WHERE "$outcome" = 'counted' ORDER BY ALL`);
  return { training: found.map(({ id }) => String(id)) };
}
