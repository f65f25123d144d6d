import type { ChildProcess } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { Duplex } from 'node:stream';
import type { Logger } from '../util/logger.ts';

/** The file descriptor of the stream between the processes, in those that are started. */
export const channelDescriptor = 4;

/** One that has lived so long is not counted among those that die at once. */
const soundAfterMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** After so many deaths in a row the server gives up. */
const mostDeaths = 10;

export type ApiProcess = {
  readonly number: number;
  /** To the process. */
  readonly stream: Duplex;
  kill(): void;
};

type ApiProcessesParts = {
  /** The program of such a process. */
  readonly entry: string;
  readonly count: number;
  /** One has been started, the first time or again. */
  onStart(process: ApiProcess): void;
  /** They die as often as they are started. */
  onGivenUp(): void;
  readonly log: Pick<Logger, 'error'>;
};

/**
 * Starts processes that share one port, and starts them again when they die: at once, then after longer and longer
 * pauses. This process accepts connections and hands them out in turn (node:cluster): few that live long are spread
 * evenly so, which the kernel does not do. While a process is started again, the others take its connections.
 */
export class ApiProcesses {
  readonly #parts: ApiProcessesParts;
  readonly #running = new Map<number, Worker>();
  readonly #exits = new Set<Promise<void>>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #deaths = 0;
  #isClosing = false;

  constructor(parts: ApiProcessesParts) {
    this.#parts = parts;
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: parts.entry,
      args: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
      serialization: 'advanced',
    });
  }

  start(): void {
    for (let number = 1; number <= this.#parts.count; number++) this.#start(number);
  }

  /** Starts no more, and resolves when all are gone. Those that are not when `graceMs` has passed are killed. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const timer = setTimeout(() => this.#killAll(), graceMs);
    await Promise.all(this.#exits);
    clearTimeout(timer);
  }

  #start(number: number): void {
    const worker = cluster.fork();
    const untaken = connectionInPassing(worker.process);
    const began = performance.now();
    this.#running.set(number, worker);
    const exited = new Promise<void>((resolve) => {
      worker.on('exit', (code, signal) => {
        untaken.close();
        this.#running.delete(number);
        this.#exits.delete(exited);
        if (!this.#isClosing) this.#replace(number, performance.now() - began, { code, signal });
        resolve();
      });
    });
    this.#exits.add(exited);
    worker.on('error', (error) =>
      this.#parts.log.error({ process: number, err: error }, 'An API process is out of reach.'),
    );
    const stream = worker.process.stdio[channelDescriptor];
    if (!(stream instanceof Duplex)) throw new Error('A process was started without a stream to it.');
    this.#parts.onStart({ number, stream, kill: () => worker.process.kill('SIGKILL') });
  }

  #replace(number: number, livedMs: number, exit: { readonly code: number | null; readonly signal: string | null }) {
    this.#deaths = livedMs >= soundAfterMs ? 1 : this.#deaths + 1;
    this.#parts.log.error({ process: number, ...exit }, 'An API process has ended; another one takes its place.');
    if (this.#deaths > mostDeaths) return this.#parts.onGivenUp();
    const pauseMs = this.#deaths === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#deaths - 2));
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.#start(number);
    }, pauseMs);
    this.#pauses.add(pause);
  }

  #killAll(): void {
    for (const worker of this.#running.values()) worker.process.kill('SIGKILL');
  }
}

/**
 * The connection that was last handed to a process. node:cluster hands one at a time, and when a process dies before it
 * takes one, keeps that open: its client would wait for ever.
 */
function connectionInPassing(process: ChildProcess): { close(): void } {
  const send = process.send.bind(process);
  let last: unknown;
  process.send = (...sent: unknown[]) => {
    if (sent[1]) last = sent[1];
    return Reflect.apply(send, process, sent);
  };
  // To close one that has been taken does nothing.
  return { close: () => isClosable(last) && last.close() };
}

function isClosable(value: unknown): value is { close(): void } {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
