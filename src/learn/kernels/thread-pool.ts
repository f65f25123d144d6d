import { parentPort, Worker, workerData } from 'node:worker_threads';

/** Threads that do the same task side by side; what they share, they were given at the start. */
export class ThreadPool<Shared, Task> {
  readonly #workers: Worker[];

  /** `entry` is a file that calls `runTasks`; `shared` is cloned to each thread, its shared buffers stay shared. */
  constructor(entry: URL, threads: number, shared: Shared) {
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(entry, { workerData: { thread, shared } });
      // run() rejects with it; without a listener it would end the process between two runs.
      worker.on('error', () => {});
      return worker;
    });
  }

  /** Gives `task` to every thread and waits for all; rejects with the error of a thread that failed. */
  async run(task: Task): Promise<void> {
    await Promise.all(this.#workers.map((worker) => runOn(worker, task)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function runOn<Task>(worker: Worker, task: Task): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ended = (code: number) => reject(new Error(`A thread ended with code ${code} in the middle of its work.`));
  worker.once('message', resolve).once('error', reject).once('exit', ended);
  worker.postMessage(task);
  return promise.finally(() => worker.off('message', resolve).off('error', reject).off('exit', ended));
}

/** The body of an entry file: `start` makes a thread's task runner out of what the pool shares. */
export function runTasks<Shared, Task>(start: (shared: Shared, thread: number) => (task: Task) => void): void {
  const { shared, thread }: { shared: Shared; thread: number } = workerData;
  const run = start(shared, thread);
  parentPort?.on('message', (task: Task) => {
    run(task);
    parentPort?.postMessage('done');
  });
}

/** The URL of an entry file beside the module `base`: a .ts file run from the sources, a .js file after the build. */
export function entryBeside(base: string, name: string): URL {
  return new URL(`${name}${base.slice(base.lastIndexOf('.'))}`, base);
}
