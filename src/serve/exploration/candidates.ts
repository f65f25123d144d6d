import { type Posterior, retire, setPosterior } from './posterior.ts';

/** An item that may be explored. */
export type Candidate = {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Nothing was said of when: then an item that the training has seen interactions with is no candidate, for it is older. */
  readonly isInferred?: boolean | undefined;
  /** What is said of it, as text by column, where the model may not know the item. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
};

/** What has been heard of a candidate (see `Appeals`). */
export type Feedback = { readonly successes: number; readonly expected: number };

const unheard: Feedback = { successes: 0, expected: 0 };

/** Explored items of a deployment at most: the newest ones. */
export const mostCandidates = 10_000;

/**
 * The items that a deployment explores, and what is known of each. Appeals lie in shared memory, so that scoring threads see feedback as
 * it is heard; places are given once and kept.
 */
export class Candidates {
  readonly posterior: Posterior = { means: sharedFloats(), deviations: sharedFloats() };
  readonly #items: Candidate[] = [];
  readonly #places = new Map<string, number>();
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
    return this.#items[this.#places.get(id) ?? -1];
  }

  /**
   * Adds an item, in the place of what was said of it before where it is there already: what has been heard of it stays.
   *
   * @returns whether there was room for it.
   */
  add(candidate: Candidate, { successes, expected }: Feedback = this.feedbackOf(candidate.id) ?? unheard): boolean {
    const place = this.#items.length;
    if (place === mostCandidates) return false;
    this.#remove(candidate.id);
    this.#items.push(candidate);
    this.#textBytes += textBytesOf(candidate);
    this.#places.set(candidate.id, place);
    this.#successes[place] = successes;
    this.#expected[place] = expected;
    setPosterior(this.posterior, place, successes, expected);
    return true;
  }

  /**
   * An interaction. Whoever sees a list is expected to choose each of its items alike. An interaction with an item that nobody is known to
   * have seen is as expected: it makes the item less unknown, and no better.
   *
   * @param impression ids of the items that were to choose from; empty where that is not known
   */
  interaction(itemId: string, impression: readonly string[]): void {
    const share = 1 / impression.length;
    let wasShown = false;
    for (const id of impression) {
      wasShown ||= id === itemId;
      const place = this.#places.get(id);
      if (place !== undefined) this.#count(place, 0, share);
    }
    const chosen = this.#places.get(itemId);
    if (chosen !== undefined) this.#count(chosen, 1, wasShown ? 0 : 1);
  }

  feedbackOf(id: string): Feedback | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    return { successes: this.#successes[place], expected: this.#expected[place] };
  }

  /** Items that came before a moment (in seconds since the epoch) are explored no more. */
  retireBefore(moment: number): void {
    for (const [id, place] of this.#places) {
      if ((this.#items[place]?.createdAt ?? 0) < moment) this.#remove(id);
    }
  }

  #remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    this.#gone++;
    retire(this.posterior, place);
  }

  #count(place: number, successes: number, expected: number): void {
    this.#successes[place] += successes;
    this.#expected[place] += expected;
    setPosterior(this.posterior, place, this.#successes[place], this.#expected[place]);
  }
}

/** Ids and metadata have two bytes a UTF-16 unit at most. */
function textBytesOf({ id, metadata }: Candidate): number {
  let units = id.length;
  for (const [name, value] of metadata ?? []) units += name.length + value.length;
  return 2 * units;
}

const sharedFloats = () => new Float32Array(new SharedArrayBuffer(4 * mostCandidates));
