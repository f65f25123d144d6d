import { mostActions } from '../../training-set/actions.ts';
import type { Trials } from './beta.ts';

const day = 86_400;

/** What the Actions dataset says of an action; times are seconds since the epoch. */
export type ActionFacts = {
  readonly id: string;
  /** 0 where none is given. */
  readonly value: number;
  /** Infinity where it stays. */
  readonly expiresAt: number;
  /** 0 where it may come again at once. */
  readonly repeatSeconds: number;
  /** NaN where it is not known. */
  readonly createdAt: number;
};

/** An action that can be recommended, and what is known of it. */
export type LiveAction = {
  facts: ActionFacts;
  /** Its index in the model; −1 where the model does not know it. */
  readonly index: number;
  /** Whether the model has a propensity for it. */
  readonly isScored: boolean;
  tried: number;
  succeeded: number;
  firstEventAt: number;
  lastEventAt: number;
};

/** The row of an action as texts by column; empty is null. */
export const factsOf = (value: (column: string) => string): ActionFacts => {
  const number = (column: string, otherwise: number) => (value(column) === '' ? otherwise : Number(value(column)));
  const expiry = number('EXPIRATION_TIMESTAMP', number('ACTION_EXPIRATION_TIMESTAMP', Number.POSITIVE_INFINITY));
  return {
    id: value('ACTION_ID'),
    value: number('VALUE', 0),
    expiresAt: expiry,
    repeatSeconds: day * number('REPEAT_FREQUENCY', 0),
    createdAt: number('CREATION_TIMESTAMP', Number.NaN),
  };
};

/** Columns that are read of an action. */
export const factColumns = [
  ...['ACTION_ID', 'VALUE', 'EXPIRATION_TIMESTAMP', 'ACTION_EXPIRATION_TIMESTAMP'],
  ...['REPEAT_FREQUENCY', 'CREATION_TIMESTAMP'],
];

/** The actions of a dataset group, and how they did where they were shown. */
export class ActionTable {
  readonly #actions = new Map<string, LiveAction>();
  readonly #indexOf: (id: string) => number;
  readonly #isScored: Uint8Array;
  #considered: readonly LiveAction[] | undefined;
  /** When the first of them expires, and makes room for another. */
  #consideredUntil = Number.POSITIVE_INFINITY;

  /** @param indexOf of an action in the model; −1 for one that it does not know */
  constructor(indexOf: (id: string) => number, isScored: Uint8Array) {
    this.#indexOf = indexOf;
    this.#isScored = isScored;
  }

  /** About what it holds, in bytes. */
  get bytes(): number {
    return 256 * this.#actions.size;
  }

  /** Adds an action, or replaces what is said of it. */
  put(facts: ActionFacts): void {
    const known = this.#actions.get(facts.id);
    this.#considered = undefined;
    if (known) {
      known.facts = facts;
      return;
    }
    const index = this.#indexOf(facts.id);
    const nothing = { tried: 0, succeeded: 0, firstEventAt: Number.POSITIVE_INFINITY, lastEventAt: 0 };
    this.#actions.set(facts.id, { facts, index, isScored: index >= 0 && this.#isScored[index] === 1, ...nothing });
  }

  /** Undefined for one that the Actions dataset does not have. */
  find(id: string): LiveAction | undefined {
    return this.#actions.get(id);
  }

  /** All that were ever put. */
  get all(): Iterable<LiveAction> {
    return this.#actions.values();
  }

  /** Counts what users did with an action. */
  count(action: LiveAction, { tried, succeeded }: Trials, firstAt: number, lastAt: number): void {
    action.tried += tried;
    action.succeeded += succeeded;
    action.firstEventAt = Math.min(action.firstEventAt, firstAt);
    if (lastAt > action.lastEventAt) {
      action.lastEventAt = lastAt;
      if (this.#actions.size > mostActions) this.#considered = undefined;
    }
  }

  /**
   * The actions that are considered, at most 1,000: of those that have not expired, the ones that are newest or had
   * interactions last, as in a training. One without a time of creation and without interactions counts as new.
   *
   * @param now seconds since the epoch
   */
  considered(now: number): readonly LiveAction[] {
    if (!this.#considered || now >= this.#consideredUntil) {
      this.#considered = this.#mostRecent(now);
      this.#consideredUntil = Math.min(...this.#considered.map(({ facts }) => facts.expiresAt));
    }
    return this.#considered;
  }

  #mostRecent(now: number): readonly LiveAction[] {
    const all = [...this.#actions.values()].filter(({ facts }) => facts.expiresAt > now);
    if (all.length <= mostActions) return all;
    const recent = ({ facts: { createdAt }, firstEventAt, lastEventAt }: LiveAction) =>
      Math.max(Number.isNaN(createdAt) ? firstEventAt : createdAt, lastEventAt);
    return all
      .map((action) => ({ action, at: recent(action) }))
      .sort((a, b) => (a.at === b.at ? (a.action.facts.id < b.action.facts.id ? -1 : 1) : b.at - a.at))
      .slice(0, mostActions)
      .map(({ action }) => action);
  }
}
