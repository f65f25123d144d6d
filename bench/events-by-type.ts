import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { EventsByTypeView } from '../src/data/views/events-by-type/events-by-type-view.ts';
import { median } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Turns } from './turns.ts';

type Size = { readonly rows: number; readonly users: number; readonly items: number };

const full: Size = { rows: 20_000_000, users: 200_000, items: 50_000 };
const small: Size = { rows: 500_000, users: 5_000, items: 2_000 };
const types = 3;
const limit = 100;
const files = 4;
const heavyUser = 'heavy';
const heavyEvents = 50_000;
const searches = 2000;
const added = 20_000;
const newest = 1_700_000_000;
const datasetArn = 'arn:dataset';

/** The newest interactions of each user and event type, as filters read them: what holding them costs. */
export async function benchEventsByType({ quick }: BenchOptions): Promise<BenchResult[]> {
  const size = quick ? small : full;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const paths = await writeInteractions(folder, size);
    const view = new EventsByTypeView({ datasetArn, types: 'any', limit, sessionsSince: 0 });
    const { seconds, processor, longest } = await read(view, paths, folder);
    const { events, lists, ids } = held(view, size.users);
    const name = (what: string) => `events by type: ${what}`;
    const detail = `${size.rows.toLocaleString('en')} interactions of ${size.users.toLocaleString('en')} users, ${types} types, 1 thread`;
    const times = timed(searches, () => view.events.find(heavyUser));
    const others = timed(searches, (n) => view.events.find(`user-${(n * 7919) % size.users}`));
    const mebibytes = view.bytes / 2 ** 20;
    const budget = (ids + 16 * events + 20 * lists) / 2 ** 20;
    const adding = timed(added, (n) =>
      view.events.add({ ...streamed, userId: `user-${(n * 7919) % size.users}`, itemId: `item-${n % size.items}` }),
    );
    return [
      { name: name('read'), value: seconds, unit: 's', detail: `${detail}; ${processor.toFixed(1)} s of processors` },
      { name: name('longest turn of the event loop meanwhile'), value: longest, unit: 'ms', limit: 10 },
      {
        name: name('memory'),
        value: mebibytes,
        unit: 'MiB',
        ratio: mebibytes / budget,
        limit: 1,
        detail: `${events.toLocaleString('en')} held; beside 16 bytes each, 20 a user and type, and ids`,
      },
      { name: name('find a user'), value: 1000 * median(others), unit: 'µs' },
      { name: name(`find a user with ${heavyEvents.toLocaleString('en')}`), value: 1000 * median(times), unit: 'µs' },
      { name: name('take one in from the stream'), value: 1000 * median(adding), unit: 'µs' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const streamed = { sessionId: 's', eventType: 'type-0', time: newest };

/** Users and items at random, in no order; one user has many more than the others. */
async function writeInteractions(folder: string, { rows, users, items }: Size): Promise<string[]> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: join(folder, 'spilled') });
  const each = Math.floor(rows / files);
  const paths = Array.from({ length: files }, (_, n) => join(folder, `${n}.parquet`));
  for (const [n, path] of paths.entries()) {
    const draw = (salt: number, count: number) => `hash(range + ${n * each} + ${salt * 1e12}::BIGINT) % ${count}`;
    await duckDb.run(
      `COPY (SELECT CASE WHEN range % ${Math.floor(rows / heavyEvents)} = 0 THEN '${heavyUser}' ELSE 'user-' || ${draw(1, users)} END AS USER_ID,
         'item-' || ${draw(2, items)} AS ITEM_ID, 'type-' || ${draw(3, types)} AS EVENT_TYPE,
         ${newest}::BIGINT - (${draw(4, 100_000_000)})::BIGINT AS TIMESTAMP FROM range(${each})) TO ${sqlString(path)} (FORMAT parquet)`,
    );
  }
  return paths;
}

async function read(view: EventsByTypeView, paths: readonly string[], folder: string) {
  const of = () => ({ files: paths.map((path) => ({ path, through: null })), watermark: 0 });
  const processor = process.cpuUsage();
  const began = performance.now();
  const turns = new Turns();
  await view.read({ of, temporaryFolder: join(folder, 'spilled') }, new AbortController().signal);
  const { user, system } = process.cpuUsage(processor);
  return { seconds: (performance.now() - began) / 1000, processor: (user + system) / 1e6, longest: turns.end() };
}

/** How many events are held, in how many lists, and how much memory the ids take. */
function held({ events }: EventsByTypeView, users: number) {
  const { items, sessions } = events;
  const counts = { events: 0, lists: 0, ids: items.bytes + sessions.bytes + events.users.bytes };
  for (let n = -1; n < users; n++) {
    for (const list of events.find(n < 0 ? heavyUser : `user-${n}`).values()) {
      counts.events += list.length;
      counts.lists++;
    }
  }
  return counts;
}

function timed(rounds: number, work: (round: number) => void): number[] {
  return Array.from({ length: rounds }, (_, round) => {
    const began = performance.now();
    work(round);
    return performance.now() - began;
  });
}
