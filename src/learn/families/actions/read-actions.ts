import type { DatasetSchema } from '../../../data/dataset-schema.ts';
import type { FilePath } from '../../../data/encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName } from '../../../data/engine/duckdb.ts';
import { orderedRows, parquetFiles } from '../../../data/engine/parquet-files.ts';
import { sessionColumn } from '../../../data/records/event-lines.ts';
import { happenedAt, streamedEventsQuery } from '../../../data/records/streamed-events.ts';
import { actionTypeCode } from '../../training-set/actions.ts';
import { type ActionTable, factColumns, factsOf } from './action-table.ts';

const memoryBytes = 2 ** 28;

export type ReadRequest = { readonly temporaryFolder: string; readonly signal: AbortSignal };

/** Puts all actions of these files, oldest first, into a table: of each the newest record. */
export async function readActionFacts(
  table: ActionTable,
  files: readonly FilePath[],
  { temporaryFolder, signal }: ReadRequest,
): Promise<void> {
  if (files.length === 0) return;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  const none = factColumns.map((name) => `NULL::VARCHAR AS ${sqlName(name)}`).join(', ');
  const columns = factColumns.map((name) => `${sqlName(name)}::VARCHAR AS ${sqlName(name)}`).join(', ');
  const rows = await duckDb.run(
    `SELECT ${columns} FROM (SELECT ${none} WHERE false UNION ALL BY NAME SELECT * FROM ${orderedRows(files)})
     QUALIFY row_number() OVER (PARTITION BY ACTION_ID ORDER BY "$order" DESC) = 1`,
    signal,
  );
  for (const row of rows) table.put(factsOf((column) => (row[column] === null ? '' : String(row[column] ?? ''))));
}

/** Files of an Action_Interactions dataset: imported ones, and those with records of the log. */
export type ActionEventFiles = {
  readonly imported: readonly FilePath[];
  readonly streamed: readonly FilePath[];
  readonly schema: DatasetSchema;
};

/** Counts how often each action was shown and taken, by the rule of exposures in a training. */
export async function readTrials(
  table: ActionTable,
  { imported, streamed, schema }: ActionEventFiles,
  { temporaryFolder, signal }: ReadRequest,
): Promise<void> {
  const files = [...imported, ...streamed];
  if (files.length === 0) return;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  const found = await countTrials(duckDb, queryOf(imported, streamed, schema), signal);
  for (const { id, tried, succeeded, first, last } of found) {
    const action = table.find(String(id));
    if (!action) continue;
    table.count(action, { tried: Number(tried), succeeded: Number(succeeded) }, Number(first), Number(last));
  }
}

function queryOf(imported: readonly FilePath[], streamed: readonly FilePath[], schema: DatasetSchema): string {
  const type = `${actionTypeCode} AS type`;
  const parts = [
    ...(imported.length > 0
      ? [
          `SELECT DISTINCT USER_ID AS user, ACTION_ID AS action, TIMESTAMP AS time, ${type} FROM ${parquetFiles(imported)}`,
        ]
      : []),
    ...(streamed.length > 0
      ? [
          `SELECT coalesce("$user", ${sqlName(sessionColumn)}) AS user, ACTION_ID AS action, ${happenedAt} AS time, ${type}
           FROM (${streamedEventsQuery(streamed, schema, { type: 'ACTION_INTERACTIONS' })}) WHERE "$outcome" IN ('counted', 'anonymous')`,
        ]
      : []),
  ];
  return parts.join(' UNION ALL ');
}

/** An answer to what was viewed before is no exposure of its own. */
const countTrials = (duckDb: DuckDb, events: string, signal: AbortSignal) =>
  duckDb.run(
    `SELECT action AS id, count(*) FILTER (type = 0 OR before IS NULL OR before <> 0) AS tried,
            count(*) FILTER (type = 2) AS succeeded, min(time) AS first, max(time) AS last
     FROM (SELECT *, lag(type) OVER (PARTITION BY user, action ORDER BY time, type) AS before
           FROM (${events}) WHERE type IS NOT NULL)
     GROUP BY action`,
    signal,
  );
