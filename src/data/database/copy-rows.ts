import { type Kysely, sql } from 'kysely';
import { continueCount, countedTo, type DialectName } from './dialect.ts';
import type { Tables } from './tables.ts';

type TableName = keyof Tables & string;
type Row = Readonly<Record<string, unknown>>;

/** A database, or a transaction of it. */
export type Side = { readonly database: Kysely<Tables>; readonly dialect: DialectName };

/** Every table with its primary key, those first on which others depend; the format version is each database's own. */
const primaryKeys: { readonly [Name in TableName]: readonly (keyof Tables[Name] & string)[] } = {
  meta: ['key'],
  resources: ['sequence'],
  tags: ['resource_arn', 'key'],
  jobs: ['id'],
  dataset_files: ['dataset_arn', 'position'],
  record_layouts: ['id'],
  record_log: ['position'],
  impressions: ['batch'],
  import_problems: ['import_job_arn'],
  users_to_delete: ['job_arn', 'part'],
  unreferenced_objects: ['name'],
  accounts: ['id'],
  users: ['id'],
  access_keys: ['id'],
  policies: ['arn'],
  policy_versions: ['arn', 'number'],
  policy_attachments: ['holder', 'policy_arn'],
  inline_policies: ['holder', 'name'],
  roles: ['id'],
  principal_tags: ['holder', 'key'],
  oidc_providers: ['arn'],
  kms_keys: ['id'],
  kms_key_versions: ['key_id', 'version'],
  kms_aliases: ['account', 'region', 'name'],
  kms_tags: ['key_id', 'key'],
  kms_grants: ['id'],
  group_keys: ['id'],
  attributions: ['arn'],
  attribution_sources: ['arn', 'number'],
  attribution_counts: ['arn', 'metric', 'source', 'time'],
  attribution_totals: ['arn', 'metric', 'source'],
};

/** Keys that the database counts up: a number that was given once must not be given again, even if its row is gone. */
const counted = [
  ['resources', 'sequence'],
  ['jobs', 'id'],
  ['record_layouts', 'id'],
  ['record_log', 'position'],
] as const;

/** A page of rows is a few megabytes at most. */
const rowsAtOnce = 100;

/** Copies all rows of a database of this release's format into an empty one of the same format. */
export async function copyRows(from: Side, to: Side): Promise<void> {
  const tables = Object.entries(primaryKeys);
  for (const [table, key] of tables) {
    for await (const page of pagesOf(from.database, table, key)) {
      const rows = table === 'meta' ? page.filter(({ key: name }) => name !== 'format_version') : page;
      if (rows.length > 0) await insert(to, table, rows);
    }
  }
  for (const [table, column] of counted) {
    await continueCount(
      to.database,
      to.dialect,
      table,
      column,
      await countedTo(from.database, from.dialect, table, column),
    );
  }
}

async function* pagesOf(database: Kysely<Tables>, table: string, key: readonly string[]): AsyncGenerator<Row[]> {
  const columns = sql.join(key.map((name) => sql.ref(name)));
  let condition = sql`true`;
  for (;;) {
    const query = sql<Row>`select * from ${sql.table(table)} where ${condition} order by ${columns} limit ${rowsAtOnce}`;
    const { rows } = await query.execute(database);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    condition = sql`(${columns}) > (${sql.join(key.map((name) => last[name]))})`;
  }
}

async function insert({ database, dialect }: Side, table: string, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => row[name]))})`);
  const columns = sql.join(names.map((name) => sql.ref(name)));
  const overriding = dialect === 'postgres' ? sql`overriding system value` : sql``;
  await sql`insert into ${sql.table(table)} (${columns}) ${overriding} values ${sql.join(values)}`.execute(database);
}
