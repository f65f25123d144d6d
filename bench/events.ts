import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../test/support/postgres.ts';
import { openActionTracker, putActionInteractionsCalls } from './events/action-tracker.ts';
import { measureCompaction } from './events/compaction.ts';
import { plainAppend } from './events/plain-append.ts';
import { openTracker, putEventsCalls } from './events/tracker.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import type { LoadReport } from './serving/load.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { startServerProcess } from './serving/server-process.ts';

const eventsPerCall = 10;
const eventsPerSecond = 20_000;
const connections = 64;

/** What is put: opens the tracker of a server, and makes calls to it. */
type Workload = {
  readonly name: string;
  open(url: string): Promise<ReturnType<typeof putEventsCalls | typeof putActionInteractionsCalls>>;
};

const ofItems: Workload = {
  name: '',
  open: async (url) => putEventsCalls(await openTracker(url), eventsPerCall),
};
const ofActions: Workload = {
  name: 'of actions, ',
  open: async (url) => putActionInteractionsCalls(await openActionTracker(url), eventsPerCall),
};

/**
 * PutEvents and PutActionInteractions from end to end, each answer after a synced commit: a server in its own process,
 * load from a second one on the same machine, on SQLite and, of PutEvents, on PostgreSQL. Beside it, plain synced
 * appends of the same bytes to a file on the same disk. Then the compaction of a log beside DuckDB's own copy of the
 * same rows. Budgets: 20,000 events/s at p99 within 50 ms; 1.5 times the copy.
 */
export async function benchEvents({ quick }: BenchOptions): Promise<BenchResult[]> {
  const seconds = quick ? 3 : 15;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  const postgres = await startPostgres();
  try {
    const results: BenchResult[] = [];
    for (const workload of [ofItems, ofActions])
      results.push(...(await measure('SQLite', workload, folder, [], seconds)));
    if (postgres) {
      results.push(
        ...(await measure('PostgreSQL', ofItems, folder, ['--database', await postgres.freshDatabase()], seconds)),
      );
    }
    return [...results, ...(await measureCompaction(folder, quick ? 300_000 : 10_000_000))];
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  database: string,
  { name: of, open }: Workload,
  folder: string,
  options: readonly string[],
  seconds: number,
): Promise<BenchResult[]> {
  const name = `${of}${database}`;
  const home = join(folder, name);
  const server = await startServerProcess(['--home', home, ...options]);
  try {
    const requests = await open(server.url);
    const plan = { url: server.url, requests, seconds };
    const steady = { perSecond: eventsPerSecond / eventsPerCall, connections };
    const atRate = await loadFromAnotherProcess({ ...plan, load: steady });
    const atMost = await loadFromAnotherProcess({ ...plan, load: { callers: connections } });
    const alone = await loadFromAnotherProcess({ ...plan, load: { callers: 1 } });
    const plain = await plainAppend(folder, JSON.stringify(requests[0]?.input), Math.min(seconds, 3));
    const detail = (report: LoadReport) =>
      `${eventsPerCall} events a call, ${connections} connections, ${report.requests} calls, slowest ${report.max.toFixed(0)} ms`;
    return [
      {
        name: `events: ${name}, 20,000 events/s, p99`,
        value: atRate.p99,
        unit: 'ms',
        limit: 50,
        detail: detail(atRate),
      },
      { name: `events: ${name}, 20,000 events/s, p50`, value: atRate.p50, unit: 'ms' },
      {
        name: `events: ${name}, time for 20,000 events as fast as they are taken`,
        value: (eventsPerSecond / rateOf(atMost)) * 1000,
        unit: 'ms',
        limit: 1000,
        detail: `${Math.round(rateOf(atMost)).toLocaleString('en')} events/s; p99 ${atMost.p99.toFixed(1)} ms`,
      },
      {
        name: `events: ${name}, one caller, p50`,
        value: alone.p50,
        unit: 'ms',
        ratio: alone.p50 / plain.p50,
        detail: `beside a synced append of the same bytes to a file, ${plain.p50.toFixed(2)} ms (p99 ${plain.p99.toFixed(1)} ms)`,
      },
    ];
  } finally {
    await server.stop();
  }
}

const rateOf = ({ requests, seconds }: LoadReport) => (requests * eventsPerCall) / seconds;
