import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Csr } from '../../src/learn/kernels/csr.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const python = join(root, '.venv/bench/bin/python');

export type PeerRequest = {
  readonly model: 'als' | 'co-occurrence';
  readonly threads: number;
  /** Factors, or neighbours of an item. */
  readonly size: number;
  readonly iterations: number;
};

/** Wall seconds of each iteration (one, for co-occurrence), and the mean CPU seconds of an iteration. */
export type PeerTimes = { readonly seconds: readonly number[]; readonly cpuSeconds: number };

/** Runs a model of the Python library `implicit` on `matrix` in its own process; installs it first if need be. */
export async function runImplicit(matrix: Csr, { model, threads, size, iterations }: PeerRequest): Promise<PeerTimes> {
  await installPeer();
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    await writeFile(join(folder, 'shape.json'), JSON.stringify({ rows: matrix.rows, columns: matrix.columns }));
    await writeFile(join(folder, 'offsets.u32'), matrix.offsets);
    await writeFile(join(folder, 'indices.u32'), matrix.indices);
    const numbers = [threads, size, iterations].map(String);
    // implicit does its own threading; it asks for single-threaded BLAS itself.
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: String(threads) };
    const { stdout } = await run(python, [join(root, 'bench/implicit/peer.py'), folder, model, ...numbers], { env });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function installPeer(): Promise<void> {
  if (!existsSync(python)) await run('python3', ['-m', 'venv', join(root, '.venv/bench')]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(root, 'bench/requirements.txt')]);
}
