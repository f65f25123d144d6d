import { open } from 'node:fs/promises';
import type { NumericArray, Tensor } from './recipe.ts';

/**
 * The safetensors format (huggingface.co/docs/safetensors): length of the header as 64 bits, little-endian; a JSON header of
 * dtype, shape and place for each tensor; the tensors' bytes. Here each tensor begins at a multiple of 8.
 */
type Place = [buffer: ArrayBufferLike, start: number, length: number];
const kinds = {
  F64: { bytes: 8, at: (...place: Place) => new Float64Array(...place) },
  F32: { bytes: 4, at: (...place: Place) => new Float32Array(...place) },
  U32: { bytes: 4, at: (...place: Place) => new Uint32Array(...place) },
  I32: { bytes: 4, at: (...place: Place) => new Int32Array(...place) },
  U8: { bytes: 1, at: (...place: Place) => new Uint8Array(...place) },
} as const;

type Kind = keyof typeof kinds;
type Entry = {
  readonly dtype: Kind;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
};

/** A read or write of more than 2 GiB is refused by the system. */
const pieceBytes = 1 << 30;
const alignment = 8;

export async function writeSafetensors(path: string, tensors: Readonly<Record<string, Tensor>>): Promise<void> {
  const entries: Record<string, Entry> = {};
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const start = aligned(end);
    end = start + data.byteLength;
    entries[name] = { dtype: kindOf(data), shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(entries);
  const header = Buffer.from(json.padEnd(json.length + aligned(Buffer.byteLength(json)) - Buffer.byteLength(json)));
  const file = await open(path, 'wx');
  try {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    await file.write(Buffer.concat([length, header]), 0, null, 0);
    for (const [name, { data }] of Object.entries(tensors)) {
      const at = 8 + header.length + (entries[name]?.data_offsets[0] ?? 0);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      for (let done = 0; done < bytes.length; done += pieceBytes) {
        await file.write(bytes.subarray(done, done + pieceBytes), 0, null, at + done);
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Tensors over one block of shared memory.
 *
 * @throws Error if the file is cut short or its header names what this reader does not know
 */
export async function readSafetensors(path: string): Promise<Record<string, Tensor>> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = new DataView(await readAt(0, 8)).getBigUint64(0, true);
    if (length > size - 8) throw new Error(`${path} is cut short: its header has ${length} bytes, the file ${size}.`);
    const headerBytes = Number(length);
    const header = Buffer.from(await readAt(8, headerBytes)).toString('utf8');
    const data = await readAt(8 + headerBytes, size - 8 - headerBytes);
    // The header is our own or safetensors', whose layout is checked entry by entry below.
    const entries = JSON.parse(header) as Record<string, Entry>;
    return Object.fromEntries(
      Object.entries(entries)
        .filter(([name]) => name !== '__metadata__')
        .map(([name, entry]) => [name, tensorAt(data, entry, `${path}: ${name}`)]),
    );
  } finally {
    await file.close();
  }

  async function readAt(position: number, length: number): Promise<SharedArrayBuffer> {
    const bytes = new Uint8Array(new SharedArrayBuffer(length));
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, Math.min(pieceBytes, length - done), position + done);
      if (bytesRead === 0) throw new Error(`${path} is cut short at ${position + done} bytes.`);
      done += bytesRead;
    }
    return bytes.buffer;
  }
}

function tensorAt(data: SharedArrayBuffer, { dtype, shape, data_offsets: [start, end] }: Entry, where: string): Tensor {
  const kind = kinds[dtype];
  if (kind === undefined)
    throw new Error(`${where} is of the kind ${dtype}, which is not among ${Object.keys(kinds)}.`);
  const length = (end - start) / kind.bytes;
  if (end > data.byteLength || length !== shape.reduce((product, size) => product * size, 1)) {
    throw new Error(`${where} does not fit its place in the file.`);
  }
  return { shape, data: kind.at(data, start, length) };
}

function kindOf(data: NumericArray): Kind {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Uint32Array) return 'U32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
