import { workerData } from 'node:worker_threads';

/** The thread that `boundMemory` starts. */
const lookEveryMs = 100;
const { bytes, signal }: { bytes: number; signal: NodeJS.Signals } = workerData;

setInterval(() => {
  if (process.memoryUsage.rss() > bytes) process.kill(process.pid, signal);
}, lookEveryMs);
