import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcement } from './support/announcement.ts';
import { processTree } from './support/resident-memory.ts';

const root = join(import.meta.dirname, '..');
const mebibyte = 2 ** 20;
const listening = /OpenPersonalize is listening on http\S+/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-lean-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// A run of `npm test` has built what this starts.
describe.skipIf(process.platform !== 'linux')('a server that is started for real', () => {
  /** npm's own variables are of the run of the tests. */
  const environment = { ...process.env, npm_lifecycle_event: undefined };

  async function started(program: string, home: string): Promise<ChildProcess & { pid: number }> {
    const server = spawn(process.execPath, [program, 'start', '--port', '0', '--home', join(folder, home)], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await announcement(server.stdout, listening);
    const { pid = 0 } = server;
    return Object.assign(server, { pid });
  }

  it('is one process of at most 150 MiB, and loads no engine before there is data', async () => {
    const server = await started(join(root, 'dist/main.js'), 'real');
    const { pids, residentBytes, mappedFiles } = await processTree(server.pid);
    server.kill('SIGTERM');
    await once(server, 'exit');
    expect(pids).toEqual([server.pid]);
    expect(residentBytes / mebibyte).toBeLessThanOrEqual(150);
    const libraries = [...mappedFiles].map((path) => basename(path)).filter((name) => /duckdb|onnx/.test(name));
    expect(libraries).toEqual([]);
  });

  it('is the very process of the installed program, and ends as it is told', async () => {
    const server = await started(join(root, 'scripts/openpersonalize.mjs'), 'installed');
    expect((await processTree(server.pid)).pids).toEqual([server.pid]);
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
    const killed = await started(join(root, 'scripts/openpersonalize.mjs'), 'installed');
    killed.kill('SIGKILL');
    expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL']);
  });
});
