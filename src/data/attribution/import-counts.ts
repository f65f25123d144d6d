import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { orderedRows } from '../engine/parquet-files.ts';
import { orderedEventsQuery } from '../records/streamed-events.ts';
import { type CountedMore, keptSeconds, windowSeconds } from './counts.ts';
import type { MetricExpression } from './expression.ts';

/** A metric, as its column in a report says it. */
export type ReportedMetric = {
  readonly number: number;
  readonly metricName: string;
  readonly eventType: string;
  readonly parsed: MetricExpression;
};

export type ImportCountsRequest = {
  /** Parquet files that an import of an Interactions dataset has made. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  readonly metrics: readonly ReportedMetric[];
  /** Parquet files of the Items dataset, oldest first; undefined where no metric reads it. */
  readonly items?: { readonly files: readonly FilePath[]; readonly schema: DatasetSchema } | undefined;
  /** Finds the campaign or recommender of an answer. */
  readonly owners: { ownerOf(recommendationId: string): string | undefined };
  /** Sources that are told apart already, and how many may be. */
  readonly sources: ReadonlySet<string>;
  readonly mostSources: number;
  /** What stands for events without a source. */
  readonly undefinedSource: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** A CSV file that is written with the report; none unless given. */
  readonly report?: string | undefined;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;
/** How much of a recommendationId says whose it is: what comes before differs from answer to answer. */
const keyLength = 26;
/** Ids whose owners are looked up without a pause. */
const idsAtOnce = 64;

/**
 * Counts the rows of an import by metric, source and window (spec batch.md §8), each of equal ones once, and writes the
 * report.
 *
 * @returns the counts of windows that are kept
 * @throws the signal's reason when it is aborted
 */
export async function countImport(request: ImportCountsRequest): Promise<CountedMore[]> {
  const { files, items, temporaryFolder, signal } = request;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, files: [...files, ...(items?.files ?? [])] });
  await createOwners(duckDb, request);
  await createItems(duckDb, request);
  await createEvents(duckDb, request);
  const each = request.metrics.map((metric) => countQuery(metric, itemColumns(request)));
  await duckDb.run(`CREATE TABLE counts AS ${each.join(' UNION ALL ')}`, signal);
  if (request.report !== undefined) await duckDb.run(reportStatement(request, request.report), signal);
  const oldest = request.now - keptSeconds;
  const rows = await duckDb.run(
    `SELECT metric, source, "window"::DOUBLE AS time, value FROM counts WHERE "window" >= ${oldest} ORDER BY ALL`,
    signal,
  );
  return rows.map(({ metric, source, time, value }) => ({
    metric: Number(metric),
    source: typeof source === 'string' ? source : undefined,
    time: Number(time),
    value: Number(value),
  }));
}

/** The column of a schema by its reserved name, which may be written in another case. */
function columnOf({ fields }: DatasetSchema, name: string): string | undefined {
  const field = fields.find((candidate) => candidate.name.toUpperCase() === name);
  return field && sqlName(field.name);
}

/** Whose answers rows name: looked up once for all ids that share their beginning. */
async function createOwners(duckDb: DuckDb, { files, schema, owners, signal }: ImportCountsRequest): Promise<void> {
  await duckDb.run('CREATE TABLE owners (start VARCHAR, owner VARCHAR)', signal);
  const id = columnOf(schema, 'RECOMMENDATION_ID');
  if (id === undefined) return;
  const query = `SELECT any_value(${id}) AS id FROM ${orderedRows(files)} WHERE length(${id}) = 40 GROUP BY left(${id}, ${keyLength})`;
  const count = await duckDb.count(query, signal);
  const found: string[] = [];
  let seen = 0;
  for await (const chunk of duckDb.stream(query, count, signal)) {
    for (const [one] of chunk.getRows()) {
      if (++seen % idsAtOnce === 0) await letOthersRun();
      const text = String(one);
      const owner = owners.ownerOf(text);
      if (owner !== undefined) found.push(`(${sqlString(text.slice(0, keyLength))}, ${sqlString(owner)})`);
    }
  }
  for (let from = 0; from < found.length; from += 1000) {
    await duckDb.run(`INSERT INTO owners VALUES ${found.slice(from, from + 1000).join(', ')}`, signal);
  }
}

/** Columns of items that metrics sum, in the order of `n0`, `n1` … */
const itemColumns = ({ metrics }: Pick<ImportCountsRequest, 'metrics'>): string[] => [
  ...new Set(
    metrics.flatMap(({ parsed }) => (parsed.math === 'sum' && parsed.dataset === 'ITEMS' ? [parsed.column] : [])),
  ),
];

async function createItems(duckDb: DuckDb, request: ImportCountsRequest): Promise<void> {
  const columns = itemColumns(request);
  const numbers = columns.map((column, n) => `${sqlName(column)}::DOUBLE AS n${n}`);
  const none = columns.map((_, n) => `NULL::DOUBLE AS n${n}`);
  const { items, signal } = request;
  const query =
    items && items.files.length > 0
      ? `SELECT ITEM_ID AS id, ${numbers.join(', ')} FROM (${orderedEventsQuery(items.files, items.schema)})
         QUALIFY row_number() OVER (PARTITION BY ITEM_ID ORDER BY "$order" DESC) = 1`
      : `SELECT ${["'' AS id", ...none].join(', ')} WHERE false`;
  await duckDb.run(`CREATE TABLE items AS ${query}`, signal);
}

/** The rows that count, each once, with their source, as far as sources are told apart. */
async function createEvents(duckDb: DuckDb, request: ImportCountsRequest): Promise<void> {
  const { files, schema, metrics, now, sources, mostSources, signal } = request;
  const type = columnOf(schema, 'EVENT_TYPE') ?? "''";
  const given = columnOf(schema, 'EVENT_ATTRIBUTION_SOURCE');
  const id = columnOf(schema, 'RECOMMENDATION_ID');
  const summed = new Set(
    metrics.flatMap(({ parsed }) =>
      parsed.math === 'sum' && parsed.dataset === 'INTERACTIONS' ? [parsed.column] : [],
    ),
  );
  const numbers = [...summed].map((column) => `${sqlName(column)} AS ${sqlName(`$${column}`)}`);
  const source = `coalesce(${given === undefined ? 'NULL' : `nullif(${given}, '')`}, owner)`;
  const types = [...new Set(metrics.map(({ eventType }) => sqlString(eventType.toLowerCase())))];
  const columns = ['USER_ID', 'ITEM_ID', 'TIMESTAMP'].map((name) => `${columnOf(schema, name) ?? name} AS "$${name}"`);
  await duckDb.run(
    `CREATE TABLE events AS SELECT * EXCLUDE ("$order"), min("$order") AS first FROM (
       SELECT lower(${type}) AS "$type", ${[...columns, ...numbers].join(', ')}, ${source} AS source,
         least(${columnOf(schema, 'TIMESTAMP')}, ${now}) // ${windowSeconds} * ${windowSeconds} AS "window", "$order"
       FROM ${orderedRows(files)} LEFT JOIN owners ON start = ${id === undefined ? "''" : `left(${id}, ${keyLength})`}
       WHERE lower(${type}) IN (${types.length === 0 ? "''" : types.join(', ')})) GROUP BY ALL`,
    signal,
  );
  // Those that have been told apart stay so; new ones follow in the order in which they come.
  const room = Math.max(0, mostSources - sources.size);
  const known = [...sources].map((name) => `(${sqlString(name)})`);
  const former =
    known.length === 0 ? "SELECT '' AS name WHERE false" : `SELECT * FROM (VALUES ${known.join(', ')}) AS t(name)`;
  await duckDb.run(
    `CREATE TABLE told AS ${former} UNION ALL SELECT source FROM (
       SELECT source, min(first) AS since FROM events
       WHERE source IS NOT NULL AND source NOT IN (${former}) GROUP BY source ORDER BY since LIMIT ${room})`,
    signal,
  );
}

function countQuery({ number, eventType, parsed }: ReportedMetric, columns: readonly string[]): string {
  const value =
    parsed.math === 'samplecount'
      ? 'count(*)'
      : parsed.dataset === 'ITEMS'
        ? `coalesce(sum(n${columns.indexOf(parsed.column)}), 0)`
        : `coalesce(sum(${sqlName(`$${parsed.column}`)}), 0)`;
  return `SELECT ${number} AS metric, CASE WHEN source IN (SELECT name FROM told) THEN source END AS source, "window", (${value})::DOUBLE AS value
    FROM events LEFT JOIN items ON items.id = "$ITEM_ID" WHERE "$type" = ${sqlString(eventType.toLowerCase())} GROUP BY ALL`;
}

/** Writes the report, in the order of the metrics, then of time (spec batch.md §8). */
function reportStatement({ metrics, undefinedSource }: ImportCountsRequest, path: string): string {
  const named = metrics.map(({ number, metricName, eventType, parsed }, n) => {
    const texts = [metricName.toUpperCase(), eventType.toUpperCase(), parsed.math].map(sqlString);
    return `(${number}, ${n}, ${texts.join(', ')})`;
  });
  const values = named.length === 0 ? `(0, 0, '', '', '')` : named.join(', ');
  return `COPY (
    SELECT name AS METRIC_NAME, type AS EVENT_TYPE,
      CASE WHEN value = round(value) AND abs(value) < 1e15 THEN printf('%.1f', value) ELSE value::VARCHAR END AS VALUE,
      math AS MATH_FUNCTION, coalesce(source, ${sqlString(undefinedSource)}) AS EVENT_ATTRIBUTION_SOURCE, "window" AS "TIMESTAMP"
    FROM counts JOIN (VALUES ${values}) AS metrics(number, place, name, type, math) ON number = metric
    ORDER BY place, "window", EVENT_ATTRIBUTION_SOURCE
  ) TO ${sqlString(path)} (FORMAT csv, HEADER true)`;
}
