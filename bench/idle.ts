import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processTree } from '../test/support/resident-memory.ts';
import type { BenchResult } from './result.ts';
import { serverProgram, startServerProcess } from './serving/server-process.ts';

const mebibyte = 2 ** 20;
/** For a server of one process, all of its program included. */
const budgetMebibytes = 150;

/** What a server holds in memory that has no data yet, with all processes that it has started. */
export async function benchIdle(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'idle-'));
  try {
    const server = await startServerProcess(['--home', home]);
    const { pids, residentBytes } = await processTree(server.pid);
    await server.stop();
    const detail = `${pids.length} process of ${serverProgram.endsWith('.js') ? 'the built program' : 'the sources'}; listening after ${server.listeningAfterMs.toFixed(0)} ms`;
    const value = residentBytes / mebibyte;
    return [{ name: 'idle: resident memory', value, unit: 'MiB', limit: budgetMebibytes, detail }];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
