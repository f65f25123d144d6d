import { allUsers, type Histories, lengthOf, selectUsers } from '../../histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { SparseSums } from '../../kernels/sparse-sums.ts';
import type { Rows } from './item-rows.ts';
import { nearPairs } from './near-pairs.ts';
import { neighbourItems, neighbours } from './neighbours.ts';

/** What is known of pairs of items without any learning: what came right after an item, what stood near it, who else had it. */
export const evidenceKinds = ['transitions', 'companions', 'neighbours'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];
export type Evidence = Readonly<Record<EvidenceKind, Rows>>;

const rightAfter = { before: 0, after: 1, itself: true, most: 500 };
const near = { before: 10, after: 10, itself: false, most: 200 };

/** Pairs of items that one user had which are looked at, some seconds: where there are more, so many users are drawn as come to this. */
const mostPairs = 1e9;

export async function evidenceOf(histories: Histories, itemCount: number, signal: AbortSignal): Promise<Evidence> {
  const drawn = drawUsers(histories);
  return {
    transitions: await nearPairs(drawn, itemCount, rightAfter, signal),
    companions: await nearPairs(drawn, itemCount, near, signal),
    neighbours: await neighbours(drawn, itemCount, signal),
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

/** Newest items of a history that its evidence is made of. */
export const evidenceItems = 200;
/** Evidence of this size doubles the odds of an item that has its weight 1. */
const scale = 1e-3;

/** How the rows of a history's items come together. */
type Reading = {
  /** How many of the newest items are looked up, each once or as often as it is there … */
  readonly newest: number;
  readonly once: boolean;
  /** … and what each counts, by how many are newer. */
  weightOf(age: number): number;
  /** Whether the sums are taken as shares of all their evidence. */
  readonly shares: boolean;
};

const readings: Readonly<Record<EvidenceKind, Reading>> = {
  transitions: { newest: 3, once: false, weightOf: (age) => 0.3 ** age, shares: false },
  companions: { newest: 20, once: true, weightOf: (age) => 1 / (1 + age), shares: false },
  neighbours: { newest: evidenceItems, once: true, weightOf: () => 1, shares: true },
};

/** Items and a part of their logits; the arrays hold until the next reading. */
export type SparseLogits = ReturnType<SparseSums['takeLogs']>;

/** ln(1 + evidence / 0.001) of the items that there is some for, for someone with this history: a part of a logit. */
export class EvidenceReader {
  readonly #evidence: Evidence;
  readonly #sums: SparseSums;

  constructor(evidence: Evidence, itemCount: number) {
    this.#evidence = evidence;
    this.#sums = new SparseSums(itemCount);
  }

  /** Memory that it holds besides the evidence, in bytes. */
  get bytes(): number {
    return this.#sums.bytes;
  }

  /** The items that there is evidence of this kind for. */
  read(kind: EvidenceKind, history: Uint32Array): SparseLogits {
    const { newest, once, weightOf, shares } = readings[kind];
    const rows = this.#evidence[kind];
    const reversed = history.toReversed();
    const items = (once ? Uint32Array.from(new Set(reversed)) : reversed).subarray(0, newest);
    items.forEach((item, age) => {
      this.#sums.add(rows, rows.offsets[item] ?? 0, rows.offsets[item + 1] ?? 0, weightOf(age));
    });
    return this.#sums.takeLogs((shares ? 1 / this.#sums.total() : 1) / scale);
  }
}
