import { join } from 'node:path';
import type { Database, OpenDatabase } from '../../data/database/database.ts';
import { requirePresentFormat } from '../../data/database/migrations.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { allFiles, expectedOf } from '../../data/manifest.ts';
import { checksumOf, requireIntact } from '../../data/objects/checksums.ts';
import type { FoundStore } from '../../data/objects/open-store.ts';
import { claimStore, readOwnership } from '../../data/objects/store-owner.ts';
import { removableObjects } from '../../data/objects/unreferenced-objects.ts';
import { Cleanup } from '../jobs/cleanup.ts';
import { kinds } from '../kinds.ts';
import { namedObjects } from '../resources/named-objects.ts';
import { messageOf } from './finding.ts';

/**
 * Mends what can be mended without loss, on a database that no server uses: marks a store that is the database's,
 * removes leftovers of the server's own work, gives files of an earlier release the checksums that they lack.
 *
 * @returns what was done, a sentence each
 * @throws Error with a sentence
 */
export async function repair(opened: OpenDatabase, found: FoundStore, workFolder: string): Promise<string[]> {
  const { database, dialect } = opened;
  await requirePresentFormat(database, dialect);
  const ownership = await readOwnership({ ...found, named: await namedObjects(database, kinds), database });
  if (ownership.verdict === 'foreign') return ['Nothing was done, as the store may not be the database’s.'];
  const done: string[] = [];
  if (ownership.verdict === 'unmarked') {
    await found.prepare();
    const isClaimed = await claimStore(database, found.store, ownership.storeId);
    if (!isClaimed) return ['Nothing was done, as a server has marked the store meanwhile.'];
    done.push(`${found.location} is marked as the database's.`);
  }
  return [...done, ...(await clearLeftovers(database, found)), ...(await fillChecksums(database, found, workFolder))];
}

/** As a running server does it: what it has noted as its own, and that nothing refers to. */
async function clearLeftovers(database: Database, { store }: FoundStore): Promise<string[]> {
  const before = await removableObjects(database);
  if (before.length === 0) return [];
  const problems: string[] = [];
  const note = (fields: object, message: string) => problems.push(`${message} ${JSON.stringify(fields)}`);
  const cleanup = new Cleanup({ database, store, kinds, log: { info: () => {}, warn: note, error: note } });
  cleanup.start();
  await cleanup.stop();
  const left = await removableObjects(database);
  return [
    `${before.length - left.length} leftovers of the server's own work were removed from the store.`,
    ...problems,
  ];
}

async function fillChecksums(database: Database, { store }: FoundStore, workFolder: string): Promise<string[]> {
  const files = (await allFiles(database)).filter(({ sha256 }) => sha256 === null);
  const [filled, left]: [string[], string[]] = [[], []];
  for (const file of files) {
    try {
      await using copy = await store.localFile(file.key);
      await requireIntact(copy.path, expectedOf(file), store.location(file.key));
      await requireReadable(copy.path, file.rows, workFolder);
      const { sha256 } = await checksumOf(copy.path);
      await database.updateTable('dataset_files').set({ sha256 }).where('key', '=', file.key).execute();
      filled.push(file.key);
    } catch (error) {
      left.push(`${store.location(file.key)} gets no checksum: ${messageOf(error)}`);
    }
  }
  return [...(filled.length > 0 ? [`${filled.length} files of datasets have a checksum now.`] : []), ...left];
}

/** Reads every value, so that damage is not made good by its checksum. @throws Error */
async function requireReadable(path: string, rows: number, workFolder: string): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 29, temporaryFolder: join(workFolder, 'spilled') });
  const source = `read_parquet(${sqlString(path)})`;
  const [counted] = await duckDb.run(`SELECT count(*) AS count FROM ${source} WHERE hash(COLUMNS(*)) IS NOT NULL`);
  if (Number(counted?.count) !== rows) throw new Error(`it has ${counted?.count} rows instead of ${rows}`);
}
