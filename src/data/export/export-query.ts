import type { DatasetSchema, Field } from '../dataset-schema.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { sqlName } from '../engine/duckdb.ts';
import { parquetFiles } from '../engine/parquet-files.ts';
import { sessionColumn } from '../records/event-lines.ts';
import { duckDbTypes } from '../records/layout.ts';
import { orderedEventsQuery, sessionOwnersQuery } from '../records/streamed-events.ts';

/** The query of an export, in steps. Its columns are named `c0`, `c1` and so on, in the order of the schema. */
export type ExportedRows = {
  /** All rows, in the order in which they came, repeated ones too. */
  readonly all: string;
  /** How often rows agree in a 64-bit hash: 0 if no row comes twice. */
  readonly repetitions: string;
  /** In the same order each row once, where it comes first. */
  readonly distinct: string;
};

type Records = {
  readonly schema: DatasetSchema;
  /** Oldest first. */
  readonly files: readonly FilePath[];
  /** Events of a session without a user get the first user that the session had. */
  readonly attributes: boolean;
};

/** @param files of the dataset, oldest first; columns of the schema that they lack are null */
export function exportedRows(records: Records): ExportedRows {
  const { schema } = records;
  const columns = schema.fields.map((_, index) => `c${index}`).join(', ');
  const ordered = orderedSource(records);
  // DuckDB reads files in their order, and numbers rows on one thread: without numbers it is quicker.
  const plain = records.attributes ? `${ordered} ORDER BY "$order"` : plainSource(records);
  return {
    all: `SELECT ${columns} FROM (${plain})`,
    repetitions: `SELECT count(*) FROM (
      SELECT 1 FROM (${records.attributes ? ordered : plain}) GROUP BY hash(${columns}) HAVING count(*) > 1)`,
    distinct: `SELECT ${columns} FROM (
      SELECT ${columns}, min("$order") AS "$order" FROM (${ordered}) GROUP BY ${columns}) ORDER BY "$order"`,
  };
}

/** Of records with the same id the newest. @param idColumn its name in the schema */
export function newestRows(records: Records, idColumn: string): string {
  const { fields } = records.schema;
  const columns = fields.map((_, index) => `c${index}`).join(', ');
  const id = `c${fields.findIndex(({ name }) => name === idColumn)}`;
  const source = orderedSource(records);
  return `
    WITH "$newest" AS (SELECT max("$order") AS "$last" FROM (${source}) GROUP BY ${id})
    SELECT ${columns} FROM (${source}) SEMI JOIN "$newest" ON "$order" = "$last" ORDER BY "$order"`;
}

/** Whether any of the events, of files with records of the log, has a session in place of a user. */
export const anonymousEvents = (files: readonly FilePath[], schema: DatasetSchema): string =>
  `SELECT count(*) FROM (${orderedEventsQuery(files, withSession(schema))})
   WHERE USER_ID IS NULL AND ${sqlName(sessionColumn)} IS NOT NULL`;

function orderedSource({ schema, files, attributes }: Records): string {
  if (files.length === 0) return `SELECT *, 0::BIGINT AS "$order" FROM (${noRows(schema)})`;
  if (!attributes) return `SELECT ${named(schema)}, "$order" FROM (${orderedEventsQuery(files, schema)})`;
  const events = orderedEventsQuery(files, withSession(schema));
  const attributed = schema.fields.map(({ name }, index) =>
    name === 'USER_ID' ? `coalesce(USER_ID, "$first") AS c${index}` : `${sqlName(name)} AS c${index}`,
  );
  return `SELECT ${attributed.join(', ')}, "$order" FROM (${events})
    LEFT JOIN (${sessionOwnersQuery(`(${events})`)}) ON "$session" = ${sqlName(sessionColumn)}`;
}

function plainSource({ schema, files }: Records): string {
  if (files.length === 0) return noRows(schema);
  const none = schema.fields.map(({ name, type }) => `NULL::${duckDbTypes[type]} AS ${sqlName(name)}`);
  return `SELECT ${named(schema)} FROM (
    SELECT ${none.join(', ')} WHERE false UNION ALL BY NAME SELECT * FROM ${parquetFiles(files)})`;
}

const named = ({ fields }: DatasetSchema): string =>
  fields.map(({ name }, index) => `${sqlName(name)} AS c${index}`).join(', ');

const noRows = ({ fields }: DatasetSchema): string =>
  `SELECT ${fields.map(({ type }, index) => `NULL::${duckDbTypes[type]} AS c${index}`).join(', ')} WHERE false`;

const withSession = ({ fields }: DatasetSchema): { fields: readonly Pick<Field, 'name' | 'type'>[] } => ({
  fields: [...fields, { name: sessionColumn, type: 'string' }],
});

/** An upper bound of the bytes of a row in CSV, of a table with such columns. */
export function widthOf(fields: readonly Pick<Field, 'type'>[]): string {
  const widths = fields.map(({ type }, index) => {
    if (type !== 'string') return String(numberWidths[type]);
    const bytes = `coalesce(strlen(c${index}), 0)`;
    // Two quotes around it and a comma; a quote within is written twice.
    return `(CASE WHEN contains(c${index}, '"') THEN 2 * ${bytes} ELSE ${bytes} END + 3)`;
  });
  return widths.join(' + ');
}

/** The longest text of a value, and a comma. */
const numberWidths = { boolean: 6, int: 12, long: 21, float: 17, double: 26 } as const;
