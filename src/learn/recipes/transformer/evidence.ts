import type { Histories } from '../../histories.ts';
import type { Csr } from '../../kernels/csr.ts';
import { SparseSums } from '../../kernels/sparse-sums.ts';
import { neighbours } from './neighbours.ts';
import { transitions } from './transitions.ts';

/** What is known of pairs of items without any learning, row by row. */
export type Evidence = Readonly<Record<'transitions' | 'neighbours', Rows>>;
export type Rows = Required<Pick<Csr, 'offsets' | 'indices' | 'values'>>;

export const evidenceOf = async (histories: Histories, itemCount: number, signal: AbortSignal): Promise<Evidence> => ({
  transitions: transitions(histories, itemCount),
  neighbours: await neighbours(histories, itemCount, signal),
});

/** Transitions are looked up of the newest items, each counting less by this factor than the one after it … */
const lastItems = 3;
const decay = 0.3;
/** … and neighbours of so many of the newest, all alike. */
const neighbourItems = 50;
/** Evidence of this size doubles the odds of an item that has its weight 1. */
const scale = 1e-3;

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

  /** Calls `visit` for each item that followed the newest items of the history. */
  forTransitions(history: Uint32Array, visit: (item: number, logit: number) => void): void {
    const last = history.subarray(-lastItems).toReversed();
    this.#visit(this.#evidence.transitions, last, (age) => decay ** age, 1, visit);
  }

  /** Likewise for the neighbours of the history's items, as shares of all their evidence. */
  forNeighbours(history: Uint32Array, visit: (item: number, logit: number) => void): void {
    const last = Uint32Array.from(new Set(history.subarray(-neighbourItems)));
    const { offsets, values } = this.#evidence.neighbours;
    let total = 0;
    for (const item of last)
      for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) total += values[at] ?? 0;
    if (total > 0) this.#visit(this.#evidence.neighbours, last, () => 1, 1 / total, visit);
  }

  #visit(
    { offsets, indices, values }: Rows,
    items: Uint32Array,
    weightOf: (age: number) => number,
    factor: number,
    visit: (item: number, logit: number) => void,
  ): void {
    items.forEach((item, age) => {
      const [begin, end] = [offsets[item], offsets[item + 1]];
      this.#sums.add(indices.subarray(begin, end), values.subarray(begin, end), weightOf(age));
    });
    const { columns, logs } = this.#sums.takeLogs(factor / scale);
    for (let n = 0; n < columns.length; n++) visit(columns[n] ?? 0, logs[n] ?? 0);
  }
}
