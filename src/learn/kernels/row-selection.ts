import { hasBit, positionsOfBits, wordBits } from './bits.ts';
import { instantiateKernels, kernelModule, MemoryPlan } from './wasm.ts';

/** One number a row. */
export type RowNumbers = Float32Array | Float64Array | Int32Array | BigInt64Array;
/** One code a row, such as the index of a text in a dictionary. */
export type RowCodes = Uint8Array | Uint16Array | Uint32Array;

/** Numbers from `low` to `high`, both included. Of integers the ends are bigints, which may be beyond their type. */
export type NumberRange = { readonly low: number | bigint; readonly high: number | bigint };

/**
 * Takes what was found: one bit a row from `firstRow` on, the first row's lowest. The array is used again after the
 * call, and its bits beyond the last row mean nothing.
 */
export type TakeBits = (bits: Uint32Array, firstRow: number) => void;

/** Rows that go through a kernel at a time: few enough for the caches, and whole words of bits. */
const chunk = 16_384;
/** With more ranges of codes, to look into a table is faster than to compare with each. */
const mostCodeRanges = 4;
/** A byte for each 16-bit code. */
const tableBytes = 65_536;

/** Passes on the rows whose number is in one of the ranges; each costs a pass over the rows. */
export function selectNumbers(values: RowNumbers, ranges: readonly NumberRange[], take: TakeBits): void {
  const kernels = ranges.flatMap((range) => rangeKernel(values, range) ?? []);
  inChunks(values, take, (count) => {
    for (const select of kernels) select(count);
  });
}

/** Passes on the rows whose code has its bit in `table`, which has room for every code of a row. */
export function selectCodes(codes: RowCodes, table: Uint32Array, take: TakeBits): void {
  const ranges = codes instanceof Uint8Array ? undefined : rangesOf(table);
  if (codes instanceof Uint8Array) selectBytes(codes, table, take);
  else if (ranges) selectCodeRanges(codes, ranges, take);
  else if (codes instanceof Uint16Array) selectShorts(codes, table, take);
  else lookUp(codes, table, take);
}

function selectBytes(codes: Uint8Array, table: Uint32Array, take: TakeBits): void {
  const { kernels, address, memory } = workspace();
  const bits = new Uint32Array(memory, address.table, 8);
  bits.fill(0);
  bits.set(table.subarray(0, 8));
  inChunks(codes, take, (count) => kernels.selectBytes(address.rows, count, address.table, address.bits));
}

function selectShorts(codes: Uint16Array, table: Uint32Array, take: TakeBits): void {
  const { kernels, address, memory } = workspace();
  const bytes = new Uint8Array(memory, address.table, tableBytes);
  const size = Math.min(wordBits * table.length, tableBytes);
  bytes.fill(0, size);
  for (let code = 0; code < size; code++) bytes[code] = hasBit(table, code) ? 1 : 0;
  inChunks(codes, take, (count) => kernels.selectShorts(address.rows, count, address.table, address.bits));
}

/** Copies the rows, some at a time, to where a kernel adds to the bits what it finds among them. */
function inChunks(rows: RowNumbers | RowCodes, take: TakeBits, select: (count: number) => void): void {
  const { memory, address } = workspace();
  const width = rows.BYTES_PER_ELEMENT;
  const bits = new Uint32Array(memory, address.bits, chunk / wordBits);
  const target = new Uint8Array(memory, address.rows, chunk * 8);
  const source = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  for (let first = 0; first < rows.length; first += chunk) {
    const count = Math.min(chunk, rows.length - first);
    target.set(source.subarray(first * width, (first + count) * width));
    bits.fill(0);
    // Rows of before may follow the last one: their bits are beyond it.
    select(Math.ceil(count / wordBits) * wordBits);
    take(bits, first);
  }
}

/** Looks for one range; undefined where no number of the rows' type is in it. */
function rangeKernel(values: RowNumbers, { low, high }: NumberRange): ((count: number) => void) | undefined {
  const { kernels, address } = workspace();
  const { rows, bits } = address;
  if (values instanceof Float32Array) {
    return (count) => kernels.selectFloats(rows, count, Number(low), Number(high), bits);
  }
  if (values instanceof Float64Array) {
    return (count) => kernels.selectDoubles(rows, count, Number(low), Number(high), bits);
  }
  const limit = 1n << (8n * BigInt(values.BYTES_PER_ELEMENT) - 1n);
  if (low >= limit || high < -limit) return undefined;
  const [least, most] = [low < -limit ? -limit : BigInt(low), high >= limit ? limit - 1n : BigInt(high)];
  return values instanceof Int32Array
    ? (count) => kernels.selectInts(rows, count, Number(least), Number(most), bits)
    : (count) => kernels.selectLongs(rows, count, least, most, bits);
}

/** The codes in the table as ranges; undefined where they are too many. */
function rangesOf(table: Uint32Array): { first: number; last: number }[] | undefined {
  const ranges: { first: number; last: number }[] = [];
  for (const code of positionsOfBits(table)) {
    const range = ranges.at(-1);
    if (range?.last === code - 1) range.last = code;
    else if (ranges.push({ first: code, last: code }) > mostCodeRanges) return undefined;
  }
  return ranges;
}

function selectCodeRanges(
  codes: Uint16Array | Uint32Array,
  ranges: readonly { first: number; last: number }[],
  take: TakeBits,
): void {
  const { kernels, address, memory } = workspace();
  const pairs = ranges.flatMap(({ first, last }) => [first, last - first]);
  const width = codes.BYTES_PER_ELEMENT;
  const target = new Uint8Array(memory, address.table, pairs.length * width);
  target.set(new Uint8Array((width === 2 ? Uint16Array : Uint32Array).from(pairs).buffer));
  const { rows, table, bits } = address;
  inChunks(codes, take, (count) =>
    codes instanceof Uint16Array
      ? kernels.selectShortRanges(rows, count, table, ranges.length, bits)
      : kernels.selectWordRanges(rows, count, table, ranges.length, bits),
  );
}

/** Where the table of 32-bit codes can have any size. */
function lookUp(codes: Uint32Array, table: Uint32Array, take: TakeBits): void {
  const bits = new Uint32Array(chunk / wordBits);
  for (let first = 0; first < codes.length; first += chunk) {
    bits.fill(0);
    const end = Math.min(first + chunk, codes.length);
    for (let row = first; row < end; row++) if (hasBit(table, codes[row])) bits[(row - first) >>> 5] |= 1 << (row & 31);
    take(bits, first);
  }
}

let opened: ReturnType<typeof open> | undefined;

function workspace() {
  opened ??= open();
  return opened;
}

function open() {
  const plan = new MemoryPlan();
  const address = { rows: plan.take(chunk * 8), table: plan.take(tableBytes), bits: plan.take(chunk / 8) };
  const memory = plan.allocate('own');
  return { address, memory: memory.buffer, kernels: instantiateKernels(kernelModule('own'), memory) };
}
