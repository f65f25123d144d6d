import type { Csr } from './csr.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** A sparse matrix whose values are all greater than 0. */
export type SparseRows = Required<Pick<Csr, 'offsets' | 'indices' | 'values'>>;

/** Most rows that wait to be added. */
const listLength = 256;

/**
 * Adds up rows of sparse matrices, column by column, and the logarithms of such sums. The matrices' entries are copied
 * into a memory of its own, where they are read without a detour. Calls are synchronous; an instance belongs to one
 * thread.
 */
export class SparseSums {
  /** One for each column: what logarithms are added to. For its user to begin with, and to read. */
  readonly totals: Float32Array;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof planSums>['addresses'];
  readonly #offsets: readonly Uint32Array[];
  readonly #rowSums: readonly Float32Array[];
  /** Rows to add, which are read together: address and number of the entries, and weight. */
  readonly #list: DataView;
  #listed = 0;
  /** Columns that anything was added to. */
  #touched = 0;
  #sum = 0;

  /** @param columns how many there are. @throws RangeError if the matrices do not fit into 4 GiB. */
  constructor(columns: number, matrices: readonly SparseRows[]) {
    const { addresses, memory } = planSums(columns, matrices);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#offsets = matrices.map(({ offsets }) => offsets);
    this.#rowSums = matrices.map(rowSumsOf);
    this.#list = new DataView(memory.buffer, addresses.list, 12 * listLength);
    this.totals = new Float32Array(memory.buffer, addresses.totals, columns);
    for (const [n, { indices, values }] of matrices.entries()) {
      const columnAndValue = [addresses.matrices[n], 2 * indices.length] as const;
      const integers = new Uint32Array(memory.buffer, ...columnAndValue);
      const floats = new Float32Array(memory.buffer, ...columnAndValue);
      for (let entry = 0; entry < indices.length; entry++) {
        integers[2 * entry] = indices[entry];
        floats[2 * entry + 1] = values[entry];
      }
    }
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    const others = [...this.#offsets, ...this.#rowSums];
    return this.#memory.buffer.byteLength + others.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Adds `weight` times each value of a matrix's row to the sum of its column. */
  add(matrix: number, row: number, weight: number): void {
    if (this.#listed === listLength) this.#addListed();
    const [begin, end] = [this.#offsets[matrix][row], this.#offsets[matrix][row + 1]];
    const offset = 12 * this.#listed++;
    this.#list.setUint32(offset, this.#at.matrices[matrix] + 8 * begin, true);
    this.#list.setUint32(offset + 4, end - begin, true);
    this.#list.setFloat32(offset + 8, weight, true);
    this.#sum += weight * this.#rowSums[matrix][row];
  }

  /** Of all columns. */
  get sum(): number {
    return this.#sum;
  }

  /** Adds weight · ln(1 + factor · sum) to the total of every column that something was added to. Sums begin again. */
  addLogs(factor: number, weight: number): void {
    this.#addListed();
    const { sums, touched, totals } = this.#at;
    this.#kernels.addLogs(touched, this.#touched, factor, weight, sums, totals);
    this.#touched = 0;
    this.#sum = 0;
  }

  #addListed(): void {
    const { list, sums, touched } = this.#at;
    this.#touched = this.#kernels.addRowsToColumns(list, this.#listed, sums, touched, this.#touched);
    this.#listed = 0;
  }
}

const rowSumsOf = ({ offsets, values }: SparseRows): Float32Array =>
  Float32Array.from({ length: offsets.length - 1 }, (_, row) => {
    let sum = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) sum += values[at];
    return sum;
  });

function planSums(columns: number, matrices: readonly SparseRows[]) {
  const plan = new MemoryPlan();
  const addresses = {
    sums: plan.take(columns * 4),
    totals: plan.take(columns * 4),
    // One more than there can be, and whole groups of four.
    touched: plan.take((columns + 4) * 4),
    list: plan.take(12 * listLength),
    matrices: matrices.map(({ indices }) => plan.take(8 * indices.length)),
  };
  return { addresses, memory: plan.allocate('own') };
}
