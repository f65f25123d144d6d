import { sql } from 'kysely';
import type { Database } from '../../data/database/database.ts';
import { findDatabase, openDatabase } from '../../data/database/database.ts';
import { formatOf, presentFormat } from '../../data/database/migrations.ts';
import { requireIntegrity } from '../backup/snapshot-content.ts';
import { type Finding, messageOf, ok, wrong } from './finding.ts';

export type CheckedDatabase = {
  readonly findings: readonly Finding[];
  /** A copy as of now in this release's format; undefined if there is none to be had. */
  readonly database?: Database;
  close(): Promise<void>;
};

/** Clocks of machines that share a database differ by less. */
const toleranceMs = 5 * 60_000;

/**
 * Checks a database by a copy of it.
 *
 * @param takeSnapshot writes it as of now into a new SQLite file
 * @param file where the copy goes
 */
export async function checkDatabase(
  takeSnapshot: (file: string) => Promise<void>,
  file: string,
  now: number,
): Promise<CheckedDatabase> {
  try {
    await takeSnapshot(file);
    const format = await formatIn(file);
    const { database, close } = await openDatabase({ file });
    try {
      await requireIntegrity(database);
      return { findings: [await contentOf(database, format), await clockOf(database, now)], database, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    return { findings: [wrong('database', messageOf(error))], close: async () => {} };
  }
}

async function formatIn(file: string): Promise<number> {
  const { database, dialect, close } = await findDatabase({ file });
  try {
    return await formatOf(database, dialect);
  } finally {
    await close();
  }
}

async function contentOf(database: Database, format: number): Promise<Finding> {
  const { count } = await database
    .selectFrom('resources')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const next = format < presentFormat ? `, which the next start brings to ${presentFormat}` : '';
  return ok('database', `It is intact, has ${count} resources and format ${format}${next}.`);
}

async function clockOf(database: Database, now: number): Promise<Finding> {
  const { rows } = await sql<{ newest: number | null }>`
    select max(newest) as newest from (
      select max(updated_at) as newest from resources union all select max(created_at) from record_log
      union all select max(created_at) from dataset_files)`.execute(database);
  const newest = rows[0]?.newest ?? 0;
  if (newest <= now + toleranceMs) return ok('clock', `It is later than all that the database tells (${timeOf(now)}).`);
  return wrong(
    'clock',
    `It says ${timeOf(now)}, and the database tells of ${timeOf(newest)}: set the clock of this machine, or wait, ` +
      'as work that was begun then waits for that time.',
  );
}

const timeOf = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
