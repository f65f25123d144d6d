import { type DuckDb, sqlName } from '../../data/engine/duckdb.ts';
import { parquetFiles } from '../../data/engine/parquet-files.ts';
import { isEventType } from '../../data/views/event-type-sql.ts';
import type { TrainingInput, TrainingRequest } from '../training/training.ts';
import { type CodedColumn, codeQuery, isLearnable, type Source } from './columns.ts';

/** The part of a training request that decides which interactions train. */
export type TrainingData = Pick<
  TrainingRequest,
  | 'interactions'
  | 'items'
  | 'users'
  | 'actions'
  | 'actionInteractions'
  | 'eventType'
  | 'eventValueThreshold'
  | 'events'
  | 'textEncoder'
  | 'limits'
  | 'workFolder'
> & {
  /** Whether `eventType` may be written in any case. */
  readonly anyCase?: true;
  /** Whether other events train besides, though only those of `eventType` are counted. */
  readonly takesOthers?: true;
};

export type SetSizes = {
  readonly users: number;
  readonly items: number;
  readonly rows: number;
  readonly eventTypes: number;
};

/** The same with a dataset of interactions, be it one without rows. */
export type InteractionData = TrainingData & { readonly interactions: TrainingInput };

/** Columns of every interaction; what is beside them makes two interactions of one moment different. */
const keyColumns = ['USER_ID', 'ITEM_ID', 'TIMESTAMP'];

/**
 * Creates the view and tables that `createOrderedEvents` joins: `events` (the interactions that train), `users` and
 * `catalogue` (id, index, digest of the id, number of events). Ids are resolved to indexes before anything is sorted,
 * so that the rows which DuckDB sorts (and spills, where memory is short) are a few numbers each.
 */
export async function createPlan(duckDb: DuckDb, data: InteractionData): Promise<SetSizes> {
  await duckDb.run(`CREATE VIEW events AS ${eventsQuery(data)}`);
  await duckDb.run(
    `CREATE TABLE users AS
     SELECT id, n, (hash(id) >> 32)::UINTEGER AS tie, (row_number() OVER (ORDER BY n DESC, id) - 1)::UINTEGER AS index
     FROM (SELECT id, sum(n)::BIGINT AS n FROM (SELECT user AS id, count(*) AS n FROM events GROUP BY user ${otherUsersQuery(data)}) GROUP BY id)`,
  );
  await duckDb.run(
    `CREATE TABLE catalogue AS
     SELECT id, (hash(id) >> 32)::UINTEGER AS tie, (row_number() OVER (ORDER BY n DESC, id) - 1)::UINTEGER AS index
     FROM (SELECT id, sum(n) AS n FROM (SELECT item AS id, count(*) AS n FROM events GROUP BY item ${itemsQuery(data.items)}) GROUP BY id)`,
  );
  const [users, items, rows, eventTypes] = await duckDb.numbers(
    `SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM catalogue), (SELECT coalesce(sum(n), 0) FROM users),
            ${hasColumn(data.interactions, 'EVENT_TYPE') ? '(SELECT count(DISTINCT event_type) FROM events)' : '0'}`,
  );
  return { users, items, rows, eventTypes };
}

/**
 * Creates the table `ordered`: user index, item index, time, digest of the other columns, ordered by all of them, so
 * that duplicates are neighbours; and after them the codes of the columns that are learnt, as `code_0`, `code_1` …
 * Ties in time are broken by a per-user hash: the order of indexes would put popular items first, and one order for all
 * users would make each item the follower of another. A table, since DuckDB sorts a streamed result on one thread.
 */
export async function createOrderedEvents(duckDb: DuckDb, columns: readonly CodedColumn[]): Promise<void> {
  const codes = columns.map(codeQuery);
  await duckDb.run(
    `CREATE TABLE ordered AS
     SELECT users.index AS user, catalogue.index AS item, time, properties${codes.map(({ code }, n) => `, ${code} AS code_${n}`).join('')}
     FROM events JOIN users ON users.id = events.user JOIN catalogue ON catalogue.id = events.item
     ${codes.map(({ join }) => join).join(' ')}
     ORDER BY users.index, time, xor(catalogue.tie, users.tie), catalogue.index, properties`,
  );
}

/** The fields of the interactions that can be learnt from, with their names in the view `events`. */
export const learnableSources = ({ interactions }: Pick<InteractionData, 'interactions'>): readonly Source[] =>
  interactions.schema.fields.filter(isLearnable).map((field, n) => ({ field, alias: `value_${n}` }));

export const hasColumn = (input: TrainingInput, name: string): boolean =>
  input.schema.fields.some((field) => field.name === name);

function eventsQuery(data: InteractionData): string {
  const { interactions } = data;
  if (interactions.files.length === 0) return noEvents;
  const others = interactions.schema.fields.map(({ name }) => name).filter((name) => !keyColumns.includes(name));
  const properties = others.length === 0 ? '0' : `hash(${others.map(sqlName).join(', ')}) >> 32`;
  const type = hasColumn(interactions, 'EVENT_TYPE') ? ', EVENT_TYPE AS event_type' : '';
  const values = learnableSources(data).map(({ field, alias }) => `, ${sqlName(field.name)} AS ${alias}`);
  const condition = (data.events ?? [data]).map((wanted) => `(${eventsCondition(interactions, wanted)})`).join(' OR ');
  return `SELECT USER_ID AS user, ITEM_ID AS item, TIMESTAMP AS time, (${properties})::UINTEGER AS properties${type}${values.join('')}
    FROM ${parquetFiles(interactions.files)} WHERE ${condition}`;
}

const noEvents = `SELECT '' AS user, '' AS item, 0::BIGINT AS time, 0::UINTEGER AS properties WHERE false`;

function eventsCondition(
  interactions: TrainingInput,
  {
    eventType,
    anyCase,
    takesOthers,
    eventValueThreshold,
  }: Pick<TrainingData, 'eventType' | 'anyCase' | 'takesOthers' | 'eventValueThreshold'>,
): string {
  const conditions = [
    ...(eventType === undefined || takesOthers ? [] : [isEventType(eventType, anyCase)]),
    // In the column's own precision: 3.6 as a double is more than 3.6 as a float.
    ...(eventValueThreshold === undefined ? [] : [`EVENT_VALUE >= ${float(interactions, eventValueThreshold)}`]),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

const itemsQuery = (items?: TrainingInput) =>
  items === undefined || items.files.length === 0
    ? ''
    : `UNION ALL SELECT DISTINCT ITEM_ID, 0 FROM ${parquetFiles(items.files)}`;

/** Users without interactions, of whom actions may be recommended to. */
function otherUsersQuery({ actions, actionInteractions, users }: TrainingData): string {
  if (!actions) return '';
  return [actionInteractions, users]
    .flatMap((input) => (input && input.files.length > 0 ? [parquetFiles(input.files)] : []))
    .map((files) => `UNION ALL SELECT DISTINCT USER_ID, 0 FROM ${files} WHERE USER_ID IS NOT NULL`)
    .join(' ');
}

function float(input: TrainingInput, value: number): string {
  const field = input.schema.fields.find(({ name }) => name === 'EVENT_VALUE');
  return `'${value}'::${field?.type === 'float' ? 'FLOAT' : 'DOUBLE'}`;
}
