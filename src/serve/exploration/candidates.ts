import { type Posterior, retire, setPosterior } from './posterior.ts';

/** An item that may be explored. */
export type Candidate = {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /**
   * The time is not stated. An item that the training has seen interactions with is then no candidate, as it is older.
   */
  readonly isInferred?: boolean | undefined;
  /** Its metadata as text by column, where the model may not know the item. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
};

/** Interactions with a candidate, as the `Posterior` takes them. */
export type Feedback = { readonly successes: number; readonly expected: number };

const none: Feedback = { successes: 0, expected: 0 };

/** Explored items of a deployment at most: the newest ones. */
export const mostCandidates = 10_000;

/**
 * The items that a deployment explores, and their posterior. It is in shared memory, so that scoring threads see
 * feedback at once. An index is never given twice.
 */
export class Candidates {
  readonly posterior: Posterior = { means: sharedFloats(), deviations: sharedFloats() };
  readonly #items: Candidate[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #successes = new Float32Array(mostCandidates);
  readonly #expected = new Float32Array(mostCandidates);
  #gone = 0;
  #textBytes = 0;

  /** All that were ever added, in their order. */
  get items(): readonly Candidate[] {
    return this.#items;
  }

  /** How many are still explored. */
  get count(): number {
    return this.#items.length - this.#gone;
  }

  /** How many have gone since. */
  get gone(): number {
    return this.#gone;
  }

  /** Memory that it holds, with what items are described by, in bytes. */
  get bytes(): number {
    return 4 * (4 * mostCandidates) + this.#textBytes;
  }

  /** An item as it was last added; undefined for one that is not there or has gone. */
  find(id: string): Candidate | undefined {
    return this.#items[this.#indexes.get(id) ?? -1];
  }

  /**
   * Adds an item, or replaces its metadata where it is there already: its feedback stays.
   *
   * @returns whether there was room for it
   */
  add(candidate: Candidate, { successes, expected }: Feedback = this.feedbackOf(candidate.id) ?? none): boolean {
    const index = this.#items.length;
    if (index === mostCandidates) return false;
    this.#remove(candidate.id);
    this.#items.push(candidate);
    this.#textBytes += textBytesOf(candidate);
    this.#indexes.set(candidate.id, index);
    this.#successes[index] = successes;
    this.#expected[index] = expected;
    setPosterior(this.posterior, index, successes, expected);
    return true;
  }

  /**
   * Counts an interaction. A user who sees a list is expected to choose each of its items alike. An interaction with an
   * item that is not known to have been shown is as expected: it makes the item less unknown, and no better.
   *
   * @param impression ids of the items that were shown; empty where that is not known
   */
  interaction(itemId: string, impression: readonly string[]): void {
    const share = 1 / impression.length;
    let wasShown = false;
    for (const id of impression) {
      wasShown ||= id === itemId;
      const index = this.#indexes.get(id);
      if (index !== undefined) this.#count(index, 0, share);
    }
    const chosen = this.#indexes.get(itemId);
    if (chosen !== undefined) this.#count(chosen, 1, wasShown ? 0 : 1);
  }

  feedbackOf(id: string): Feedback | undefined {
    const index = this.#indexes.get(id);
    if (index === undefined) return undefined;
    return { successes: this.#successes[index], expected: this.#expected[index] };
  }

  /** Items that came before a moment (in seconds since the epoch) are no longer explored. */
  retireBefore(moment: number): void {
    for (const [id, index] of this.#indexes) {
      if ((this.#items[index]?.createdAt ?? 0) < moment) this.#remove(id);
    }
  }

  #remove(id: string): void {
    const index = this.#indexes.get(id);
    if (index === undefined) return;
    this.#indexes.delete(id);
    this.#gone++;
    retire(this.posterior, index);
  }

  #count(index: number, successes: number, expected: number): void {
    this.#successes[index] += successes;
    this.#expected[index] += expected;
    setPosterior(this.posterior, index, this.#successes[index], this.#expected[index]);
  }
}

/** Ids and metadata have two bytes a UTF-16 unit at most. */
function textBytesOf({ id, metadata }: Candidate): number {
  let units = id.length;
  for (const [name, value] of metadata ?? []) units += name.length + value.length;
  return 2 * units;
}

const sharedFloats = () => new Float32Array(new SharedArrayBuffer(4 * mostCandidates));
