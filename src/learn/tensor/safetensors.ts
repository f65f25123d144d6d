import { type FileAccess, plainFiles, type ReadableFile } from './files.ts';

/** What a file of tensors holds. */
export type NumericArray = Float32Array | Float64Array | Uint32Array | Int32Array | Uint8Array;
export type StoredTensor = { readonly shape: readonly number[]; readonly data: NumericArray };

/** Where the values of a tensor lie in its file. */
export type TensorPosition = { readonly offset: number; readonly length: number };

/**
 * The safetensors format (huggingface.co/docs/safetensors): length of the header as 64 bits, little-endian; a JSON
 * header of dtype, shape and place for each tensor; the tensors' bytes, with no holes between them. Those of wide
 * elements come first, so that each tensor begins at a multiple of its element's size.
 */
const kinds = {
  F64: { bytes: 8, over: (buffer: SharedArrayBuffer) => new Float64Array(buffer) },
  F32: { bytes: 4, over: (buffer: SharedArrayBuffer) => new Float32Array(buffer) },
  U32: { bytes: 4, over: (buffer: SharedArrayBuffer) => new Uint32Array(buffer) },
  I32: { bytes: 4, over: (buffer: SharedArrayBuffer) => new Int32Array(buffer) },
  U8: { bytes: 1, over: (buffer: SharedArrayBuffer) => new Uint8Array(buffer) },
} as const;

type Kind = keyof typeof kinds;
type Entry = {
  readonly dtype: Kind;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
};

const alignment = 8;

/** Writes a new file, to the disk itself. Returns where in it each tensor lies. */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, StoredTensor>>,
  files: FileAccess = plainFiles,
): Promise<Record<string, TensorPosition>> {
  const entries: Record<string, Entry> = {};
  let end = 0;
  const wideFirst = Object.entries(tensors).sort(([, one], [, other]) => bytesOf(other) - bytesOf(one));
  for (const [name, { shape, data }] of wideFirst) {
    entries[name] = { dtype: kindOf(data), shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const header = headerOf(entries);
  await using file = await files.create(path);
  await file.append(header);
  const positions: Record<string, TensorPosition> = {};
  for (const [name, { data }] of wideFirst) {
    const offset = header.length + entries[name].data_offsets[0];
    positions[name] = { offset, length: data.byteLength };
    await file.append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  await file.end();
  return positions;
}

/**
 * Tensors over shared memory, each over a block of its own: dropping one frees its memory.
 *
 * @param isWanted which of them are read, by name; all unless given
 * @throws Error if the file is cut short or its header names what this reader does not know
 */
export async function readSafetensors(
  path: string,
  files: FileAccess = plainFiles,
  isWanted: (name: string) => boolean = () => true,
): Promise<Record<string, StoredTensor>> {
  await using file = await files.open(path);
  const { size } = file;
  const length = new DataView(await readAt(file, 0, 8)).getBigUint64(0, true);
  if (length > size - 8) throw new Error(`${path} is cut short: its header has ${length} bytes, the file ${size}.`);
  const begin = 8 + Number(length);
  const header = Buffer.from(await readAt(file, 8, Number(length))).toString('utf8');
  // Names to entries, as the format says; what an entry says of its place is checked below.
  const entries = JSON.parse(header) as Record<string, Entry>;
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, entry] of Object.entries(entries)) {
    if (name === '__metadata__' || !isWanted(name)) continue;
    const [start, end] = entry.data_offsets;
    const kind = kinds[entry.dtype];
    if (kind === undefined) throw new Error(`${path}: ${name} is of the kind ${entry.dtype}, which is not known here.`);
    const count = entry.shape.reduce((product, extent) => product * extent, 1);
    if (begin + end > size || end - start !== count * kind.bytes) {
      throw new Error(`${path}: ${name} does not fit its place in the file.`);
    }
    tensors[name] = { shape: entry.shape, data: kind.over(await readAt(file, begin + start, end - start)) };
  }
  return tensors;
}

function headerOf(entries: Readonly<Record<string, Entry>>): Uint8Array {
  const json = Buffer.from(JSON.stringify(entries));
  const padded = Math.ceil(json.length / alignment) * alignment;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  header.set(json, 8);
  return header;
}

async function readAt(file: ReadableFile, position: number, length: number): Promise<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  await file.read(bytes, position);
  return bytes.buffer;
}

function kindOf(data: NumericArray): Kind {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Uint32Array) return 'U32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

const bytesOf = ({ data }: StoredTensor) => data.BYTES_PER_ELEMENT;
