import { copyFile, rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../data/database/database.ts';
import { allFiles, type ListedFile } from '../../data/manifest.ts';
import { storeIdOf } from '../../data/objects/store-owner.ts';
import { kinds } from '../kinds.ts';
import { namedObjects } from '../resources/named-objects.ts';

/** What a snapshot of a database says that a backup needs to know. */
export type SnapshotContent = {
  readonly storeId: string | undefined;
  readonly resources: number;
  readonly recordsInLog: number;
  /** The Parquet files of all datasets. */
  readonly files: readonly ListedFile[];
  /** Prefixes of models, ending in `/`. */
  readonly models: readonly string[];
};

/** Reads a snapshot, which stays in the format in which it is. @throws Error with a sentence if it is damaged */
export async function readSnapshot(file: string): Promise<SnapshotContent> {
  const copy = `${file}.read`;
  await copyFile(file, copy);
  try {
    const { database, close } = await openDatabase({ file: copy });
    try {
      await requireIntegrity(database);
      return await contentOf(database);
    } finally {
      await close();
    }
  } finally {
    for (const suffix of ['', '-wal', '-shm']) await rm(`${copy}${suffix}`, { force: true });
  }
}

/** @throws Error with a sentence if SQLite finds something wrong with the file */
export async function requireIntegrity(database: Database): Promise<void> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(5)`.execute(database);
  const problems = rows.map(({ integrity_check: problem }) => problem).filter((problem) => problem !== 'ok');
  if (problems.length === 0) return;
  throw new Error(`The database is damaged (${problems.join('; ')}): put a backup into a new home.`);
}

async function contentOf(database: Database): Promise<SnapshotContent> {
  const files = await allFiles(database);
  const keys = new Set(files.map(({ key }) => key));
  const { resources } = await database
    .selectFrom('resources')
    .select((of) => of.fn.countAll<number>().as('resources'))
    .executeTakeFirstOrThrow();
  const { records } = await database
    .selectFrom('record_log')
    .select((of) => of.fn.sum<number | null>('records').as('records'))
    .executeTakeFirstOrThrow();
  return {
    storeId: await storeIdOf(database),
    resources,
    recordsInLog: records ?? 0,
    files,
    models: (await namedObjects(database, kinds)).filter((name) => !keys.has(name)),
  };
}
