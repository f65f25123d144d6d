import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** Entries that go through the kernel at a time. */
const chunk = 4096;

/** Entries of many rows, one row behind the other. */
export type Entries = { readonly indices: Uint32Array; readonly values: Float32Array };

/** Adds up sparse rows, column by column. Calls are synchronous; an instance belongs to one thread. */
export class SparseSums {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof planSums>['addresses'];
  readonly #columns: Uint32Array;
  readonly #values: Float32Array;
  /** Columns that anything was added to. */
  #touched = 0;

  /** @param columns how many there are. @throws RangeError if their sums do not fit into 4 GiB. */
  constructor(columns: number) {
    const { addresses, memory } = planSums(columns);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#columns = new Uint32Array(memory.buffer, addresses.columns, chunk);
    this.#values = new Float32Array(memory.buffer, addresses.values, chunk);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Adds `weight` times each value from `begin` to `end`, greater than 0, to the sum of its column. */
  add({ indices, values }: Entries, begin: number, end: number, weight: number): void {
    const { columns, values: valuesAt, sums, touched } = this.#at;
    for (let from = begin; from < end; from += chunk) {
      const to = Math.min(from + chunk, end);
      this.#columns.set(indices.subarray(from, to));
      this.#values.set(values.subarray(from, to));
      this.#touched = this.#kernels.addToColumns(columns, valuesAt, to - from, weight, sums, touched, this.#touched);
    }
  }

  /** Of all columns. */
  total(): number {
    return this.#kernels.sumOfColumns(this.#at.touched, this.#touched, this.#at.sums);
  }

  /** ln(1 + factor · sum) of every column that something was added to. Sums begin anew; the arrays hold until the next call. */
  takeLogs(factor: number): { readonly columns: Uint32Array; readonly logs: Float32Array } {
    const { sums, touched, logs } = this.#at;
    const count = this.#touched;
    this.#kernels.takeLogs(touched, count, factor, sums, logs);
    this.#touched = 0;
    return {
      columns: new Uint32Array(this.#memory.buffer, touched, count),
      logs: new Float32Array(this.#memory.buffer, logs, count),
    };
  }
}

function planSums(columns: number) {
  const plan = new MemoryPlan();
  const addresses = {
    columns: plan.take(chunk * 4),
    values: plan.take(chunk * 4),
    sums: plan.take(columns * 4),
    // One more than there can be, and whole groups of four.
    touched: plan.take((columns + 4) * 4),
    logs: plan.take((columns + 4) * 4),
  };
  return { addresses, memory: plan.allocate('own') };
}
