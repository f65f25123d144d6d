import type { Field } from '../../data/dataset-schema.ts';
import { type DuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { type InteractionColumn, mostBuckets, mostCategories } from '../histories/interaction-columns.ts';

/** Columns of the interactions that are no properties of what happened (spec datasets.md §2.3, training.md §6.1). */
const notLearnt = [
  'USER_ID',
  'ITEM_ID',
  'TIMESTAMP',
  'EVENT_VALUE',
  'IMPRESSION',
  'RECOMMENDATION_ID',
  'EVENT_ATTRIBUTION_SOURCE',
];

/** Whether this field of the interactions can be learnt from: the event type, a category or a number. */
export const isLearnable = ({ name, type, categorical }: Field): boolean =>
  !notLearnt.includes(name) && (name === 'EVENT_TYPE' || (type === 'string' ? categorical : type !== 'boolean'));

/** A field of the interactions under the name that it has in the view `events`. */
export type Source = { readonly field: Field; readonly alias: string };

/** A column that is learnt, and where the view has it. */
export type CodedColumn = { readonly column: InteractionColumn; readonly source: Source };

/**
 * Looks through the view `events` for the codes of these fields. One with a single value is left out.
 */
export async function readColumns(duckDb: DuckDb, sources: readonly Source[]): Promise<CodedColumn[]> {
  const columns: CodedColumn[] = [];
  for (const source of sources) {
    const column = source.field.type === 'string' ? await categories(duckDb, source) : await buckets(duckDb, source);
    if (column) columns.push({ column, source });
  }
  return columns;
}

async function categories(duckDb: DuckDb, { field, alias }: Source): Promise<InteractionColumn | undefined> {
  const rows = await duckDb.run(
    `SELECT ${alias} AS value FROM events GROUP BY ${alias} ORDER BY ${alias} IS NULL, count(*) DESC, ${alias} LIMIT ${mostCategories + 1}`,
  );
  const values = rows.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).slice(0, mostCategories);
  return rows.length < 2 ? undefined : { name: field.name, kind: 'categorical', values };
}

async function buckets(duckDb: DuckDb, source: Source): Promise<InteractionColumn | undefined> {
  const shares = Array.from({ length: mostBuckets - 1 }, (_, n) => (n + 1) / mostBuckets);
  const numbers = `(SELECT ${numberIn(source)} AS x FROM events WHERE isfinite(x))`;
  const rows = await duckDb.run(
    `SELECT DISTINCT bound
     FROM (SELECT unnest(quantile_disc(x, [${shares.join(', ')}])) AS bound, min(x) AS lowest FROM ${numbers})
     WHERE bound > lowest ORDER BY bound`,
  );
  const bounds = rows.map(({ bound }) => Number(bound));
  const finite = await duckDb.count(`FROM ${numbers}`);
  const all = await duckDb.count('FROM events');
  const tells = bounds.length > 0 || (finite > 0 && finite < all);
  return tells ? { name: source.field.name, kind: 'numeric', bounds } : undefined;
}

/**
 * The code of the column's value, as `codeOf` gives it, and what the view must be joined with for it.
 *
 * @param index makes the names of joined tables different
 */
export function codeQuery(
  { column, source }: CodedColumn,
  index: number,
): { readonly code: string; readonly join: string } {
  if (column.kind === 'categorical') {
    const values = `unnest([${column.values.map(sqlString).join(', ')}]) AS value, unnest(range(1, ${1 + column.values.length})) AS code`;
    const table = `codes_${index}`;
    return {
      code: `coalesce(${table}.code, 0)::UINTEGER`,
      join: `LEFT JOIN (SELECT ${values}) AS ${table} ON ${table}.value = events.${source.alias}`,
    };
  }
  const x = numberIn(source);
  const reached = column.bounds.map((bound) => ` + (${x} >= '${bound}'::DOUBLE)::UINTEGER`).join('');
  return { code: `CASE WHEN isfinite(${x}) THEN 1${reached} ELSE 0 END::UINTEGER`, join: '' };
}

/** As it is written: 0.1, where its nearest float is a little more. */
const numberIn = ({ field, alias }: Source) =>
  field.type === 'float' ? `${alias}::VARCHAR::DOUBLE` : `${alias}::DOUBLE`;
