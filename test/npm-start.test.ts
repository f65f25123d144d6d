import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { announcement } from './support/announcement.ts';
import { isAlive } from './support/server.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

/** Ids of the processes that one has started, and of those that they have. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const parents = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line): [number, number] => pairOf(line)),
  );
  const below = (ancestor: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === ancestor ? [child, ...below(child)] : []));
  return below(pid);
}

function pairOf(line: string): [number, number] {
  const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
  return [pid, parent];
}

// A run of `npm test` has built what this starts; it is built here where it is not.
it.each(['SIGTERM', 'SIGINT'] as const)('npm start passes on %s, and ends after the server', async (signal) => {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-npm-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true, force: true }));
  const npm = spawn('npm', ['start', '--', '--port', '0', '--home', home], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp.defer(() => void npm.kill('SIGKILL'));
  const gone = once(npm, 'exit');
  await announcement(npm.stdout, /OpenPersonalize is listening/);
  const started = await descendants(npm.pid ?? 0);
  expect(started.length).toBeGreaterThanOrEqual(2);
  npm.kill(signal);
  const [code] = await gone;
  expect(started.filter(isAlive)).toEqual([]);
  expect(code).toBe(0);
});
