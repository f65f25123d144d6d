import { fork } from 'node:child_process';
import { once } from 'node:events';

export type MemoryTask = {
  /** Interactions as Parquet. */
  readonly path: string;
  /** For intermediate files and the model. */
  readonly folder: string;
  /** Of the encoder, from scratch: memory does not depend on them. */
  readonly mostSteps: number;
};

/** What a training says that it is doing, for how long, and the most memory until its end. */
export type Stage = { readonly name: string; readonly seconds: number; readonly peakBytes: number };

export type MemoryReport = { readonly stages: readonly Stage[]; readonly peakBytes: number };

/** Trains in a process of its own, whose memory is that of nothing else. */
export async function trainApart(task: MemoryTask): Promise<MemoryReport> {
  const child = fork(new URL('./run.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const gone = once(child, 'exit');
  child.send(task);
  const [report] = await Promise.race([once(child, 'message'), gone.then(([code, signal]) => died(code, signal))]);
  await gone;
  return report;
}

function died(code: number | null, signal: string | null): never {
  throw new Error(`The training ended with ${signal ?? `code ${code}`} before it was done.`);
}
