import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { copyRows } from './copy-rows.ts';
import { type DatabaseLocation, type DatabaseWithSnapshots, findDatabase, openDatabase } from './database.ts';

const folder = await mkdtemp(join(tmpdir(), 'snapshot-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

let files = 0;
const freshFile = () => join(folder, `${files++}.sqlite`);
const backends = [
  { name: 'SQLite', missing: false, fresh: async (): Promise<DatabaseLocation> => ({ file: freshFile() }) },
  {
    name: 'PostgreSQL',
    missing: !postgres,
    fresh: async (): Promise<DatabaseLocation> => ({ url: (await postgres?.freshDatabase()) ?? '' }),
  },
];

const resource = (name: string) => ({
  arn: `arn:${name}`,
  kind: 'schema',
  account: '0',
  region: 'r',
  name,
  parent: null,
  status: 'ACTIVE',
  document: '{"a": "☃ \\n"}',
  version: 1,
  created_at: 1,
  updated_at: 2,
});
const entry = (body: string) => ({
  dataset_arn: 'arn:d',
  layout: 1,
  node: 'n',
  records: 1,
  bytes: 3,
  created_at: 1_700_000_000_000,
  body,
});

/** Something in every table; more than a page of the log, whose newest rows are gone again. */
async function fill({ database }: DatabaseWithSnapshots): Promise<void> {
  await database
    .insertInto('resources')
    .values([resource('a'), resource('b'), resource('gone')])
    .execute();
  await database.deleteFrom('resources').where('name', '=', 'gone').execute();
  await database.insertInto('tags').values({ resource_arn: 'arn:a', key: 'k', value: 'v' }).execute();
  const job = { kind: 'k', resource_arn: 'arn:a', serial_key: null, owner: 'node', lease_expires_at: 1, attempts: 1 };
  await database
    .insertInto('jobs')
    .values({ ...job, cancel_requested: 0, not_before: 0, created_at: 0 })
    .execute();
  const file = { dataset_arn: 'arn:d', key: 'k', rows: 1, bytes: 5_000_000_000, import_job_arn: 'j', created_at: 1 };
  const sums = [null, 'ab'].map((sha256, position) => ({ ...file, position, through: position, sha256 }));
  await database.insertInto('dataset_files').values(sums).execute();
  await database.insertInto('record_layouts').values({ columns: '[]' }).execute();
  const bodies = Array.from({ length: 250 }, (_, n) => entry(`${n}\n`));
  await database.insertInto('record_log').values(bodies).execute();
  await database.deleteFrom('record_log').where('position', '>', 240).execute();
  await database.insertInto('impressions').values({ batch: 'b', created_at: 1, body: 'x' }).execute();
  await database.insertInto('import_problems').values({ import_job_arn: 'arn:a', body: '[]' }).execute();
  await database.insertInto('unreferenced_objects').values({ name: 'x', job_id: 7, created_at: 1 }).execute();
  await database.insertInto('meta').values({ key: 'store_id', value: 'mine' }).execute();
}

const tables = [
  ...(['resources', 'tags', 'jobs', 'dataset_files'] as const),
  ...(['record_layouts', 'record_log', 'impressions', 'import_problems', 'unreferenced_objects', 'meta'] as const),
];

async function contentOf({ database }: DatabaseWithSnapshots) {
  const content: Record<string, unknown[]> = {};
  for (const table of tables) {
    const rows = await database.selectFrom(table).selectAll().execute();
    content[table] = rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
  }
  return content;
}

describe.each(backends)('a snapshot of $name', ({ missing, fresh }) => {
  beforeEach((context) => {
    if (missing) context.skip();
  });

  it('is one SQLite file with all that the database holds, and goes back into either database', async () => {
    const opened = await openDatabase(await fresh());
    await fill(opened);
    const content = await contentOf(opened);
    const file = freshFile();
    await opened.snapshot(file);
    const copy = await openDatabase({ file });
    expect(await contentOf(copy)).toEqual(content);
    for (const location of [await fresh(), { file: freshFile() }]) {
      const back = await openDatabase(location);
      await back.database.transaction().execute((trx) => copyRows(copy, { ...back, database: trx }));
      expect(await contentOf(back)).toEqual(content);
      // No number is given twice, though the rows that had the last ones are gone.
      const { position } = await back.database
        .insertInto('record_log')
        .values(entry('next'))
        .returning('position')
        .executeTakeFirstOrThrow();
      expect(position).toBe(251);
      await back.close();
    }
    await Promise.all([copy.close(), opened.close()]);
  });

  it('is of one moment, while transactions go on', async () => {
    const opened = await openDatabase(await fresh());
    const pad = 'x'.repeat(20_000);
    const before = Array.from({ length: 400 }, () => entry(pad));
    for (let n = 0; n < 4; n++) await opened.database.insertInto('record_log').values(before).execute();
    let [running, committed] = [true, 0];
    const writer = (async () => {
      while (running) {
        const node = `t${committed}`;
        await opened.database.transaction().execute(async (trx) => {
          for (let n = 0; n < 3; n++)
            await trx
              .insertInto('record_log')
              .values({ ...entry('y'), node })
              .execute();
        });
        committed++;
        await nextTurn();
      }
    })();
    while (committed < 3) await nextTurn();
    const acknowledged = committed;
    const copied = freshFile();
    await opened.snapshot(copied);
    running = false;
    await writer;
    await opened.close();
    expect((await readdir(folder)).filter((name) => copied.endsWith(name.replace(/-(wal|shm)$/, '')))).toHaveLength(1);
    const copy = await findDatabase({ file: copied });
    const rows = await copy.database
      .selectFrom('record_log')
      .select(['node', (of) => of.fn.countAll().as('count')])
      .where('body', '=', 'y')
      .groupBy('node')
      .execute();
    expect(rows.filter(({ count }) => count !== 3)).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
    await copy.close();
  });
});

it('refuses to look for a database where there is none', async () => {
  await expect(findDatabase({ file: join(folder, 'none.sqlite') })).rejects.toThrow(/no database .*none.sqlite/);
});
