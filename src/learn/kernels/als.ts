import type { AlsObjective, AlsShared, AlsTask, Side } from './als-problem.ts';
import { type Csr, shareCsr, transpose } from './csr.ts';
import { gramParts, joinGram } from './gram.ts';
import { normals } from './random.ts';
import { entryBeside, ThreadPool } from './thread-pool.ts';
import { kernelModule, MemoryPlan, vectorBytes } from './wasm.ts';
import { cutRows, stoppable, WorkQueue } from './work-queue.ts';

export type AlsOptions = AlsObjective & {
  /** Values are weights, 1 where there are none. */
  readonly userItems: Csr;
  /** Length of a factor. */
  readonly factors: number;
  readonly iterations: number;
  readonly seed: number;
  readonly threads: number;
  /** Items × factors to begin with, in place of random ones. */
  readonly itemFactors?: Float32Array;
  /** Whether user factors are wanted, true unless given: to settle them takes as long as some iterations. */
  readonly wantsUsers?: boolean;
  onIteration?(done: number, of: number): void;
  readonly signal?: AbortSignal;
};

/** One vector of `factors` floats a row; no user factors if they were not wanted. */
export type AlsFactors = { readonly itemFactors: Float32Array; readonly userFactors: Float32Array };

/**
 * Steps of conjugate gradient a row and half-iteration: more do not pay, since the other side moves too (Takács et al.
 * 2011).
 */
const stepsPerIteration = 3;
/** Steps of the last pass over the users, which settles their factors against the items' final ones. */
const finalSteps = 20;
/** Standard deviation of the dot product of two random vectors is its square: Rendle et al. 2022 begin with 0.1. */
const initialDeviation = 0.1;

/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008) on several threads.
 * The result is the same for any number of threads.
 *
 * @throws the signal's reason within a second of its abort; RangeError if the factors do not fit into 4 GiB.
 */
export async function trainAls(options: AlsOptions): Promise<AlsFactors> {
  const { factors, iterations, threads, signal, wantsUsers = true } = options;
  const queue = new WorkQueue();
  return await stoppable(queue, signal, async () => {
    const shared = prepare(options, queue);
    placeItems(options, shared);
    const pool = new ThreadPool<AlsShared, AlsTask>(entryBeside(import.meta.url, './als-thread'), threads, shared);
    const half = (side: 'users' | 'items', steps: number) => solveSide(pool, queue, shared, side, steps);
    try {
      for (let done = 0; done < iterations; done++) {
        await half('users', stepsPerIteration);
        await half('items', stepsPerIteration);
        signal?.throwIfAborted();
        options.onIteration?.(done + 1, iterations);
      }
      if (wantsUsers) await half('users', finalSteps);
    } finally {
      await pool.close();
    }
    const { users, items } = shared;
    return {
      itemFactors: readRows(shared, items.own, items.matrix.rows, factors),
      userFactors: readRows(shared, users.own, wantsUsers ? users.matrix.rows : 0, factors),
    };
  });
}

async function solveSide(
  pool: ThreadPool<AlsShared, AlsTask>,
  queue: WorkQueue,
  shared: AlsShared,
  side: 'users' | 'items',
  steps: number,
): Promise<void> {
  queue.rewind();
  await pool.run({ kind: 'gram', side });
  const stride = shared.bytes / 4;
  const { parts } = gramParts(shared[side].matrix.columns);
  const partial = new Float32Array(shared.memory.buffer, shared.gramParts, parts * stride * stride);
  const gram = new Float32Array(shared.memory.buffer, shared.gram, stride * stride);
  joinGram(partial, parts, stride, shared.objective.alpha, gram);
  queue.rewind();
  await pool.run({ kind: 'solve', side, steps });
}

/** Lays out what the threads share. */
function prepare(options: AlsOptions, queue: WorkQueue): AlsShared {
  const { factors, threads, regularization, alpha, frequencyExponent } = options;
  if (!(regularization > 0)) throw new RangeError(`regularization is ${regularization}; it must be greater than 0.`);
  const userItems = shareCsr(options.userItems);
  const itemUsers = transpose(userItems);
  const bytes = vectorBytes(factors);
  const plan = new MemoryPlan();
  const userFactors = plan.take(userItems.rows * bytes);
  const itemFactors = plan.take(itemUsers.rows * bytes);
  const squareBytes = (bytes / 4) * bytes;
  const parts = Math.max(gramParts(userItems.rows).parts, gramParts(itemUsers.rows).parts);
  const longest = Math.ceil(Math.max(longestRow(userItems), longestRow(itemUsers)) / 4) * 4;
  const layout = {
    gram: plan.take(squareBytes),
    gramParts: plan.take(parts * squareBytes),
    scratch: Array.from({ length: threads }, () => ({
      vectors: plan.take(3 * bytes),
      pointers: plan.take(4 * longest),
      weights: plan.take(4 * longest),
    })),
  };
  const users: Side = { matrix: userItems, blocks: cutRows(userItems.offsets), own: userFactors, other: itemFactors };
  const items: Side = { matrix: itemUsers, blocks: cutRows(itemUsers.offsets), own: itemFactors, other: userFactors };
  const objective = { regularization, alpha, ...(frequencyExponent === undefined ? {} : { frequencyExponent }) };
  return {
    module: kernelModule('shared'),
    memory: plan.allocate('shared'),
    queue: queue.state,
    objective,
    bytes,
    users,
    items,
    ...layout,
  };
}

function longestRow({ rows, offsets }: Csr): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  return longest;
}

/** Puts the item factors to begin with into the shared memory. */
function placeItems({ itemFactors, factors, seed }: AlsOptions, { memory, items, bytes }: AlsShared): void {
  const rows = items.matrix.rows;
  if (itemFactors && itemFactors.length !== rows * factors) {
    throw new RangeError(
      `itemFactors has ${itemFactors.length} numbers; ${rows} items × ${factors} factors were expected.`,
    );
  }
  const random = normals(initialDeviation / Math.sqrt(factors), seed);
  const floats = new Float32Array(memory.buffer);
  for (let row = 0; row < rows; row++) {
    const at = (items.own + row * bytes) / 4;
    for (let factor = 0; factor < factors; factor++) {
      floats[at + factor] = itemFactors?.[row * factors + factor] ?? random();
    }
  }
}

/** A copy of rows of the shared memory without their padding. */
function readRows({ memory, bytes }: AlsShared, address: number, rows: number, factors: number): Float32Array {
  const result = new Float32Array(rows * factors);
  const stride = bytes / 4;
  const padded = new Float32Array(memory.buffer, address, rows * stride);
  for (let row = 0; row < rows; row++) result.set(padded.subarray(row * stride, row * stride + factors), row * factors);
  return result;
}
