import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A power cut takes what the system has not been asked to write to the disk. strace shows what the server asks for, and
// when.
const root = join(import.meta.dirname, '../..');
const program = await promisify(execFile)('strace', ['--version']).then(
  () => 'strace',
  () => undefined,
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-power-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** System calls in order: what was synced, and what got a new name. */
type Call = { readonly kind: 'sync'; readonly path: string } | { readonly kind: 'rename'; from: string; to: string };

async function tracedCalls(trace: string): Promise<Call[]> {
  const calls: Call[] = [];
  for (const line of (await readFile(trace, 'utf8')).split('\n')) {
    const synced = /\bf(?:data)?sync\(\d+<([^>]+)>/.exec(line)?.[1];
    if (synced !== undefined) calls.push({ kind: 'sync', path: synced });
    const [, from, to] = /\brename(?:at2?)?\([^"]*"([^"]+)", [^"]*"([^"]+)"/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) calls.push({ kind: 'rename', from, to });
  }
  return calls;
}

async function startTraced(context: TestContext, home: string) {
  if (program === undefined || process.platform !== 'linux') return context.skip('strace is missing');
  const trace = join(folder, 'trace');
  // -D: the server is the child, and gets its signals.
  const watched = [
    '-D',
    '-f',
    '-y',
    '--seccomp-bpf',
    '-e',
    'trace=fsync,fdatasync,rename,renameat,renameat2',
    '-o',
    trace,
  ];
  const server = [process.execPath, join(root, 'src/main.ts'), 'start', '--port', '0', '--home', home];
  const child = spawn(program, [...watched, ...server], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, url: await listeningAt(child), calls: () => tracedCalls(trace) };
}

async function listeningAt(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const text of child.stdout ?? []) {
    output += text;
    const [, url] = /listening on (http:\S+)/.exec(output) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended before it listened: ${output}`);
}

test('what is acknowledged has been synced to the disk: calls, events, files of imports, models', async (context) => {
  const home = join(folder, 'home');
  const { child, url, calls } = await startTraced(context, home);
  try {
    const syncsOfDatabase = async () =>
      (await calls()).filter((call) => call.kind === 'sync' && call.path.endsWith('openpersonalize.db-wal')).length;
    /** Each call alone, so that none is synced with another. */
    const synced = async <T>(call: () => Promise<T>): Promise<T> => {
      const before = await syncsOfDatabase();
      const answer = await call();
      expect(await syncsOfDatabase()).toBeGreaterThan(before);
      return answer;
    };
    const { personalize } = clients(url);
    const create = steps({ personalize });
    const datasetGroupArn = await create.datasetGroup('films');
    const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
    const tracker = await synced(() => personalize.createEventTracker({ name: 'web', datasetGroupArn }));
    const { eventTrackerArn, trackingId } = tracker;
    await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
    for (let n = 0; n < 5; n++) {
      const event = { eventType: 'watch', itemId: `a${n}`, sentAt: new Date() };
      await synced(() => eventsClient(url).putEvents({ trackingId, sessionId: 's', userId: 'u', eventList: [event] }));
    }

    const location = await putObject(join(home, 'buckets'), 'films', 'watches.csv', twoTastes());
    expect(await create.importJob(await create.startImport(datasetArn, 'one', location))).toMatchObject({
      status: 'ACTIVE',
    });
    const solutionArn = await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count');
    expect(await create.version(await create.startVersion(solutionArn))).toMatchObject({ status: 'ACTIVE' });
    expectDurable(await calls(), join(home, 'store'));
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
});

/** Each file is synced before it gets its name in the store, and the folder with the name after it. */
function expectDurable(calls: readonly Call[], store: string): void {
  const named = calls.flatMap((call, index) =>
    call.kind === 'rename' && call.to.startsWith(store) ? [{ ...call, index }] : [],
  );
  const isSynced = (path: string, from: number, to?: number) =>
    calls.slice(from, to).some((call) => call.kind === 'sync' && call.path === path);
  for (const { from, to, index } of named) {
    expect(isSynced(from, 0, index), `${from} is synced before its name is ${to}`).toBe(true);
    expect(isSynced(dirname(to), index), `the name ${to} is synced`).toBe(true);
  }
  for (const kind of ['datasets', 'models']) {
    expect(
      named.some(({ to }) => to.startsWith(join(store, kind))),
      kind,
    ).toBe(true);
  }
}
