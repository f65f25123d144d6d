import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/data/database/database.ts';
import { parseDatasetSchema } from '../../src/data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../src/data/engine/duckdb.ts';
import { openStore } from '../../src/data/objects/open-store.ts';
import { compactRecords } from '../../src/data/records/compaction.ts';
import { EventRecords } from '../../src/data/records/event-records.ts';
import { duckDbTypes } from '../../src/data/records/layout.ts';
import { RecordLog } from '../../src/data/records/record-log.ts';
import type { BenchResult } from '../result.ts';
import { Stopwatch } from '../stopwatch.ts';
import { putEventsCalls, schema } from './tracker.ts';

const datasetArn = 'arn:aws:personalize:us-east-1:000000000000:dataset/events/INTERACTIONS';
const rounds = 3;

/**
 * A log of so many events into Parquet, beside DuckDB's COPY of the same rows from one CSV file; they take turns, the
 * median counts.
 */
export async function measureCompaction(folder: string, events: number): Promise<BenchResult[]> {
  const records = new EventRecords(parseDatasetSchema(schema).schema);
  const opened = await openDatabase({ file: join(folder, 'compaction/database') });
  const store = await openStore({ folder: join(folder, 'compaction/store') });
  const log = new RecordLog({ ...opened, clock: { now: () => Date.now() }, log: console });
  try {
    const csv = join(folder, 'events.csv');
    await fill(log, records, csv, events);
    const copies: number[] = [];
    const compactions: number[] = [];
    for (let round = 0; round < rounds; round++) {
      copies.push(await copy(csv, records, join(folder, `copy-${round}`)));
      const stopwatch = new Stopwatch();
      await compactRecords({
        log,
        store,
        datasetArn,
        after: 0,
        through: await log.lastPosition(),
        absorbed: [],
        targetPrefix: `${round}/`,
        workFolder: join(folder, `work-${round}`),
        signal: new AbortController().signal,
      });
      compactions.push(stopwatch.lap().seconds);
    }
    const [seconds, peer] = [median(compactions), median(copies)];
    const detail = `${events.toLocaleString('en')} events, median of ${rounds}`;
    return [
      {
        name: 'events: compaction of a log to Parquet',
        value: seconds,
        unit: 's',
        ratio: seconds / peer,
        limit: 1.5,
        detail,
      },
      { name: "events: DuckDB's own copy of the same rows", value: peer, unit: 's', detail },
    ];
  } finally {
    await opened.close();
  }
}

/** Into the log, and into a CSV file for the peer. */
async function fill(log: RecordLog, records: EventRecords, csv: string, events: number): Promise<void> {
  const layout = await log.layouts.idOf(records.layout);
  const calls = putEventsCalls('bench', 10).map(({ input }) => records.encode(input, 1_700_000_000_000));
  const body = calls.join('');
  await appendFile(csv, '\n');
  for (let written = 0; written < events; written += calls.length * 10) {
    await Promise.all([
      ...calls.map((lines) => log.append({ datasetArn, layout, records: 10, body: lines })),
      appendFile(csv, body),
    ]);
  }
}

async function copy(csv: string, { layout }: EventRecords, target: string): Promise<number> {
  await mkdir(target);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: join(target, 'spilled') });
  const columns = layout.map(({ name, type }) => `${sqlString(name)}: '${duckDbTypes[type]}'`).join(', ');
  const stopwatch = new Stopwatch();
  await duckDb.run(
    `COPY (SELECT * FROM read_csv(${sqlString(csv)}, auto_detect = false, header = false, skip = 1, delim = ',', quote = '"',
       escape = '"', columns = {${columns}})) TO ${sqlString(join(target, 'copy.parquet'))} (FORMAT parquet)`,
  );
  return stopwatch.lap().seconds;
}

const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
