import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TrailSink } from '../audit-trail.ts';
import { errorOf, type TrailPlan, type TrailReply, type TrailRequest, type TrailTask } from './messages.ts';

export type TrailThreadOptions = {
  /** Asked when the thread starts. */
  readonly plan: () => TrailPlan;
  /** Records could not be written, delivered or removed, and wait, or were lost. */
  readonly onError: (task: TrailTask, error: unknown, lostRecords: number) => void;
};

/** `worker.ts` as it stands in the repository, `worker.js` where it is built. */
const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);

/** Has a thread write the trail. It starts with the first record if not before, and again if it dies. */
export class TrailThread implements TrailSink {
  readonly #options: TrailThreadOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<ArrayBuffer>>();
  #worker: Worker | undefined;
  #closed: PromiseWithResolvers<void> | undefined;
  #lastTicket = 0;

  constructor(options: TrailThreadOptions) {
    this.#options = options;
  }

  /** Starts the thread, which has more to do than to write. */
  start(): void {
    this.#worker ??= this.#start();
  }

  async append(records: Uint8Array<ArrayBuffer>, isSynced: boolean): Promise<ArrayBuffer> {
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    const settle = Promise.withResolvers<ArrayBuffer>();
    this.#waiting.set(ticket, settle);
    this.#send({ kind: 'append', ticket, records, isSynced }, [records.buffer]);
    return await settle.promise;
  }

  async close(): Promise<void> {
    if (!this.#worker) return;
    this.#closed = Promise.withResolvers();
    this.#worker.ref();
    this.#send({ kind: 'close' });
    await this.#closed.promise;
  }

  #send(request: TrailRequest, transferred: ArrayBuffer[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request, transferred);
  }

  #start(): Worker {
    const worker = new Worker(entry, { workerData: this.#options.plan() });
    // It keeps the process up only while it closes.
    worker.unref();
    let cause: unknown;
    worker.on('message', (reply: TrailReply) => this.#take(reply));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      this.#worker = undefined;
      if (this.#closed) return this.#closed.resolve();
      this.#fail(new Error('The thread of the audit trail has ended.', { cause: cause ?? `exit code ${code}` }));
    });
    return worker;
  }

  #take(reply: TrailReply): void {
    if (reply.kind === 'closed') this.#closed?.resolve();
    else if (reply.kind === 'problem') this.#options.onError(reply.task, errorOf(reply.failure), reply.lostRecords);
    else this.#settle(reply);
  }

  #settle({ ticket, result }: Extract<TrailReply, { kind: 'appended' }>): void {
    const settle = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    if (result instanceof ArrayBuffer) settle?.resolve(result);
    else settle?.reject(errorOf(result));
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
    this.#options.onError('write', error, 0);
  }
}
