const next = 0;
const stopped = 1;

/** Hands blocks of rows to threads: a free thread takes the next one, until none is left or somebody says stop. */
export class WorkQueue {
  /** What threads share: give it to the constructor there. */
  readonly state: Int32Array;

  constructor(state: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {
    this.state = state;
  }

  /** Starts again at block 0. Call it when no thread takes. */
  rewind(): void {
    Atomics.store(this.state, next, 0);
  }

  /** From now on `take` gives nothing. */
  stop(): void {
    Atomics.store(this.state, stopped, 1);
  }

  /** The numbers of blocks, of `blocks` in all, that fall to the caller. */
  *take(blocks: number): Generator<number> {
    while (Atomics.load(this.state, stopped) === 0) {
      const block = Atomics.add(this.state, next, 1);
      if (block >= blocks) return;
      yield block;
    }
  }
}

/**
 * Cuts rows into blocks of about `target` entries (a row counts as 16 entries more than it has): block b has the rows
 * blocks[b] … blocks[b + 1] - 1. In shared memory.
 */
export function cutRows(offsets: Uint32Array, target = 65_536): Uint32Array {
  const cuts = [0];
  const rows = offsets.length - 1;
  for (let row = 1, begin = 0; row <= rows; row++) {
    const work = offsets[row] - offsets[begin] + 16 * (row - begin);
    if (work >= target || row === rows) {
      cuts.push(row);
      begin = row;
    }
  }
  const blocks = new Uint32Array(new SharedArrayBuffer(cuts.length * 4));
  blocks.set(cuts);
  return blocks;
}

/** Runs `work`, stopping `queue` when `signal` is aborted; then throws the signal's reason. */
export async function stoppable<T>(
  queue: WorkQueue,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const stop = () => queue.stop();
  signal?.addEventListener('abort', stop);
  try {
    const result = await work();
    signal?.throwIfAborted();
    return result;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
