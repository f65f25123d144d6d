import { type AlsShared, type AlsTask, ridge, type Side } from './als-problem.ts';
import { gramParts } from './gram.ts';
import { runTasks } from './thread-pool.ts';
import { instantiateKernels } from './wasm.ts';
import { WorkQueue } from './work-queue.ts';

/** Squared residual below which a row is solved. */
const tolerance = 1e-20;

runTasks((shared: AlsShared, thread: number) => {
  const { memory, bytes, gram } = shared;
  const kernels = instantiateKernels(shared.module, memory);
  const queue = new WorkQueue(shared.queue);
  const scratch = scratchOf(shared, thread);
  const addresses = new Uint32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);

  /** Partial Gram matrices of the factors that a side is solved against. */
  function sumGram(side: Side): void {
    const rows = side.matrix.columns;
    const { parts, rowsPerPart } = gramParts(rows);
    for (const part of queue.take(parts)) {
      const first = part * rowsPerPart;
      const out = shared.gramParts + part * (bytes / 4) * bytes;
      floats.fill(0, out / 4, out / 4 + (bytes / 4) ** 2);
      kernels.accumulateGram(side.other + first * bytes, Math.min(rowsPerPart, rows - first), bytes, out);
    }
  }

  function solve(side: Side, steps: number): void {
    const { offsets } = side.matrix;
    for (const block of queue.take(side.blocks.length - 1)) {
      const end = side.blocks[block + 1];
      for (let row = side.blocks[block]; row < end; row++) {
        solveRow(side, row, offsets[row], offsets[row + 1], steps);
      }
    }
  }

  function solveRow(side: Side, row: number, begin: number, end: number, steps: number): void {
    const solution = side.own + row * bytes;
    if (begin === end) {
      floats.fill(0, solution / 4, (solution + bytes) / 4);
      return;
    }
    const count = gather(side, begin, end);
    const shrink = ridge(shared.objective, end - begin, side.matrix.columns);
    const { vectors, pointers, weights } = scratch;
    kernels.conjugateGradient(solution, pointers, weights, count, gram, shrink, bytes, steps, tolerance, vectors);
  }

  /** Lists the factors of a row's columns and their weights, filled up to a multiple of 4; returns how many. */
  function gather(side: Side, begin: number, end: number): number {
    const { indices, values } = side.matrix;
    let pointer = scratch.pointers / 4;
    let weight = scratch.weights / 4;
    for (let entry = begin; entry < end; entry++) {
      addresses[pointer++] = side.other + indices[entry] * bytes;
      floats[weight++] = values ? values[entry] : 1;
    }
    const count = Math.ceil((end - begin) / 4) * 4;
    for (let entry = end - begin; entry < count; entry++) {
      addresses[pointer++] = side.other;
      floats[weight++] = 0;
    }
    return count;
  }

  return (task: AlsTask) => {
    const side = shared[task.side];
    if (task.kind === 'gram') sumGram(side);
    else solve(side, task.steps);
  };
});

function scratchOf({ scratch }: AlsShared, thread: number): AlsShared['scratch'][number] {
  const own = scratch[thread];
  if (!own) throw new Error(`Thread ${thread} has no memory of its own.`);
  return own;
}
