import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Database, databaseElsewhere, type OpenDatabase, openDatabase } from '../database.ts';
import { isUniqueViolation } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import { StatementsForOther } from './statements-for-others.ts';

let folder: string;
let opened: OpenDatabase;
let statements: StatementsForOther<Tables>;
let remote: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'));
  opened = await openDatabase({ file: join(folder, 'database') });
  statements = new StatementsForOther(opened.database);
  remote = databaseElsewhere(statements.methods, async () => {}).database;
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const add = (database: Pick<Database, 'insertInto'>, key: string) =>
  database.insertInto('meta').values({ key, value: '1' }).executeTakeFirst();
const has = async (key: string) =>
  (await opened.database.selectFrom('meta').select('key').where('key', '=', key).execute()).length === 1;

it('gives rows and counts as a connection of its own would', async () => {
  expect(await add(remote, 'one')).toMatchObject({ numInsertedOrUpdatedRows: 1n });
  const changed = await remote.updateTable('meta').set({ value: '2' }).where('key', '=', 'one').executeTakeFirst();
  expect(changed.numUpdatedRows).toBe(1n);
  const rows = await remote.selectFrom('meta').selectAll().where('key', '=', 'one').execute();
  expect(rows).toEqual([{ key: 'one', value: '2' }]);
  expect(isUniqueViolation(await add(remote, 'one').catch((error: unknown) => error))).toBe(true);
});

it('commits a transaction whole, and takes back one that throws', async () => {
  await remote.transaction().execute(async (trx) => {
    await add(trx, 'one');
    await add(trx, 'two');
  });
  const failed = remote.transaction().execute(async (trx) => {
    await add(trx, 'three');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await Promise.all(['one', 'two', 'three'].map(has))).toEqual([true, true, false]);
});

it('has a transaction to itself', async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const first = remote.transaction().execute(async (trx) => {
    await add(trx, 'one');
    begun.resolve();
    await goOn.promise;
    await add(trx, 'two');
  });
  await begun.promise;
  const second = remote.selectFrom('meta').select('key').where('key', 'in', ['one', 'two']).execute();
  goOn.resolve();
  await first;
  expect(await second).toHaveLength(2);
});

it('takes back what a process had begun that is gone', async () => {
  const transaction = await statements.methods.begin();
  await statements.methods.queryWithin(transaction, "insert into meta (key, value) values ('lost', '')", []);
  const waiting = statements.methods.begin();
  const gone = statements[Symbol.asyncDispose]();
  await expect(waiting).rejects.toThrow('is gone');
  await gone;
  await expect(statements.methods.commit(transaction)).rejects.toThrow('has ended');
  expect(await has('lost')).toBe(false);
});
