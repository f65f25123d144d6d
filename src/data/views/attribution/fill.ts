import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { DatasetSchema } from '../../dataset-schema.ts';
import type { FilePath } from '../../encryption/file-path.ts';
import { openDuckDb, sqlName } from '../../engine/duckdb.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import { orderedEventsQuery } from '../../records/streamed-events.ts';
import type { EventCounter } from './event-counter.ts';
import type { ItemValues } from './item-values.ts';
import { repetitionSeconds } from './recent-events.ts';

const memoryBytes = 2 ** 29;
/** Rows that are taken in without a pause: a few milliseconds. */
const rowsAtOnce = 1024;

export type RecentRequest = {
  /** Parquet files of the streamed events, oldest first. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  /** The last so many rows have not been counted yet. */
  readonly uncounted: number;
  /** When the first event comes that is to be counted, in seconds since the epoch. */
  readonly before: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

/** Has a counter know the events of the hour before those that it is going to count. */
export async function fillRecent(counter: EventCounter, request: RecentRequest): Promise<void> {
  const { files, schema, uncounted, before, temporaryFolder, signal } = request;
  if (files.length === 0) return;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  const ordered = orderedEventsQuery(files, schema);
  const counted = (await duckDb.count(ordered, signal)) - uncounted;
  const received = sqlName(receivedColumn);
  const columns = [sessionColumn, eventIdColumn, 'USER_ID', 'EVENT_TYPE', 'ITEM_ID', 'TIMESTAMP'].map(sqlName);
  const query = `SELECT ${columns.join(', ')}, coalesce(EVENT_VALUE::DOUBLE, 0), (${received} // 1000)::DOUBLE, "$order"
    FROM (${ordered}) WHERE "$order" <= ${counted} AND ${received} >= ${1000 * (before - repetitionSeconds)}`;
  const rows = await duckDb.count(query, signal);
  for await (const chunk of duckDb.stream(`${query} ORDER BY "$order"`, rows, signal)) {
    for (const [session, eventId, user, type, item, time, value, seconds] of chunk.getRows()) {
      if (typeof type !== 'string' || !counter.counts(type)) continue;
      const event = {
        person: textOf(user ?? session),
        eventId: textOf(eventId),
        ...{ type, item: textOf(item), time: textOf(time), value: textOf(value) },
      };
      counter.note(event, Number(seconds));
    }
    await letOthersRun();
  }
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Reads the numbers of all items from the files of an Items dataset, oldest first. */
export async function fillItems(
  values: ItemValues,
  { files, schema, temporaryFolder, signal }: Pick<RecentRequest, 'files' | 'schema' | 'temporaryFolder' | 'signal'>,
): Promise<void> {
  if (files.length === 0) return;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  const numbers = values.columns.map((column) => `coalesce(${sqlName(column)}::DOUBLE, 0)`);
  const query = `SELECT ${['ITEM_ID', ...numbers].join(', ')} FROM (${orderedEventsQuery(files, schema)})
    QUALIFY row_number() OVER (PARTITION BY ITEM_ID ORDER BY "$order" DESC) = 1`;
  const rows = await duckDb.count(query, signal);
  for await (const chunk of duckDb.stream(query, rows, signal)) {
    let taken = 0;
    for (const [id, ...cells] of chunk.getRows()) {
      values.set(textOf(id), cells.map(Number));
      if (++taken % rowsAtOnce === 0) await letOthersRun();
    }
    await letOthersRun();
  }
}
