import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** By which a process ends itself that takes more memory than it may: no system sends it for another reason. */
export const overMemorySignal = 'SIGUSR2';

/**
 * Ends this process as soon as it holds more than `bytes` of memory of any kind: arrays, WebAssembly, DuckDB and ONNX
 * Runtime are outside V8's heap, whose own limit would not see them. A thread of its own looks ten times a second,
 * because the main one may be busy with the very loop that takes the memory.
 */
export function boundMemory(bytes: number): void {
  const watcher = new URL(`./memory-watcher${extname(import.meta.url)}`, import.meta.url);
  new Worker(watcher, { workerData: { bytes, signal: overMemorySignal } }).unref();
}
