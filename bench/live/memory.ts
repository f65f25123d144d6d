// A process of its own that holds live histories: takes a size, answers what that takes, ends.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LiveHistories } from '../../src/data/views/live/live-histories.ts';

export type Size = { readonly users: number; readonly eventsAUser: number };

export type MemoryReport = {
  /** By the histories' own account, and by that of the operating system. */
  readonly bytes: number;
  readonly residentBytes: number;
  /** For an event to be taken in, from text; and for a user's history to be found, as text. */
  readonly microsecondsAnEvent: number;
  readonly microsecondsAHistory: number;
};

const items = 100_000;
const columns = ['$SESSION_ID', '$EVENT_ID', '$RECEIVED_AT', 'USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE'];
const names = [...columns, 'EVENT_VALUE', 'DEVICE'];

/** Fills live histories in a process of its own, whose memory is that of nothing else. */
export async function holdApart(size: Size): Promise<MemoryReport> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--expose-gc'] });
  child.send(size);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with code ${code} and no report.`);
  });
  // the child sends nothing but a MemoryReport
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [MemoryReport];
  ended.catch(() => {});
  return report;
}

const fields = [{ name: 'DEVICE', type: 'string', nullable: true, categorical: true, textual: false }] as const;

/** Users who take turns, each in two sessions with ids of 36 characters. */
function hold({ users, eventsAUser }: Size): MemoryReport {
  const before = resident();
  const histories = new LiveHistories({ schema: { fields }, fields, limit: 500, after: 0 });
  const places = histories.indexesIn(names);
  const began = performance.now();
  for (let n = 0; n < eventsAUser; n++) {
    for (let user = 0; user < users; user++) {
      const session = `5f1c7a00-0000-4000-8${String(2 * user + (2 * n < eventsAUser ? 0 : 1)).padStart(16, '0')}`;
      const values = [
        ...[session, `event-${n}-${user}`, '1800000000000', `user-${user}`, `item-${(user * 31 + n * 977) % items}`],
        ...[String(1_700_000_000 + 60 * n), 'watch', '0.5', n % 3 === 0 ? 'phone' : 'tv'],
      ];
      histories.add(values, places, n + 1);
    }
  }
  const microsecondsAnEvent = ((performance.now() - began) * 1000) / (users * eventsAUser);
  const { bytes } = histories;
  const residentBytes = resident() - before;
  const asked = performance.now();
  const questions = 10_000;
  for (let n = 0; n < questions; n++) {
    const found = histories.find(`user-${(n * 7919) % users}`, { after: 0, events: [] });
    if (found.user?.recent.items.length !== eventsAUser) throw new Error('A history is not what was put in.');
  }
  const microsecondsAHistory = ((performance.now() - asked) * 1000) / questions;
  return { bytes, residentBytes, microsecondsAnEvent, microsecondsAHistory };
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  // the parent sends nothing but a Size
  const [size] = (await once(process, 'message')) as [Size];
  process.send(hold(size));
  process.disconnect();
}
