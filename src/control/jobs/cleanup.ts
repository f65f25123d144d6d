import { forgetUnreferenced, removableObjects } from '../../data/objects/unreferenced-objects.ts';
import type { ControlParts } from '../parts.ts';
import type { Kind } from '../resources/kind.ts';
import { namedObjects } from '../resources/named-objects.ts';

/** For what could not be removed at once, and for what nodes that died have left. */
const everyMs = 60 * 60_000;

/** How long removing goes on when the server stops. */
const stoppingMs = 5000;

type CleanupParts = Pick<ControlParts, 'database' | 'store' | 'log'> & { readonly kinds: readonly Kind[] };

/**
 * Removes objects of the store that nothing refers to: what deletions and replacements leave, and what work leaves that
 * came to nothing. Only what the database has noted as such is removed, so that files of others are safe whatever the
 * store holds.
 */
export class Cleanup {
  readonly #parts: CleanupParts;
  #timer: NodeJS.Timeout | undefined;
  readonly #now: () => number;
  #stopBy = Number.POSITIVE_INFINITY;
  #wanted = false;
  #working: Promise<void> | undefined;

  constructor(parts: CleanupParts, now = () => performance.now()) {
    this.#parts = parts;
    this.#now = now;
  }

  start(): void {
    this.#stopBy = Number.POSITIVE_INFINITY;
    this.#timer = setInterval(() => this.wake(), everyMs);
    this.wake();
  }

  /** Ends when what can be removed now is removed, or when that takes too long: the next start does the rest. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stopBy = this.#now() + stoppingMs;
    await this.#working;
  }

  /** Looks now: a transaction may have left something to remove. */
  wake(): void {
    if (!this.#timer) return;
    this.#wanted = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      await this.#removeAll().catch((error: unknown) => this.#postpone(error));
    }
  }

  async #removeAll(): Promise<void> {
    const { database, kinds, log } = this.#parts;
    const names = await removableObjects(database);
    if (names.length === 0) return;
    const isInUse = overlapWith(await namedObjects(database, kinds));
    const removed: string[] = [];
    let failure: unknown;
    for (const name of names) {
      if (this.#now() > this.#stopBy) break;
      if (isInUse(name)) {
        // That would be a defect; the data matters more than the space.
        log.error({ object: name }, 'An object that is to be removed is in use: it stays.');
        continue;
      }
      await this.#remove(name).then(
        () => removed.push(name),
        (error: unknown) => {
          failure ??= error;
        },
      );
    }
    await forgetUnreferenced(database, removed);
    if (failure !== undefined) this.#postpone(failure);
  }

  #remove(name: string): Promise<void> {
    const { store } = this.#parts;
    return name.endsWith('/') ? store.removeAll(name) : store.remove(name);
  }

  #postpone(error: unknown): void {
    this.#parts.log.warn({ err: error }, 'Objects that nothing refers to could not be removed; this is tried again.');
  }
}

/** Whether a name is one of these keys and prefixes, above one or below one. */
function overlapWith(named: readonly string[]): (name: string) => boolean {
  const exact = new Set(named);
  const prefixes = named.filter((other) => other.endsWith('/'));
  return (name) =>
    exact.has(name) ||
    prefixes.some((prefix) => name.startsWith(prefix)) ||
    (name.endsWith('/') && named.some((other) => other.startsWith(name)));
}
