import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { ControlParts } from '../parts.ts';

type Cached<Entry> = {
  readonly entry: Promise<Entry | undefined>;
  readAt: number;
  refreshing?: Promise<Entry | undefined> | undefined;
};

/** How old an answer may be before it is read again, in the background. */
const freshForMs = 1000;
/** How old it may be for a request to go ahead with it while it is read again. */
const goodForMs = 2000;
/** How long a request waits for a database that does not answer, before it goes ahead with what was last known. */
const patienceMs = 1000;

/** Entries that are kept. */
const maxEntries = 10_000;

export type CacheSource<Entry> = {
  /** Looks an entry up in the database; undefined if there is none. */
  read(key: string): Promise<Entry | undefined>;
  /**
   * Whether an entry can be used. Only those stay: requests for made-up names fill no memory, failures are not
   * remembered, and what another node makes ready shows at once.
   */
  isReady(entry: Entry): boolean;
};

export type CacheParts = Pick<ControlParts, 'clock' | 'log'> & {
  /** Has the other processes of the server forget an entry. */
  readonly forgetElsewhere?: (key: string) => Promise<unknown>;
};

/**
 * Resources in memory, so that requests wait for the database at a resource's first use and after a pause only. A
 * change made on this server shows at once (`forget`), one made by another node within `goodForMs`.
 *
 * Entries are read again here and not by lru-cache's `fetchMethod`, which has no limit to how stale an answer may be,
 * takes everything as fresh after the clock was put back, and keeps what is not ready.
 */
export class ResourceCache<Entry> {
  readonly #parts: CacheParts;
  readonly #source: CacheSource<Entry>;
  readonly #cached = new LRUCache<string, Cached<Entry>>({ max: maxEntries });

  constructor(parts: CacheParts, source: CacheSource<Entry>) {
    this.#parts = parts;
    this.#source = source;
  }

  /** The entry of a key, which is mostly an ARN; undefined if there is none. */
  async find(key: string): Promise<Entry | undefined> {
    const cached = this.#cached.get(key);
    if (!cached) return await this.#load(key);
    const found = await this.#kept(key, cached);
    if (this.#isReady(found)) return found;
    // That reading may have begun before this request, and what it did not find may have been created since.
    return await (this.#cached.get(key)?.entry ?? this.#load(key));
  }

  /** What is kept, or what is there now if that is too old. A clock that was put back makes everything too old. */
  #kept(key: string, cached: Cached<Entry>): Promise<Entry | undefined> {
    const age = Math.abs(this.#parts.clock.now() - cached.readAt);
    if (age <= freshForMs) return cached.entry;
    const refreshed = this.#refresh(key, cached);
    if (age <= goodForMs) return cached.entry;
    return Promise.race([refreshed, sleep(patienceMs, cached.entry, { ref: false })]);
  }

  #isReady(entry: Entry | undefined): boolean {
    return entry !== undefined && this.#source.isReady(entry);
  }

  /** Has the next request read the entry again, on all processes of this server. */
  async forget(key: string): Promise<void> {
    this.forgetHere(key);
    await this.#parts.forgetElsewhere?.(key);
  }

  forgetHere(key: string): void {
    this.#cached.delete(key);
  }

  #load(key: string): Promise<Entry | undefined> {
    const entry = this.#source.read(key);
    const cached = { entry, readAt: this.#parts.clock.now() };
    this.#cached.set(key, cached);
    entry.then(
      (found) => !this.#isReady(found) && this.#drop(key, cached),
      () => this.#drop(key, cached),
    );
    return entry;
  }

  /** Reads the entry again, once for all who ask meanwhile. What was last known stands in for a failure. */
  #refresh(key: string, cached: Cached<Entry>): Promise<Entry | undefined> {
    cached.refreshing ??= this.#source.read(key).then(
      (found) => {
        if (!this.#isReady(found)) this.#drop(key, cached);
        else if (this.#cached.get(key) === cached) {
          this.#cached.set(key, { entry: Promise.resolve(found), readAt: this.#parts.clock.now() });
        }
        return found;
      },
      (error: unknown) => {
        cached.refreshing = undefined;
        cached.readAt = this.#parts.clock.now();
        this.#parts.log.warn({ err: error, resource: key }, 'A resource is used as last known.');
        return cached.entry;
      },
    );
    return cached.refreshing;
  }

  #drop(key: string, cached: Cached<Entry>): void {
    if (this.#cached.get(key) === cached) this.#cached.delete(key);
  }
}
