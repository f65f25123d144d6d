import { Worker } from 'node:worker_threads';
import type { Command, ScoringAnswer, ScoringResult } from './scoring-messages.ts';

/** A scoring thread ended while it was being asked; its models are gone with it. */
export class ThreadDied extends Error {
  override name = 'ThreadDied';
}

/** So many unanswered commands make a thread busy. */
export const busyBacklog = 8;

type PendingAnswer = {
  readonly resolve: (result: ScoringResult) => void;
  readonly reject: (reason: Error) => void;
};

/**
 * One worker thread that scores. Commands of one turn of the event loop travel as one message; the thread takes them in
 * the order in which they were given.
 */
export class ScoringThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PendingAnswer>();
  #outgoing: Command[] = [];
  #lastTicket = 0;
  #dead: ThreadDied | undefined;

  /** Models that it holds or is opening, and the bytes of those that it holds. */
  models = 0;
  bytes = 0;

  /** @param onDeath is called, before those who wait are answered, when the thread ends by itself. */
  constructor(entry: URL, onDeath: (thread: ScoringThread) => void) {
    this.#worker = new Worker(entry);
    let cause: unknown;
    this.#worker.on('message', (answers: readonly ScoringAnswer[]) => this.#deliver(answers));
    this.#worker.on('error', (error) => {
      cause = error;
    });
    this.#worker.on('messageerror', (error) => {
      cause = error;
      void this.#worker.terminate();
    });
    this.#worker.on('exit', (code) => {
      const detail = cause instanceof Error ? cause.message : `exit code ${code}`;
      this.#dead = new ThreadDied(`A scoring thread ended: ${detail}.`, { cause });
      onDeath(this);
      for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
      this.#waiting.clear();
    });
  }

  /** Commands given and not yet answered. */
  get backlog(): number {
    return this.#waiting.size;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /**
   * Gives a command under the ticket that it is built with. @throws what the thread answered as an error, or
   * ThreadDied.
   */
  send(command: (ticket: number) => Command): Promise<ScoringResult> {
    if (this.#dead) return Promise.reject(this.#dead);
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    if (this.#outgoing.push(command(ticket)) === 1) setImmediate(() => this.#flush());
    return new Promise((resolve, reject) => this.#waiting.set(ticket, { resolve, reject }));
  }

  #flush(): void {
    this.#worker.postMessage(this.#outgoing);
    this.#outgoing = [];
  }

  #deliver(answers: readonly ScoringAnswer[]): void {
    for (const [ticket, result] of answers) {
      const waiting = this.#waiting.get(ticket);
      this.#waiting.delete(ticket);
      if (result instanceof Error) waiting?.reject(result);
      else waiting?.resolve(result);
    }
  }
}
