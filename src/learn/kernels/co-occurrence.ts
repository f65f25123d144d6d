import type { CoOccurrenceShared, DecayAddresses, HalfLives, PairDecay } from './co-occurrence-problem.ts';
import { type Csr, transpose, transposeOrder } from './csr.ts';
import { entryBeside, ThreadPool } from './thread-pool.ts';
import { kernelModule, MemoryPlan, type Sharing } from './wasm.ts';
import { cutRows, stoppable, WorkQueue } from './work-queue.ts';

export type { HalfLives, PairDecay } from './co-occurrence-problem.ts';

export type CoOccurrenceOptions = {
  /** Its values are not looked at. */
  readonly userItems: Csr;
  /** `transpose(userItems)`, if the caller has it. */
  readonly itemUsers?: Csr;
  /** Most entries kept for an item, at least 1. */
  readonly topN: number;
  /** Fewest users who have both items, for a pair to be kept; at least 1. */
  readonly minimumCount: number;
  /**
   * The score of a pair is its count, or with `decay` the sum of its weights, times the entry of its second item here.
   */
  readonly columnWeights?: Float32Array;
  readonly decay?: PairDecay;
  readonly threads: number;
  readonly signal?: AbortSignal;
};

/** Entries in a block of items. Small, for an item's cost is that of all its users' items. */
const blockEntries = 4096;
const secondsPerDay = 86_400;

/**
 * For every item the best `topN` others by how many users have both, exactly: items × items, each row best first, ties
 * by lower index, values the scores. Time grows with the sum of the squares of the users' history lengths.
 *
 * @throws the signal's reason within a second of its abort; RangeError if the work does not fit into 4 GiB.
 */
export async function coOccurrence(options: CoOccurrenceOptions): Promise<Csr> {
  const queue = new WorkQueue();
  return await stoppable(queue, options.signal, async () => {
    const shared = prepare(options, queue);
    const pool = new ThreadPool<CoOccurrenceShared, null>(
      entryBeside(import.meta.url, './co-occurrence-thread'),
      options.threads,
      shared,
    );
    try {
      await pool.run(null);
    } finally {
      await pool.close();
    }
    return collect(shared);
  });
}

function prepare(options: CoOccurrenceOptions, queue: WorkQueue): CoOccurrenceShared {
  const { userItems, columnWeights, threads, minimumCount } = options;
  const itemUsers = options.itemUsers ?? transpose({ ...userItems, values: undefined });
  const items = userItems.columns;
  const topN = Math.min(options.topN, items);
  const plan = new Placement();
  const layout = {
    users: { offsets: plan.place(userItems.offsets), indices: plan.place(userItems.indices) },
    itemUsers: { offsets: plan.place(itemUsers.offsets), indices: plan.place(itemUsers.indices) },
    columnWeights: columnWeights ? plan.place(columnWeights) : 0,
    ...(options.decay ? { decay: placeDecay(plan, options.decay, userItems) } : {}),
    scratch: Array.from({ length: threads }, () => ({
      counts: plan.take(items * 4),
      weights: plan.take(options.decay ? items * 4 : 0),
    })),
    bestItems: plan.take(items * topN * 4),
    bestScores: plan.take(items * topN * 4),
  };
  return {
    module: kernelModule('shared'),
    memory: plan.allocate('shared'),
    queue: queue.state,
    items,
    minimumCount: Math.max(1, minimumCount),
    topN,
    blocks: cutRows(itemUsers.offsets, blockEntries),
    kept: new Uint32Array(new SharedArrayBuffer(items * 4)),
    ...layout,
  };
}

/** A memory plan that also fills regions with arrays. */
class Placement extends MemoryPlan {
  readonly #arrays: { address: number; array: Uint32Array | Float32Array | Float64Array }[] = [];

  place(array: Uint32Array | Float32Array | Float64Array): number {
    const address = this.take(array.byteLength);
    this.#arrays.push({ address, array });
    return address;
  }

  override allocate(sharing: Sharing): WebAssembly.Memory {
    const memory = super.allocate(sharing);
    for (const { address, array } of this.#arrays) {
      const target = new Uint8Array(memory.buffer, address, array.byteLength);
      target.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    return memory;
  }
}

function placeDecay(plan: Placement, decay: PairDecay, userItems: Csr): DecayAddresses {
  const { times, alpha } = decay;
  const { oldest, newest } = times.reduce(
    (span, time) => ({ oldest: Math.min(span.oldest, time), newest: Math.max(span.newest, time) }),
    { oldest: Number.POSITIVE_INFINITY, newest: Number.NEGATIVE_INFINITY },
  );
  const spanDays = times.length > 0 ? Math.floor((newest - oldest) / secondsPerDay) : 0;
  const gapDays = Math.min(Math.floor(decay.maximumGap), spanDays);
  return {
    userTimes: plan.place(times),
    itemTimes: plan.place(transposeTimes(times, userItems)),
    maximumGap: decay.maximumGap * secondsPerDay,
    newest,
    inOrder: plan.place(fading(decay.inOrder, alpha, gapDays)),
    outOfOrder: plan.place(fading(decay.outOfOrder, alpha, gapDays)),
    history: plan.place(fading(decay.history, alpha, spanDays)),
  };
}

function transposeTimes(times: Float64Array, userItems: Csr): Float64Array {
  const { positions } = transposeOrder(userItems);
  const moved = new Float64Array(times.length);
  for (let entry = 0; entry < times.length; entry++) moved[positions[entry]] = times[entry];
  return moved;
}

/** The weight at 0, 1, … `days` days. */
function fading({ fast, slow }: HalfLives, alpha: number, days: number): Float32Array {
  const left = (day: number, halfLife: number) => (day === 0 ? 1 : 2 ** (-day / halfLife));
  return Float32Array.from({ length: days + 1 }, (_, day) => alpha * left(day, fast) + (1 - alpha) * left(day, slow));
}

function collect({ memory, items, topN, kept, bestItems, bestScores }: CoOccurrenceShared): Csr {
  const offsets = new Uint32Array(items + 1);
  for (let row = 0; row < items; row++) offsets[row + 1] = offsets[row] + kept[row];
  const indices = new Uint32Array(offsets[items]);
  const values = new Float32Array(indices.length);
  for (let row = 0; row < items; row++) {
    const length = kept[row];
    const offset = row * topN * 4;
    indices.set(new Uint32Array(memory.buffer, bestItems + offset, length), offsets[row]);
    values.set(new Float32Array(memory.buffer, bestScores + offset, length), offsets[row]);
  }
  return { rows: items, columns: items, offsets, indices, values };
}
