import { allUsers, type Histories, lengthOf, selectUsers } from '../../../histories/histories.ts';
import { uniforms } from '../../../kernels/random.ts';
import { SparseSums } from '../../../kernels/sparse-sums.ts';
import type { SparseItemRows } from '../../item-pairs/item-rows.ts';
import { nearPairs } from '../../item-pairs/near-pairs.ts';
import { neighbourItems, neighbours } from './neighbours.ts';

/**
 * What is known of pairs of items without any learning: what came right after an item, what stood near it, what those
 * had who had it.
 */
export const signalKinds = ['transitions', 'companions', 'neighbours'] as const;
export type SignalKind = (typeof signalKinds)[number];
export type ItemSignals = Readonly<Record<SignalKind, SparseItemRows>>;

const rightAfter = { before: 0, after: 1, itself: true };
const near = { before: 10, after: 10, itself: false };
/** Entries kept of an item; of all items together so few that a reader has room for them, at 8 bytes, in its 4 GiB. */
const kept = { transitions: 500, companions: 200, neighbours: 200 };
const mostEntries = 4e8;

/**
 * Pairs of items that one user had which are looked at, some seconds: where there are more, so many users are drawn as
 * come to this.
 */
const mostPairs = 1e9;

export async function signalsOf(histories: Histories, itemCount: number, signal: AbortSignal): Promise<ItemSignals> {
  const drawn = drawUsers(histories);
  const room = Math.min(1, mostEntries / itemCount / (kept.transitions + kept.companions + kept.neighbours));
  const mostOf = (kind: SignalKind) => Math.ceil(room * kept[kind]);
  const ranges = [
    { ...rightAfter, most: mostOf('transitions') },
    { ...near, most: mostOf('companions') },
  ];
  const [transitions, companions] = await nearPairs(drawn, itemCount, ranges, signal);
  return {
    transitions,
    companions,
    neighbours: await neighbours(drawn, itemCount, Math.ceil(mostOf('neighbours') / 2), signal),
  };
}

function drawUsers(histories: Histories): Histories {
  const users = allUsers(histories);
  const pairs = users.reduce((sum, user) => sum + pairsOf(lengthOf(histories, user)), 0);
  if (pairs <= mostPairs) return histories;
  const random = uniforms(users.length);
  return selectUsers(
    histories,
    users.filter(() => random() < mostPairs / pairs),
  );
}

/** Within reach of each other, and among the newest. */
const pairsOf = (length: number) => length * (near.before + near.after) + Math.min(length, neighbourItems) ** 2;

/** Newest items of a history that its signals are made of. */
export const signalItems = 200;
/** A signal of this size doubles the odds of an item that has its weight 1. */
const scale = 1e-3;

/** How the rows of a history's items come together. */
type Reading = {
  /** How many of the newest items are looked up, each once or as often as it is there … */
  readonly newest: number;
  readonly once: boolean;
  /** … and what each counts, by how many are newer. */
  weightOf(age: number): number;
  /** Whether the sums are taken as shares of their total. */
  readonly shares: boolean;
};

const readings: Readonly<Record<SignalKind, Reading>> = {
  transitions: { newest: 3, once: false, weightOf: (age) => 0.3 ** age, shares: false },
  companions: { newest: 20, once: true, weightOf: (age) => 1 / (1 + age), shares: false },
  neighbours: { newest: signalItems, once: true, weightOf: () => 1, shares: true },
};

/** ln(1 + signal / 0.001) of the items that have some, for a user with this history: a part of a logit. */
export class SignalReader {
  readonly #sums: SparseSums;
  /** The last reading that came upon each item, and its number. */
  readonly #seen: Uint32Array;
  #reading = 0;

  /** Copies the signals. */
  constructor(signals: ItemSignals, itemCount: number) {
    this.#sums = new SparseSums(
      itemCount,
      signalKinds.map((kind) => signals[kind]),
    );
    this.#seen = new Uint32Array(itemCount);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#sums.bytes + this.#seen.byteLength;
  }

  /** One for each item: what readings are added to. For its user to begin with, and to read. */
  get logits(): Float32Array {
    return this.#sums.totals;
  }

  /** Adds this signal, times `weight`, to the logits of the items that have some. */
  add(kind: SignalKind, history: Uint32Array, weight: number): void {
    const { newest, once, weightOf, shares } = readings[kind];
    const matrix = signalKinds.indexOf(kind);
    this.#reading = (this.#reading + 1) >>> 0;
    for (let position = history.length - 1, age = 0; position >= 0 && age < newest; position--) {
      const item = history[position];
      if (once && this.#seen[item] === this.#reading) continue;
      this.#seen[item] = this.#reading;
      this.#sums.add(matrix, item, weightOf(age));
      age++;
    }
    this.#sums.addLogs((shares && this.#sums.sum > 0 ? 1 / this.#sums.sum : 1) / scale, weight);
  }
}
