import type { DatasetSchema, Field } from '../dataset-schema.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { sqlName } from '../engine/duckdb.ts';
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
  const source = sourceOf(records);
  return {
    all: `SELECT ${columns} FROM (${source})${records.attributes ? ' ORDER BY "$order"' : ''}`,
    repetitions: `SELECT count(*) FROM (
      SELECT 1 FROM (${source}) GROUP BY hash(${columns}) HAVING count(*) > 1)`,
    distinct: `SELECT ${columns} FROM (
      SELECT ${columns}, min("$order") AS "$order" FROM (${source}) GROUP BY ${columns}) ORDER BY "$order"`,
  };
}

/** Of records with the same id the newest. @param idColumn its name in the schema */
export function newestRows(records: Records, idColumn: string): string {
  const { fields } = records.schema;
  const columns = fields.map((_, index) => `c${index}`).join(', ');
  const id = `c${fields.findIndex(({ name }) => name === idColumn)}`;
  const source = sourceOf(records);
  return `
    WITH "$newest" AS (SELECT max("$order") AS "$last" FROM (${source}) GROUP BY ${id})
    SELECT ${columns} FROM (${source}) SEMI JOIN "$newest" ON "$order" = "$last" ORDER BY "$order"`;
}

/** Whether any of the events, of files with records of the log, has a session in place of a user. */
export const anonymousEvents = (files: readonly FilePath[], schema: DatasetSchema): string =>
  `SELECT count(*) FROM (${orderedEventsQuery(files, withSession(schema))})
   WHERE USER_ID IS NULL AND ${sqlName(sessionColumn)} IS NOT NULL`;

function sourceOf({ schema, files, attributes }: Records): string {
  const { fields } = schema;
  if (files.length === 0) {
    const none = fields.map(({ type }, index) => `NULL::${duckDbTypes[type]} AS c${index}`);
    return `SELECT ${none.join(', ')}, 0::BIGINT AS "$order" WHERE false`;
  }
  const named = (name: string, index: number) => `${sqlName(name)} AS c${index}`;
  if (!attributes) {
    const columns = fields.map(({ name }, index) => named(name, index));
    return `SELECT ${columns.join(', ')}, "$order" FROM (${orderedEventsQuery(files, schema)})`;
  }
  const columns = fields.map(({ name }, index) =>
    name === 'USER_ID' ? `coalesce(USER_ID, "$first") AS c${index}` : named(name, index),
  );
  const events = orderedEventsQuery(files, withSession(schema));
  return `SELECT ${columns.join(', ')}, "$order" FROM (${events})
    LEFT JOIN (${sessionOwnersQuery(`(${events})`)}) ON "$session" = ${sqlName(sessionColumn)}`;
}

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
