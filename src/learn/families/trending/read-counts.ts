import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { FilePath } from '../../../data/encryption/file-path.ts';
import { type DuckDb, integers, openDuckDb, present, sqlName } from '../../../data/engine/duckdb.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../../data/records/event-lines.ts';
import { happenedAt, orderedEventsQuery } from '../../../data/records/streamed-events.ts';
import { latestTime } from '../../../data/views/event-time.ts';
import { isEventType } from '../../../data/views/event-type-sql.ts';
import type { EventCondition } from '../../../data/views/live/event-condition.ts';
import type { GrowingIds } from '../../../data/views/live/growing-ids.ts';
import type { IntervalCounts } from './interval-counts.ts';

export type CountRequest = {
  /** All of an Interactions dataset. */
  readonly files: readonly FilePath[];
  /** The events that count: those that meet one of these; all where there are none. */
  readonly events: readonly EventCondition[];
  /** What happens later has not happened yet: seconds since the epoch. */
  readonly now: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 29;
/** Rows that are added without a pause: about a millisecond. */
const rowsAtOnce = 1024;

/** Columns that are read, whether files have them or not. */
const columns = [
  ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE', sessionColumn, eventIdColumn].map(
    (name) => ({ name, type: 'string' }) as const,
  ),
  { name: 'EVENT_VALUE', type: 'double' } as const,
  ...['TIMESTAMP', receivedColumn].map((name) => ({ name, type: 'long' }) as const),
];

/**
 * Counts the interactions of the last two intervals that files hold, each once, and numbers their items.
 *
 * @returns when the newest of the stream's events came, in milliseconds since the epoch; −∞ where there is none
 */
export async function readCounts(counts: IntervalCounts, ids: GrowingIds, request: CountRequest): Promise<number> {
  const { files, temporaryFolder, signal } = request;
  if (files.length === 0) return Number.NEGATIVE_INFINITY;
  // One thread: answers do not wait for it, and need the others.
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  await duckDb.run(
    `CREATE VIEW counted AS
     SELECT *, least(greatest(${happenedAt}, 0), ${latestTime}) AS "$time"
     FROM (${orderedEventsQuery(files, { fields: columns })})
     WHERE ITEM_ID <> '' AND ${happenedAt} <= ${request.now} AND ${conditionOf(request.events)}`,
  );
  const newest = `SELECT max("$time")::DOUBLE AS newest, max(${sqlName(receivedColumn)})::DOUBLE AS received FROM counted`;
  const [found] = await duckDb.run(newest, signal);
  if (typeof found?.newest !== 'number') return Number.NEGATIVE_INFINITY;
  counts.moveTo(found.newest);
  await addCounts(counts, ids, duckDb, signal);
  return typeof found.received === 'number' ? found.received : Number.NEGATIVE_INFINITY;
}

async function addCounts(counts: IntervalCounts, ids: GrowingIds, duckDb: DuckDb, signal: AbortSignal): Promise<void> {
  const eventId = sqlName(eventIdColumn);
  await duckDb.run(
    `CREATE TABLE groups AS
     SELECT item, min(time)::UINTEGER AS time, count(*)::UINTEGER AS count FROM (
       SELECT ITEM_ID AS item, arg_min("$time", "$order") AS time FROM counted WHERE "$time" >= ${counts.begin}
       GROUP BY ITEM_ID, EVENT_TYPE, coalesce(USER_ID, ${sqlName(sessionColumn)}), ${eventId}, CASE WHEN ${eventId} IS NULL THEN TIMESTAMP END
     ) GROUP BY item, time // ${counts.stepSeconds}`,
    signal,
  );
  for await (const chunk of duckDb.stream('FROM groups', await duckDb.count('FROM groups'), signal)) {
    const [items, times, numbers] = [chunk.getColumnVector(0), integers(chunk, 1), integers(chunk, 2)];
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % rowsAtOnce === 0) await letOthersRun();
      counts.add(ids.add(String(items.getItem(row))), present(times.getItem(row)), present(numbers.getItem(row)));
    }
  }
}

/** As `meetsOneOf` has it. */
function conditionOf(events: readonly EventCondition[]): string {
  const each = events.map(({ eventType, anyCase, eventValueThreshold }) => {
    const type = eventType === undefined ? [] : [isEventType(eventType, anyCase)];
    const value =
      eventValueThreshold === undefined ? [] : [`EVENT_VALUE >= ${Math.fround(eventValueThreshold)}::DOUBLE`];
    return [...type, ...value].join(' AND ') || 'true';
  });
  return each.length === 0 ? 'true' : `(${each.map((one) => `(${one})`).join(' OR ')})`;
}
