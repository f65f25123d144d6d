import { type Kysely, sql, type Transaction } from 'kysely';
import { type DialectName, hasTable, lockMigrations, textType } from './dialect.ts';
import { createTables } from './migrations/001-create-tables.ts';
import { createRecordLog } from './migrations/002-create-record-log.ts';
import { createShownLists } from './migrations/003-create-shown-lists.ts';
import { addChecksums } from './migrations/004-add-checksums.ts';
import { createImportProblems } from './migrations/005-create-import-problems.ts';
import { createUnreferencedObjects } from './migrations/006-create-unreferenced-objects.ts';
import { settleSettings } from './migrations/007-settle-settings.ts';
import { renameWatermarks } from './migrations/008-rename-watermarks.ts';
import { createPrincipals } from './migrations/009-create-principals.ts';
import { createPolicies } from './migrations/010-create-policies.ts';
import { createRoles } from './migrations/011-create-roles.ts';
import { createKeys } from './migrations/012-create-keys.ts';
import { createGroupKeys } from './migrations/013-create-group-keys.ts';
import { createPolicyVersions } from './migrations/014-create-policy-versions.ts';
import { addJobParts } from './migrations/015-add-job-parts.ts';
import { createUsersToDelete } from './migrations/016-create-users-to-delete.ts';
import { createAttribution } from './migrations/017-create-attribution.ts';
import { countFailures } from './migrations/018-count-failures.ts';
import type { Tables } from './tables.ts';

export type Migration = (trx: Transaction<Tables>, dialect: DialectName) => Promise<void>;

/** In order: the format version of a database is the number of those it has been through. Only ever added to. */
const migrations: readonly Migration[] = [
  createTables,
  createRecordLog,
  createShownLists,
  addChecksums,
  createImportProblems,
  createUnreferencedObjects,
  settleSettings,
  renameWatermarks,
  createPrincipals,
  createPolicies,
  createRoles,
  createKeys,
  createGroupKeys,
  createPolicyVersions,
  addJobParts,
  createUsersToDelete,
  createAttribution,
  countFailures,
];

/** That of this release. */
export const presentFormat = migrations.length;

const formatKey = 'format_version';

/**
 * Brings the database to the format of this release, all or nothing, one server at a time.
 * Throws an Error that says what to do if a newer release has written it.
 */
export async function migrate(database: Kysely<Tables>, dialect: DialectName): Promise<void> {
  await database.transaction().execute(async (trx) => {
    await lockMigrations(trx, dialect);
    await createMeta(trx, dialect);
    const version = await formatVersion(trx);
    if (version > migrations.length) {
      throw new Error(
        `The database has format ${version}, and this release reads up to ${migrations.length}: ` +
          'it was written by a newer release. Start that release, or restore a copy from before it.',
      );
    }
    if (version === 0) await requireEmpty(trx, dialect);
    for (const migration of migrations.slice(version)) await migration(trx, dialect);
    await writeFormatVersion(trx, migrations.length);
  });
}

/** A database of ours whose facts are gone must not be taken for a new one. */
async function requireEmpty(trx: Transaction<Tables>, dialect: DialectName): Promise<void> {
  if (!(await hasTable(trx, dialect, 'resources'))) return;
  throw new Error(
    'The database has tables, but its format version is gone: it is damaged, or of another program. ' +
      'openpersonalize doctor says what is left, and openpersonalize restore puts a backup into a new home.',
  );
}

async function createMeta(trx: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await trx.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', text, (column) => column.primaryKey())
    .addColumn('value', text, (column) => column.notNull())
    .execute();
}

/** @throws Error with a sentence if the database is not of this release's format */
export async function requirePresentFormat(database: Kysely<Tables>, dialect: DialectName): Promise<void> {
  const version = await formatOf(database, dialect);
  if (version === migrations.length) return;
  throw new Error(
    `The database has format ${version}, and this release works on format ${migrations.length}: ` +
      'use the release that wrote it, or start this one on it once.',
  );
}

/** The format version of a database; 0 for a new one, and for one that has lost it. */
export const formatOf = async (database: Kysely<Tables>, dialect: DialectName): Promise<number> =>
  (await hasTable(database, dialect, 'meta')) ? await formatVersion(database) : 0;

async function formatVersion(trx: Kysely<Tables>): Promise<number> {
  const row = await trx.selectFrom('meta').select('value').where('key', '=', formatKey).executeTakeFirst();
  return row ? Number(row.value) : 0;
}

async function writeFormatVersion(trx: Transaction<Tables>, version: number): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key: formatKey, value: String(version) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}
