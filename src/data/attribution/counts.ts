import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { AttributionCountRow, Tables } from '../database/tables.ts';

/** How long a window of time is, in seconds; windows begin at multiples of it since the epoch. */
export const windowSeconds = 900;

/** Windows older than this are removed, and older events not counted, in seconds: as long as CloudWatch keeps one. */
export const keptSeconds = 455 * 86_400;

/** The source of events that have none, in reports and in CloudWatch (spec batch.md §8). */
export const undefinedSource = 'SOURCE_NAME_UNDEFINED';

/** More of a metric, from one source within one window. */
export type CountedMore = {
  /** Number of the metric. */
  readonly metric: number;
  /** Undefined where an event says nothing of its source. */
  readonly source: string | undefined;
  /** Beginning of the window, in seconds since the epoch. */
  readonly time: number;
  readonly value: number;
};

/** Begins to count what comes into the log of a dataset after this position. */
export async function beginAttribution(
  trx: Transaction<Tables>,
  arn: string,
  datasetArn: string,
  position: number,
): Promise<void> {
  await trx
    .insertInto('attributions')
    .values({ arn, dataset_arn: datasetArn, position, node: null, lease_until: 0 })
    .execute();
}

/** Removes all that was counted. */
export async function forgetAttribution(trx: Transaction<Tables>, arn: string): Promise<void> {
  for (const table of ['attributions', 'attribution_sources', 'attribution_counts', 'attribution_totals'] as const) {
    await trx.deleteFrom(table).where('arn', '=', arn).execute();
  }
}

/** Removes what was counted of metrics that are no more. */
export async function forgetMetrics(trx: Transaction<Tables>, arn: string, metrics: readonly number[]): Promise<void> {
  if (metrics.length === 0) return;
  for (const table of ['attribution_counts', 'attribution_totals'] as const) {
    await trx.deleteFrom(table).where('arn', '=', arn).where('metric', 'in', metrics).execute();
  }
}

/** The last position of the record log that is committed. */
export async function lastLogPosition(trx: Transaction<Tables>): Promise<number> {
  const { last } = await trx
    .selectFrom('record_log')
    .select(({ fn }) => fn.max('position').as('last'))
    .executeTakeFirstOrThrow();
  const { counted } = await trx
    .selectFrom('dataset_files')
    .select(({ fn }) => fn.max('through').as('counted'))
    .executeTakeFirstOrThrow();
  return Math.max(Number(last ?? 0), Number(counted ?? 0));
}

/**
 * The position up to which a dataset's log has been counted by every attribution: rows beyond it stay in the log.
 * Undefined where nobody counts.
 */
export async function countedThrough(database: Database, datasetArn: string): Promise<number | undefined> {
  const row = await database
    .selectFrom('attributions')
    .select(({ fn }) => fn.min('position').as('position'))
    .where('dataset_arn', '=', datasetArn)
    .executeTakeFirst();
  return row?.position === null || row?.position === undefined ? undefined : Number(row.position);
}

export type AttributionState = { readonly arn: string; readonly datasetArn: string; readonly position: number };

/** What is counted, as far as this node may count it now. */
export async function attributionStates(database: Database, node: string, now: number): Promise<AttributionState[]> {
  const rows = await database
    .selectFrom('attributions')
    .select(['arn', 'dataset_arn', 'position'])
    .where(({ or, eb }) => or([eb('node', 'is', null), eb('node', '=', node), eb('lease_until', '<', now)]))
    .execute();
  return rows.map(({ arn, dataset_arn: datasetArn, position }) => ({ arn, datasetArn, position: Number(position) }));
}

/** Takes an attribution for a node until a moment. @returns whether no other has it */
export async function leaseAttribution(
  database: Database,
  arn: string,
  { node, now, until }: { readonly node: string; readonly now: number; readonly until: number },
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('attributions')
    .set({ node, lease_until: until })
    .where('arn', '=', arn)
    .where(({ or, eb }) => or([eb('node', 'is', null), eb('node', '=', node), eb('lease_until', '<', now)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Lets another node count at once. */
export async function releaseAttributions(database: Database, node: string): Promise<void> {
  await database.updateTable('attributions').set({ node: null, lease_until: 0 }).where('node', '=', node).execute();
}

/**
 * Moves on from a position to another, so that what lies between can be added in the same transaction. Others that add
 * to the attribution wait until it ends.
 *
 * @returns false if another has been quicker, or the attribution is gone: then nothing may be added.
 */
export async function moveOn(trx: Transaction<Tables>, arn: string, from: number, to: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('attributions')
    .set({ position: to })
    .where('arn', '=', arn)
    .where('position', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Holds others off that add to an attribution, until the transaction ends. @returns whether it is counted at all */
export async function holdAttribution(trx: Transaction<Tables>, arn: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('attributions')
    .set(({ ref }) => ({ position: ref('position') }))
    .where('arn', '=', arn)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The sources that an attribution tells apart, by name. */
export async function sourcesOf(database: Database, arn: string): Promise<Map<string, number>> {
  const rows = await database
    .selectFrom('attribution_sources')
    .select(['name', 'number'])
    .where('arn', '=', arn)
    .orderBy('number')
    .execute();
  return new Map(rows.map(({ name, number }) => [name, number]));
}

/** Rows of one statement: SQLite takes 32,766 parameters. */
const rowsAtOnce = 2000;

/**
 * Adds to the counts of an attribution, in a transaction that holds it.
 *
 * @param most sources that are told apart; what comes from further ones counts as without a source
 */
export async function addCounts(
  trx: Transaction<Tables>,
  arn: string,
  counted: readonly CountedMore[],
  most: number,
): Promise<void> {
  const numbers = await sourcesOf(trx, arn);
  const added: { arn: string; number: number; name: string }[] = [];
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = numbers.size < most ? numbers.size + 1 : 0;
    if (number > 0) {
      numbers.set(name, number);
      added.push({ arn, number, name });
    }
    return number;
  };
  const windows = new Map<string, AttributionCountRow>();
  const totals = new Map<string, { arn: string; metric: number; source: number; value: number }>();
  for (const { metric, source: name, time, value } of counted) {
    const source = name === undefined ? 0 : numberOf(name);
    const window = windows.get(`${metric} ${source} ${time}`);
    if (window) window.value += value;
    else windows.set(`${metric} ${source} ${time}`, { arn, metric, source, time, value, published: 0 });
    const total = totals.get(`${metric} ${source}`);
    if (total) total.value += value;
    else totals.set(`${metric} ${source}`, { arn, metric, source, value });
  }
  if (added.length > 0) await trx.insertInto('attribution_sources').values(added).execute();
  for (const rows of pagesOf([...windows.values()])) {
    await trx
      .insertInto('attribution_counts')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['arn', 'metric', 'source', 'time'])
          .doUpdateSet({ value: sql`attribution_counts.value + excluded.value` }),
      )
      .execute();
  }
  for (const rows of pagesOf([...totals.values()])) {
    await trx
      .insertInto('attribution_totals')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['arn', 'metric', 'source'])
          .doUpdateSet({ value: sql`attribution_totals.value + excluded.value` }),
      )
      .execute();
  }
}

function* pagesOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) yield rows.slice(from, from + rowsAtOnce);
}

/** Intervals of time, which are whole windows. */
export type Intervals = {
  /** Beginning of the first, in seconds since the epoch. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly step: number;
};

/** What was counted within each interval, oldest first; `time` is the beginning of the interval. */
export async function countsBetween(
  database: Database,
  arn: string,
  { from, to, step }: Intervals,
): Promise<CountedMore[]> {
  const names = new Map([...(await sourcesOf(database, arn))].map(([name, number]) => [number, name]));
  const interval = sql<number>`(time - ${from}) / cast(${step} as bigint)`;
  const rows = await database
    .selectFrom('attribution_counts')
    .select(({ fn }) => ['metric', 'source', interval.as('interval'), fn.sum<number>('value').as('value')])
    .where('arn', '=', arn)
    .where('time', '>=', from)
    .where('time', '<', to)
    .groupBy(['metric', 'source', interval])
    .orderBy(interval)
    .orderBy('metric')
    .orderBy('source')
    .execute();
  return rows.map(({ metric, source, interval: index, value }) => ({
    metric,
    source: names.get(source),
    time: from + Number(index) * step,
    value: Number(value),
  }));
}

/** All that was counted so far, by attribution, metric and source. */
export async function allTotals(database: Database): Promise<(Omit<CountedMore, 'time'> & { readonly arn: string })[]> {
  const rows = await database
    .selectFrom('attribution_totals as total')
    .leftJoin('attribution_sources as named', (join) =>
      join.onRef('named.arn', '=', 'total.arn').onRef('named.number', '=', 'total.source'),
    )
    .select(['total.arn', 'total.metric', 'total.value', 'named.name'])
    .execute();
  return rows.map(({ name, ...row }) => ({ ...row, source: name ?? undefined }));
}

/** Removes windows that are older than they are kept. */
export async function removeOldCounts(database: Database, now: number): Promise<void> {
  await database
    .deleteFrom('attribution_counts')
    .where('time', '<', Math.floor(now / 1000) - keptSeconds)
    .execute();
}
