import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Csr } from '../../src/learn/kernels/csr.ts';
import { peerProgram, pythonOf } from './python.ts';

const run = promisify(execFile);

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
  const python = await pythonOf('implicit');
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    await writeFile(join(folder, 'shape.json'), JSON.stringify({ rows: matrix.rows, columns: matrix.columns }));
    await writeFile(join(folder, 'offsets.u32'), matrix.offsets);
    await writeFile(join(folder, 'indices.u32'), matrix.indices);
    const numbers = [threads, size, iterations].map(String);
    // implicit does its own threading; it asks for single-threaded BLAS itself.
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: String(threads) };
    const { stdout } = await run(python, [peerProgram('run_implicit.py'), folder, model, ...numbers], { env });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
