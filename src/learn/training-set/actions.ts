import { type DuckDb, doubles, integers, present } from '../../data/engine/duckdb.ts';
import { columnsIn, parquetFiles } from '../../data/engine/parquet-files.ts';
import type { ReportFraction } from '../../util/progress.ts';
import { learnFeatures } from '../features/learn-features.ts';
import { type ActionData, type ActionHistories, actionEventCodes } from '../histories/action-data.ts';
import { TrainingError, type TrainingInput } from '../training/training.ts';
import { readMetadata } from './metadata.ts';
import type { TrainingData } from './plan.ts';
import { readIds } from './rows.ts';

/** Of more actions, those are considered that are newest or had interactions last (spec recipes.md §2.10). */
export const mostActions = 1000;

/**
 * Reads actions and what the users did with them. The table `users` must be there; the table `actions` is made.
 *
 * @throws TrainingError if there are no actions
 */
export async function readActions(
  duckDb: DuckDb,
  { actions, actionInteractions }: Pick<TrainingData, 'actions' | 'actionInteractions'>,
  userCount: number,
  report: (note: string) => void,
): Promise<ActionData> {
  if (!actions || actions.files.length === 0) throw noActions();
  await duckDb.run(`CREATE VIEW action_events AS ${actionEventsQuery(actionInteractions)}`);
  const all = await createActions(duckDb, actions);
  if (all === 0) throw noActions();
  const count = Math.min(all, mostActions);
  if (all > count) report(`of ${all} actions, the ${count} are considered that are newest or had interactions last`);
  const [rows = 0] = await duckDb.numbers(
    'SELECT count(*) FROM (SELECT DISTINCT * FROM action_events) AS e JOIN actions ON actions.id = e.action JOIN users ON users.id = e.user',
  );
  const histories = await readEvents(duckDb, userCount, rows);
  const metadata = await readMetadata(duckDb, 'actions', 'ACTION_ID', actions);
  const quiet: ReportFraction = () => {};
  return {
    actions: await readIds(duckDb, 'actions', count),
    features: await learnFeatures(metadata, quiet),
    histories,
  };
}

const noActions = () => new TrainingError('Create failed. The Actions dataset has no actions: import or send some.');

/** The code of an event's type, null of other types: as `actionEventType` reads them. */
export const actionTypeCode = `(CASE upper(regexp_replace(regexp_replace(EVENT_TYPE, '^\\s+|\\s+$', '', 'g'), '[\\s_]+', '_', 'g'))
  ${Object.entries(actionEventCodes)
    .map(([name, code]) => `WHEN '${name}' THEN ${code}`)
    .join(' ')} END)::UTINYINT`;

/** User, action, time, type (a code) of the events that train. */
function actionEventsQuery(input: TrainingInput | undefined): string {
  if (!input || input.files.length === 0)
    return `SELECT '' AS user, '' AS action, 0::BIGINT AS time, 0::UTINYINT AS type WHERE false`;
  return `SELECT user, action, time, type FROM (
      SELECT USER_ID AS user, ACTION_ID AS action, TIMESTAMP AS time,
             ${actionTypeCode} AS type
      FROM ${parquetFiles(input.files)}
    ) WHERE type IS NOT NULL AND user IS NOT NULL AND action IS NOT NULL`;
}

/**
 * Creates the table `actions` (id, index) of those that are considered, the one with most interactions first. An
 * action without a time of creation is as old as its first interaction; without any it counts as new. One that had
 * expired by the newest interaction is considered after all others.
 *
 * @returns how many there are to choose from
 */
async function createActions(duckDb: DuckDb, actions: TrainingInput): Promise<number> {
  // A column that was added to the schema may not have been imported yet.
  const columns = await columnsIn(duckDb, actions.files);
  const created = columns.has('CREATION_TIMESTAMP') ? 'max(CREATION_TIMESTAMP)' : 'NULL::BIGINT';
  const expiry = ['EXPIRATION_TIMESTAMP', 'ACTION_EXPIRATION_TIMESTAMP'].filter((name) => columns.has(name));
  const expires = `max(coalesce(${[...expiry, 'NULL::BIGINT'].join(', ')}))`;
  await duckDb.run(
    `CREATE TABLE all_actions AS
     SELECT id, coalesce(n, 0) AS n,
            greatest(coalesce(created, first, (SELECT coalesce(max(time), 0) FROM action_events)), coalesce(last, 0)) AS recent,
            coalesce(expires <= (SELECT max(time) FROM action_events), false) AS is_over
     FROM (SELECT ACTION_ID AS id, ${created} AS created, ${expires} AS expires FROM ${parquetFiles(actions.files)} GROUP BY ACTION_ID)
     LEFT JOIN (SELECT action AS id, count(*) AS n, min(time) AS first, max(time) AS last FROM action_events GROUP BY action)
     USING (id)`,
  );
  await duckDb.run(
    `CREATE TABLE actions AS
     SELECT id, (row_number() OVER (ORDER BY n DESC, id) - 1)::UINTEGER AS index
     FROM (SELECT * FROM all_actions ORDER BY is_over, recent DESC, id LIMIT ${mostActions})`,
  );
  return await duckDb.count('FROM all_actions');
}

async function readEvents(duckDb: DuckDb, users: number, rows: number): Promise<ActionHistories> {
  const offsets = new Uint32Array(users + 1);
  const actions = new Uint32Array(rows);
  const timestamps = new Float64Array(rows);
  const types = new Uint8Array(rows);
  const query = `SELECT DISTINCT users.index AS user, actions.index AS action, time::DOUBLE AS time, type::UINTEGER AS type
     FROM action_events JOIN users ON users.id = action_events.user JOIN actions ON actions.id = action_events.action
     ORDER BY user, time, type, action`;
  let [read, last] = [0, -1];
  for await (const chunk of duckDb.stream(query, rows)) {
    const [userColumn, actionColumn, typeColumn] = [integers(chunk, 0), integers(chunk, 1), integers(chunk, 3)];
    const timeColumn = doubles(chunk, 2);
    for (let row = 0; row < chunk.rowCount; row++) {
      last = present(userColumn.getItem(row));
      actions[read] = present(actionColumn.getItem(row));
      timestamps[read] = present(timeColumn.getItem(row));
      types[read] = present(typeColumn.getItem(row));
      offsets[last + 1] = ++read;
    }
  }
  for (let user = 0; user < users; user++) offsets[user + 1] = Math.max(offsets[user + 1], offsets[user]);
  return { starts: offsets.subarray(0, users), ends: offsets.subarray(1), actions, timestamps, types };
}
