import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { lockAccount } from '../../data/database/dialect.ts';
import { Gate } from '../control.fixture.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type JobKind, WorkFailed } from './job.ts';
import { insertJob, requestCancel } from './queue.ts';
import { Runner } from './runner.ts';

const folder = await mkdtemp(join(tmpdir(), 'runner-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

const arn = (name: string) => `arn:aws:personalize:us-east-1:000000000000:job/${name}`;
let files = 0;
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: join(folder, `${files++}.sqlite`) }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

describe.each(databases)('on $name', ({ open }) => {
  const opened: OpenDatabase[] = [];
  const runners: Runner[] = [];
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });

  /** A node's clock, which stands still unless the test moves it. */
  const clockAt = (start: number) => {
    const clock = { time: start, now: () => clock.time };
    return clock;
  };

  async function bench() {
    const connection = await open();
    opened.push(connection);
    const { database, dialect } = connection;
    const logged: string[] = [];
    const write = (_fields: object, message: string) => void logged.push(message);
    const log = { info: write, warn: write, error: write };
    const transaction = <T>(account: string, work: (tx: Transaction) => Promise<T>, now: number) =>
      database.transaction().execute(async (trx) => {
        await lockAccount(trx, dialect, account);
        return await work({ db: trx, now });
      });
    return {
      database,
      logged,
      node(name: string, kinds: Readonly<Record<string, JobKind>>, clock = clockAt(0)) {
        const onClock = {
          clock,
          transaction: <T>(account: string, work: (tx: Transaction) => Promise<T>) =>
            transaction(account, work, clock.now()),
        };
        const runner = new Runner({ database, dialect, log, ...onClock }, kinds, name);
        runners.push(runner);
        return runner;
      },
      put: (
        kind: string,
        name: string,
        { line, now = 0, afterMs }: { line?: string; now?: number; afterMs?: number } = {},
      ) =>
        transaction(
          '000000000000',
          (tx) => insertJob(tx, { kind, resourceArn: arn(name), serialKey: line, delayMs: afterMs }),
          now,
        ),
      cancel: (name: string) => transaction('000000000000', (tx) => requestCancel(tx, arn(name)), 0),
      async isEmpty() {
        return (await database.selectFrom('jobs').select('id').execute()).length === 0;
      },
    };
  }

  /** A kind of job that notes what happens to it. */
  function recorded(work: (signal: AbortSignal) => Promise<void> = async () => {}, lane: JobKind['pool'] = 'quick') {
    const happened: string[] = [];
    const kind: JobKind = {
      pool: lane,
      async run(job, { signal }) {
        happened.push(`run ${nameOf(job)}`);
        await work(signal);
        return { commit: async () => void happened.push(`commit ${nameOf(job)}`) };
      },
      fail: async (_tx, job, reason) => void happened.push(`fail ${nameOf(job)}: ${reason}`),
      cancelled: async (_tx, job) => void happened.push(`cancelled ${nameOf(job)}`),
    };
    return { kind, happened };
  }

  const nameOf = ({ resourceArn }: { resourceArn: string }) => resourceArn.split('/')[1];

  it('gives each job to one of two nodes', async () => {
    const { node, put, isEmpty } = await bench();
    const { kind, happened } = recorded();
    for (let index = 0; index < 20; index++) await put('update-dataset', `${index}`);
    for (const name of ['a', 'b']) node(name, { 'update-dataset': kind }).start();
    await expect.poll(isEmpty).toBe(true);
    const expected = Array.from({ length: 20 }, (_, index) => [`run ${index}`, `commit ${index}`]).flat();
    expect([...happened].sort()).toEqual(expected.sort());
  });

  it('takes over from a node that is silent, and lets it change nothing any more', async () => {
    const { node, put, isEmpty } = await bench();
    const gate = new Gate();
    gate.hold();
    const silent = recorded(() => gate.pass());
    const lively = recorded();
    await put('update-dataset', 'a');
    node('silent', { 'update-dataset': silent.kind }, clockAt(0)).start();
    await expect.poll(() => silent.happened).toEqual(['run a']);
    const clock = clockAt(29_000);
    const other = node('lively', { 'update-dataset': lively.kind }, clock);
    other.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lively.happened).toEqual([]);
    clock.time = 31_000;
    other.wake();
    await expect.poll(() => lively.happened).toEqual(['run a', 'commit a']);
    await expect.poll(isEmpty).toBe(true);
    gate.release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(silent.happened).toEqual(['run a']);
  });

  it('tries again what may pass, three times, and then settles the resource', async () => {
    const { node, put, isEmpty, logged } = await bench();
    const broken = recorded(async () => {
      throw new Error('The database blinked.');
    });
    await put('update-dataset', 'a');
    const clock = clockAt(0);
    const runner = node('a', { 'update-dataset': broken.kind }, clock);
    runner.start();
    for (const attempts of [1, 2]) {
      await expect.poll(() => logged.length).toBe(attempts);
      expect(broken.happened).toHaveLength(attempts);
      await expect.poll(async () => !(await isEmpty()) && runner.running().length).toBe(0);
      clock.time += 10_000;
      runner.wake();
    }
    await expect.poll(isEmpty).toBe(true);
    const reason = "The work was given up after 3 attempts; the server's log says why each one ended.";
    expect(broken.happened).toEqual(['run a', 'run a', 'run a', `fail a: ${reason}`]);
  });

  it('holds against a job that its node died, unless the attempt had kept something', async () => {
    const { node, put, isEmpty, database } = await bench();
    const gate = new Gate();
    gate.hold();
    const attempts: number[] = [];
    const kind: JobKind = {
      ...recorded().kind,
      async run(job, { signal }) {
        attempts.push(job.attempt);
        if (attempts.length > 1) await job.advanced();
        await gate.pass(signal);
        return { commit: async () => {} };
      },
    };
    await put('update-dataset', 'a');
    const clock = clockAt(0);
    for (const name of ['a', 'b', 'c']) {
      const before = attempts.length;
      node(name, { 'update-dataset': kind }, clock).start();
      await expect.poll(() => attempts.length).toBe(before + 1);
      const counted = async () => (await database.selectFrom('jobs').select('attempts').executeTakeFirst())?.attempts;
      await expect.poll(counted).toBe(1);
      await database.updateTable('jobs').set({ owner: 'dead', lease_expires_at: -1 }).execute();
    }
    node('d', { 'update-dataset': kind }, clock).start();
    await expect.poll(() => attempts).toEqual([1, 2, 2, 2]);
    gate.release();
    await expect.poll(isEmpty).toBe(true);
  });

  it('fails at once what no repetition mends', async () => {
    const { node, put, isEmpty, logged } = await bench();
    const failing = recorded(async () => {
      throw new WorkFailed('The file is empty.');
    });
    await put('update-dataset', 'a');
    node('a', { 'update-dataset': failing.kind }).start();
    await expect.poll(isEmpty).toBe(true);
    expect(failing.happened).toEqual(['run a', 'fail a: The file is empty.']);
    expect(logged).toEqual([]);
  });

  it('calls off, at its next renewal, what another node was asked to stop', async () => {
    const { node, put, cancel, isEmpty } = await bench();
    const gate = new Gate();
    gate.hold();
    const long = recorded((signal) => gate.pass(signal));
    await put('update-dataset', 'a');
    const clock = clockAt(1_000_000);
    node('a', { 'update-dataset': long.kind }, clock).start();
    await expect.poll(() => long.happened).toEqual(['run a']);
    await cancel('a');
    clock.time += 4000;
    await expect.poll(isEmpty).toBe(true);
    expect(long.happened).toEqual(['run a', 'cancelled a']);
  });

  it.each([true, false])('ends what was called off while it failed, settled by a handler: %s', async (hasHandler) => {
    const { node, put, cancel, isEmpty } = await bench();
    const gate = new Gate();
    gate.hold();
    const { kind, happened } = recorded((signal) => gate.pass(signal));
    const { cancelled, ...withoutHandler } = kind;
    await put('update-dataset', 'a');
    node('a', { 'update-dataset': hasHandler ? kind : withoutHandler }).start();
    await expect.poll(() => happened).toEqual(['run a']);
    await cancel('a');
    gate.release(new Error('What it works for is gone.'));
    await expect.poll(isEmpty).toBe(true);
    expect(happened).toEqual(hasHandler ? ['run a', 'cancelled a'] : ['run a']);
  });

  it('trains one at a time, and works through a line in order', async () => {
    const { node, put, isEmpty } = await bench();
    const gate = new Gate();
    gate.hold();
    const training = recorded(() => gate.pass(), 'training');
    const inLine = recorded(() => gate.pass());
    for (const name of ['a', 'b']) await put('train-solution-version', name);
    for (const name of ['c', 'd']) await put('update-dataset', name, { line: 'one dataset' });
    for (const name of ['e', 'f']) await put('update-dataset', name);
    node('a', { 'train-solution-version': training.kind, 'update-dataset': inLine.kind }).start();
    await expect.poll(() => [...training.happened, ...inLine.happened]).toEqual(['run a', 'run c', 'run e', 'run f']);
    gate.release();
    await expect.poll(isEmpty).toBe(true);
    expect(training.happened).toEqual(['run a', 'commit a', 'run b', 'commit b']);
    expect(inLine.happened.indexOf('run d')).toBeGreaterThan(inLine.happened.indexOf('commit c'));
  });

  const dayMs = 86_400_000;
  /** Time in which a runner may look at the queue, and nothing should come of it. */
  const awhile = () => new Promise((resolve) => setTimeout(resolve, 50));

  it('runs what was put on the queue while the clock was a day ahead, and appointments in their time', async () => {
    const { node, put, isEmpty } = await bench();
    const { kind, happened } = recorded();
    await put('update-dataset', 'at once', { now: dayMs });
    await put('update-dataset', 'in a week', { now: dayMs, afterMs: 7 * dayMs });
    await put('update-dataset', 'tomorrow', { now: 0, afterMs: dayMs });
    const clock = clockAt(0);
    const runner = node('a', { 'update-dataset': kind }, clock);
    runner.start();
    await expect.poll(() => happened).toEqual(['run at once', 'commit at once']);
    const waits = async (ms: number) => {
      clock.time = ms;
      runner.wake();
      await awhile();
      return happened.length;
    };
    expect(await waits(dayMs - 1000)).toBe(2);
    await waits(dayMs);
    await expect.poll(() => happened.slice(2)).toEqual(['run tomorrow', 'commit tomorrow']);
    expect(await waits(7 * dayMs - 1000)).toBe(4);
    await waits(7 * dayMs);
    await expect.poll(isEmpty).toBe(true);
    expect(happened.slice(4)).toEqual(['run in a week', 'commit in a week']);
  });

  it('tries again, or takes up after a stop, what began while the clock was a day ahead', async () => {
    const { node, put, isEmpty, logged } = await bench();
    let fails = true;
    const failing = recorded(async () => {
      if (fails) throw new Error('The database blinked.');
    });
    const gate = new Gate();
    gate.hold();
    const long = recorded((signal) => gate.pass(signal));
    await put('update-dataset', 'a');
    await put('import-dataset', 'b', { now: dayMs - 3_600_000 });
    const clock = clockAt(dayMs);
    const kinds = { 'update-dataset': failing.kind, 'import-dataset': long.kind };
    const first = node('a', kinds, clock);
    first.start();
    await expect.poll(() => [logged.length, long.happened.length]).toEqual([1, 1]);
    await first.stop();
    clock.time = 0;
    fails = false;
    gate.release();
    const second = node('b', kinds, clock);
    second.start();
    await expect.poll(isEmpty).toBe(true);
    expect(failing.happened).toEqual(['run a', 'run a', 'commit a']);
    expect(long.happened).toEqual(['run b', 'run b', 'commit b']);
  });

  it('takes over from a node that died while its clock was a day ahead', async () => {
    const { node, put, isEmpty, database } = await bench();
    const lively = recorded();
    await put('update-dataset', 'a');
    await database
      .updateTable('jobs')
      .set({ owner: 'dead', lease_expires_at: dayMs + 30_000, attempts: 1 })
      .execute();
    const clock = clockAt(0);
    const other = node('lively', { 'update-dataset': lively.kind }, clock);
    other.start();
    await awhile();
    clock.time = 29_000;
    other.wake();
    await awhile();
    expect(lively.happened).toEqual([]);
    clock.time = 31_000;
    other.wake();
    await expect.poll(isEmpty).toBe(true);
    expect(lively.happened).toEqual(['run a', 'commit a']);
  });

  it.each([
    ['put back by a day', -dayMs],
    ['put ahead by a day', dayMs],
  ])('keeps what it works on when its clock is %s', async (_, leap) => {
    const { node, put, isEmpty, database } = await bench();
    const gate = new Gate();
    gate.hold();
    const long = recorded(() => gate.pass());
    await put('update-dataset', 'a');
    const clock = clockAt(2 * dayMs);
    const runner = node('a', { 'update-dataset': long.kind }, clock);
    runner.start();
    await expect.poll(() => long.happened).toEqual(['run a']);
    const lease = async () => {
      const job = await database.selectFrom('jobs').select('lease_expires_at').executeTakeFirst();
      return (job?.lease_expires_at ?? 0) - clock.time;
    };
    for (const ms of [4000, leap]) {
      clock.time += ms;
      runner.wake();
      await expect.poll(lease).toBe(30_000);
    }
    expect(long.happened).toEqual(['run a']);
    gate.release();
    await expect.poll(isEmpty).toBe(true);
    expect(long.happened).toEqual(['run a', 'commit a']);
  });
});
