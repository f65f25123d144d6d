import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type DatabaseLocation, type OpenDatabase, openDatabase } from './database.ts';
import { forUpdateSkipLocked, isUniqueViolation, lockAccount } from './dialect.ts';

const folder = await mkdtemp(join(tmpdir(), 'database-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

/** Tables of metric attribution. */
const attributed = [...(['attributions', 'attribution_sources', 'attribution_counts', 'attribution_totals'] as const)];

/** Tables of formats 9 to 14. */
const principals = [
  ...(['accounts', 'users', 'access_keys'] as const),
  ...(['policies', 'policy_attachments', 'inline_policies'] as const),
  ...(['roles', 'principal_tags', 'oidc_providers'] as const),
  ...(['kms_keys', 'kms_key_versions', 'kms_aliases', 'kms_tags', 'kms_grants', 'group_keys'] as const),
  'policy_versions',
];

let files = 0;
const freshFile = async () => ({ file: join(folder, `home-${files++}`, 'database.sqlite') });
const freshUrl = async () => ({ url: (await postgres?.freshDatabase()) ?? '' });

const resource = (name: string, document = '{}') => ({
  arn: `arn:${name}`,
  kind: 'schema',
  account: '000000000000',
  region: 'us-east-1',
  name,
  parent: null,
  status: 'ACTIVE',
  document,
  version: 1,
  created_at: 1_700_000_000_000,
  updated_at: 1_700_000_000_000,
});

const job = (name: string) => ({
  kind: 'training',
  resource_arn: `arn:${name}`,
  serial_key: null,
  owner: null,
  lease_expires_at: null,
  attempts: 0,
  cancel_requested: 0,
  not_before: 0,
  created_at: 0,
});

const datasetFile = (position: number, key: string) => ({
  dataset_arn: 'arn:dataset',
  position,
  key,
  rows: 1,
  bytes: 1,
  import_job_arn: 'arn:import',
  created_at: 0,
});

/** A process that writes pairs of rows (test/fixtures/pair-writer.ts); resolves when `pairs` are acknowledged. */
async function startPairWriter(location: DatabaseLocation, pairs: number) {
  const script = join(import.meta.dirname, '../../../test/fixtures/pair-writer.ts');
  const writer = spawn(process.execPath, [script, JSON.stringify(location)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = -1;
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: writer.stdout }).on('line', (line) => {
      acknowledged = Number(line);
      if (acknowledged >= pairs) resolve();
    });
    writer.on('exit', () => reject(new Error('The writer ended by itself.')));
  });
  return {
    async kill() {
      const exit = once(writer, 'exit');
      writer.kill('SIGKILL');
      await exit;
      return acknowledged;
    },
  };
}

async function pairsIn({ database }: OpenDatabase) {
  const rows = await database
    .selectFrom('dataset_files')
    .select(['dataset_arn', 'position'])
    .orderBy('position')
    .execute();
  const positions = (half: string) => rows.filter((row) => row.dataset_arn === half).map((row) => row.position);
  return { first: positions('first'), second: positions('second') };
}

describe.each([
  { name: 'SQLite', fresh: freshFile, missing: false },
  { name: 'PostgreSQL', fresh: freshUrl, missing: postgres === undefined },
])('the database on $name', ({ fresh, missing }) => {
  let location: DatabaseLocation;
  let opened: OpenDatabase;

  beforeEach(async (context) => {
    if (missing) context.skip();
    location = await fresh();
    opened = await openDatabase(location);
  });
  afterEach(async () => {
    if (!missing) await opened.close();
  });

  it('gives back what was written, numbers as numbers', async () => {
    const { database } = opened;
    const document = JSON.stringify({ text: '\u0000 "quoted" ünïcödé 😀', list: [1, null] });
    await database.insertInto('resources').values(resource('a', document)).execute();
    await database.insertInto('resources').values(resource('b')).execute();

    const rows = await database.selectFrom('resources').selectAll().orderBy('sequence', 'desc').execute();
    expect(rows.map((row) => row.name)).toEqual(['b', 'a']);
    expect(rows[1]).toEqual({ sequence: expect.any(Number), ...resource('a', document) });
    const sums = await database
      .selectFrom('resources')
      .select((of) => [
        of.fn.countAll().as('count'),
        of.fn.sum('version').as('sum'),
        of.fn.max('created_at').as('last'),
      ])
      .executeTakeFirst();
    expect(sums).toEqual({ count: 2, sum: 2, last: 1_700_000_000_000 });
  });

  it('keeps what was committed when it is opened again', async () => {
    await opened.database.insertInto('resources').values(resource('kept')).execute();
    await opened.close();
    opened = await openDatabase(location);
    expect(await opened.database.selectFrom('resources').select('name').execute()).toEqual([{ name: 'kept' }]);
  });

  it('sorts text by its bytes', async () => {
    const names = ['b', 'é', 'B', 'a', '_', 'Z', '😀', '0'];
    await opened.database
      .insertInto('resources')
      .values(names.map((name) => resource(name)))
      .execute();
    const rows = await opened.database.selectFrom('resources').select('name').orderBy('name').execute();
    expect(rows.map((row) => row.name)).toEqual(['0', 'B', 'Z', '_', 'a', 'b', 'é', '😀']);
  });

  it('counts the rows that a compare-and-set changed', async () => {
    await opened.database.insertInto('resources').values(resource('a')).execute();
    const change = (version: number) =>
      opened.database
        .updateTable('resources')
        .set({ version: version + 1 })
        .where('arn', '=', 'arn:a')
        .where('version', '=', version)
        .executeTakeFirst();
    const changes = await Promise.all([change(1), change(1), change(1)]);
    expect(changes.map((result) => result.numUpdatedRows).sort()).toEqual([0n, 0n, 1n]);
  });

  it('tells a row that is there already from other mistakes', async () => {
    const { database } = opened;
    await database.insertInto('resources').values(resource('a')).execute();
    await database.insertInto('dataset_files').values(datasetFile(1, 'x')).execute();
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );

    expect(isUniqueViolation(await failure(database.insertInto('resources').values(resource('a')).execute()))).toBe(
      true,
    );
    const sameFile = database.insertInto('dataset_files').values(datasetFile(1, 'y')).execute();
    expect(isUniqueViolation(await failure(sameFile))).toBe(true);
    const tagOfNothing = database
      .insertInto('tags')
      .values({ resource_arn: 'arn:none', key: 'k', value: 'v' })
      .execute();
    const orphan = await failure(tagOfNothing);
    expect(orphan).toBeInstanceOf(Error);
    expect(isUniqueViolation(orphan)).toBe(false);
  });

  it('removes the tags of a resource with it', async () => {
    const { database } = opened;
    await database
      .insertInto('resources')
      .values([resource('a'), resource('b')])
      .execute();
    const tag = (arn: string) => ({ resource_arn: arn, key: 'k', value: 'v' });
    await database
      .insertInto('tags')
      .values([tag('arn:a'), tag('arn:b')])
      .execute();
    await database.deleteFrom('resources').where('arn', '=', 'arn:a').execute();
    expect(await database.selectFrom('tags').selectAll().execute()).toEqual([tag('arn:b')]);
  });

  it('takes nothing from a transaction that fails', async () => {
    const failing = opened.database.transaction().execute(async (trx) => {
      await trx.insertInto('resources').values(resource('a')).execute();
      await trx.insertInto('resources').values(resource('a')).execute();
    });
    await expect(failing).rejects.toSatisfy(isUniqueViolation);
    expect(await opened.database.selectFrom('resources').selectAll().execute()).toEqual([]);
  });

  it('lets no two requests use the last of a quota', async () => {
    const { database, dialect } = opened;
    const create = (name: string) =>
      database.transaction().execute(async (trx) => {
        await lockAccount(trx, dialect, '000000000000');
        const { count } = await trx
          .selectFrom('resources')
          .select((of) => of.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (count < 5) await trx.insertInto('resources').values(resource(name)).execute();
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => create(`resource-${index}`)));
    expect(await database.selectFrom('resources').selectAll().execute()).toHaveLength(5);
  });

  it('gives each job to one worker', async () => {
    const { database, dialect } = opened;
    await database
      .insertInto('jobs')
      .values(Array.from({ length: 40 }, (_, index) => job(`job-${index}`)))
      .execute();
    const claim = (owner: string) =>
      database.transaction().execute(async (trx) => {
        const free = trx.selectFrom('jobs').select('id').where('owner', 'is', null).orderBy('id').limit(1);
        const next = await forUpdateSkipLocked(free, dialect).executeTakeFirst();
        if (!next) return undefined;
        await trx.updateTable('jobs').set({ owner }).where('id', '=', next.id).execute();
        return next.id;
      });
    const work = async (owner: string) => {
      const claimed: number[] = [];
      for (let id = await claim(owner); id !== undefined; id = await claim(owner)) claimed.push(id);
      return claimed;
    };
    const claimed = await Promise.all(['a', 'b', 'c', 'd'].map(work));
    const ids = await database.selectFrom('jobs').select('id').orderBy('id').execute();
    expect(claimed.flat().sort((one, other) => one - other)).toEqual(ids.map(({ id }) => id));
  });

  it('brings a database of the first format to the present one, with what it holds', async () => {
    const { database } = opened;
    const later = ['record_log', 'record_layouts', 'impressions', 'import_problems', 'unreferenced_objects'] as const;
    for (const table of [...later, ...principals]) await database.schema.dropTable(table).execute();
    await database.schema.alterTable('dataset_files').dropColumn('through').execute();
    await database.schema.alterTable('dataset_files').dropColumn('sha256').execute();
    await sql`alter table jobs rename column serial_key to line`.execute(database);
    for (const table of attributed) await database.schema.dropTable(table).execute();
    await database.schema.dropTable('users_to_delete').execute();
    for (const column of ['part', 'failures']) await database.schema.alterTable('jobs').dropColumn(column).execute();
    await database.insertInto('dataset_files').values(datasetFile(0, 'old')).execute();
    await database.updateTable('meta').set({ value: '1' }).where('key', '=', 'format_version').execute();
    await opened.close();
    opened = await openDatabase(location);
    const files = await opened.database.selectFrom('dataset_files').select(['key', 'through', 'sha256']).execute();
    expect(files).toEqual([{ key: 'old', through: null, sha256: null }]);
    expect(await opened.database.selectFrom('record_log').selectAll().execute()).toEqual([]);
  });

  it('renames in a database of format 7 what this release calls otherwise, and loses nothing', async () => {
    const { database } = opened;
    for (const table of principals) await database.schema.dropTable(table).execute();
    await sql`alter table impressions rename to shown_lists`.execute(database);
    await sql`drop index impressions_by_age`.execute(database);
    await sql`create index shown_lists_by_age on shown_lists (created_at)`.execute(database);
    await sql`alter table jobs rename column serial_key to line`.execute(database);
    for (const table of attributed) await database.schema.dropTable(table).execute();
    await database.schema.dropTable('users_to_delete').execute();
    for (const column of ['part', 'failures']) await database.schema.alterTable('jobs').dropColumn(column).execute();
    await sql`insert into shown_lists values ('batch', 1, 'list')`.execute(database);
    const jobs = { arn: 'arn:queued', line: 'a dataset' };
    await sql`insert into jobs (kind, resource_arn, line, attempts, cancel_requested, not_before, created_at)
      values ('import', ${jobs.arn}, ${jobs.line}, 0, 0, 0, 0)`.execute(database);
    const model = (name: string, position: object) => ({ model: `models/${name}/`, ...position });
    const version = (at: (position: number) => object) => ({
      ...model('trained', at(3)),
      eventType: 'recordsThrough',
      update: { ...model('updated', at(5)), state: { INTERACTIONS: ' 5' } },
    });
    const campaign = (at: (position: number) => object) => ({
      recipeType: 'RELATED_ITEMS',
      ...model('updated', at(5)),
    });
    const former = (position: number) => ({ recordsThrough: position });
    const documents = {
      version: { ...version(former), updatingThrough: 7, superseded: model('before', former(4)) },
      'new-version': { recipeArn: 'recipe' },
      campaign: { minProvisionedTPS: 1, serves: campaign(former) },
      'new-campaign': { minProvisionedTPS: 2 },
    };
    for (const [name, document] of Object.entries(documents)) {
      const kind = name.endsWith('version') ? 'solution-version' : 'campaign';
      await database
        .insertInto('resources')
        .values({ ...resource(name, JSON.stringify(document)), kind })
        .execute();
    }
    await database.updateTable('meta').set({ value: '7' }).where('key', '=', 'format_version').execute();
    await opened.close();
    opened = await openDatabase(location);
    const rows = await opened.database.selectFrom('resources').select(['name', 'document']).execute();
    const present = (position: number) => ({ watermark: position });
    expect(Object.fromEntries(rows.map(({ name, document }) => [name, JSON.parse(document)]))).toEqual({
      ...documents,
      version: { ...version(present), pendingWatermark: 7, superseded: model('before', present(4)) },
      campaign: { minProvisionedTPS: 1, deployment: campaign(present) },
    });
    const lists = await opened.database.selectFrom('impressions').selectAll().execute();
    expect(lists).toEqual([{ batch: 'batch', created_at: 1, body: 'list' }]);
    const [job] = await opened.database.selectFrom('jobs').selectAll().execute();
    expect(job).toMatchObject({ resource_arn: jobs.arn, serial_key: jobs.line });
  });

  it('refuses a database that has lost its format version, and does not take it for a new one', async () => {
    await opened.database.deleteFrom('meta').execute();
    await opened.close();
    await expect(openDatabase(location)).rejects.toThrow(/format version is gone.*openpersonalize doctor/);
    opened = await openDatabase(await fresh());
  });

  it('refuses a database that a newer release wrote, and leaves it as it is', async () => {
    await opened.database.updateTable('meta').set({ value: '999' }).where('key', '=', 'format_version').execute();
    await opened.close();
    await expect(openDatabase(location)).rejects.toThrow(/format 999.*newer release.*Start that release/);
    await expect(openDatabase(location)).rejects.toThrow(/format 999/);
    opened = await openDatabase(await fresh());
  });

  it('holds whole transactions alone, and all acknowledged ones, after its writer was killed', async () => {
    await opened.close();
    const writer = await startPairWriter(location, 30);
    const acknowledged = await writer.kill();
    opened = await openDatabase(location);
    const { first, second } = await pairsIn(opened);
    expect(second).toEqual(first);
    expect(first.length).toBeGreaterThan(acknowledged);
  });
});

describe('a SQLite home', () => {
  it('is refused to a second server, and free again as soon as the first is killed', async () => {
    const location = await freshFile();
    const writer = await startPairWriter(location, 1);
    await expect(openDatabase(location)).rejects.toThrow(/in use by another server/);
    await writer.kill();
    await (await openDatabase(location)).close();
  });

  it('says when its disk is full, and works on when there is space again', async () => {
    const { database, close } = await openDatabase(await freshFile());
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(database);
    await sql`pragma max_page_count = ${sql.lit((pages.rows[0]?.page_count ?? 0) + 10)}`.execute(database);
    const large = database.transaction().execute(async (trx) => {
      for (let index = 0; index < 100; index += 1) {
        await trx
          .insertInto('resources')
          .values(resource(`large-${index}`, 'x'.repeat(4000)))
          .execute();
      }
    });
    await expect(large).rejects.toThrow(/no space left on the disk/);
    await database.insertInto('resources').values(resource('small')).execute();
    await sql`pragma max_page_count = 1000000`.execute(database);
    await database
      .insertInto('resources')
      .values(resource('large', 'x'.repeat(400_000)))
      .execute();
    const names = await database.selectFrom('resources').select('name').orderBy('name').execute();
    expect(names.map(({ name }) => name)).toEqual(['large', 'small']);
    await close();
  });

  it('says of a damaged file what to do', async () => {
    const file = join(folder, 'damaged.sqlite');
    const { close } = await openDatabase({ file });
    await close();
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length / 2));
    await expect(openDatabase({ file })).rejects.toThrow(/damaged.sqlite is damaged.*doctor.*restore/);
    await writeFile(file, Buffer.concat([Buffer.alloc(4096), whole.subarray(4096)]));
    await expect(openDatabase({ file })).rejects.toThrow(/its beginning is damaged: .*doctor.*restore/);
  });

  it('refuses a file that is something else', async () => {
    const file = join(folder, 'letter.sqlite');
    await writeFile(file, 'Dear Sir or Madam, this is a letter and not a database at all.'.repeat(100));
    await expect(openDatabase({ file })).rejects.toThrow(/letter\.sqlite is not a database of this server/);
  });

  it('leaves the event loop free while a statement runs', async () => {
    const { database, close } = await openDatabase({ file: ':memory:' });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select max(i) from n`.execute(
      database,
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    await close();
  });
});

describe.skipIf(!postgres)('a PostgreSQL server', () => {
  it('is migrated once when several servers start together', async () => {
    const location = await freshUrl();
    const opened = await Promise.all([openDatabase(location), openDatabase(location), openDatabase(location)]);
    expect(await opened[0].database.selectFrom('meta').selectAll().execute()).toHaveLength(1);
    await Promise.all(opened.map(({ close }) => close()));
  });

  it('may end connections, which costs no more than the transactions under way', async () => {
    const { database, close } = await openDatabase(await freshUrl());
    await database.insertInto('resources').values(resource('a')).execute();
    const broken = database.transaction().execute(async (trx) => {
      await trx.insertInto('resources').values(resource('b')).execute();
      const all = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
      await all.execute(database);
      await setTimeout(100);
      await trx.insertInto('resources').values(resource('c')).execute();
    });
    await expect(broken).rejects.toThrow();
    expect(await database.selectFrom('resources').select('name').execute()).toEqual([{ name: 'a' }]);
    await close();
  });

  it('lets a worker pass over a job that another one is taking', async () => {
    const { database, dialect, close } = await openDatabase(await freshUrl());
    await database
      .insertInto('jobs')
      .values([job('a'), job('b')])
      .execute();
    const take = (trx: typeof database) =>
      forUpdateSkipLocked(
        trx.selectFrom('jobs').select('resource_arn').orderBy('id').limit(1),
        dialect,
      ).executeTakeFirst();
    await database.transaction().execute(async (one) => {
      expect(await take(one)).toEqual({ resource_arn: 'arn:a' });
      await database.transaction().execute(async (other) => {
        expect(await take(other)).toEqual({ resource_arn: 'arn:b' });
      });
    });
    await close();
  });
});

it('names a PostgreSQL server that does not answer, without the password', async () => {
  const failure = openDatabase({ url: 'postgres://someone:secret@127.0.0.1:1/recommendations' });
  await expect(failure).rejects.toThrow(/recommendations at 127\.0\.0\.1:1.*ECONNREFUSED/);
  await expect(failure).rejects.not.toThrow(/secret/);
});
