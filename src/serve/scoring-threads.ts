import type { LoadedModel } from './loaded-model.ts';
import { busyBacklog, ScoringThread } from './scoring-thread.ts';

/**
 * Up to `count` scoring threads. One is started when there is a model for it and ended when it holds none any more,
 * which alone gives its memory back for certain.
 */
export class ScoringThreads {
  readonly #count: number;
  readonly #entry: URL;
  readonly #onDeath: (thread: ScoringThread) => void;
  readonly #running = new Set<ScoringThread>();

  constructor(count: number, entry: URL, onDeath: (thread: ScoringThread) => void) {
    this.#count = count;
    this.#entry = entry;
    this.#onDeath = onDeath;
  }

  /** Whether some thread that does not hold the model could take a part of its queries. */
  hasTimeFor(model: LoadedModel): boolean {
    if (this.#running.size < this.#count) return true;
    const holders = new Set(model.copies.map((copy) => copy.thread));
    return [...this.#running].some((thread) => !holders.has(thread) && thread.backlog < busyBacklog);
  }

  /**
   * The thread for a further model, none of `except`: a new one while there may be more, else the least busy, then the
   * emptiest.
   */
  choose(except: readonly ScoringThread[] = []): ScoringThread | undefined {
    if (this.#running.size < this.#count) return this.#start();
    return [...this.#running]
      .filter((thread) => !except.includes(thread))
      .sort((a, b) => a.backlog - b.backlog || a.bytes - b.bytes)[0];
  }

  /** Ends a thread that holds nothing. */
  async endIfEmpty(thread: ScoringThread): Promise<void> {
    if (thread.models === 0 && this.#running.delete(thread)) await thread.end();
  }

  async endAll(): Promise<void> {
    const threads = [...this.#running];
    this.#running.clear();
    await Promise.all(threads.map((thread) => thread.end()));
  }

  #start(): ScoringThread {
    const started = new ScoringThread(this.#entry, (thread) => {
      this.#running.delete(thread);
      this.#onDeath(thread);
    });
    this.#running.add(started);
    return started;
  }
}
