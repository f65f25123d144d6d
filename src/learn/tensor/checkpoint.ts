import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { type FileAccess, plainFiles } from './files.ts';
import { sameShape, shapeText } from './graph/shape.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';

/** Version of the file. */
const format = 1;
const stateName = 'checkpoint/state';
/** SHA-256 of everything else; checkpoints of earlier releases have none. */
const sumName = 'checkpoint/sum';
/** A hash takes less than 2 GiB at a time. */
const hashedBytes = 2 ** 30;
const besideName = (name: string) => `checkpoint/beside/${name}`;

/** Everything that a training needs to go on as if it had not stopped. */
export type Checkpoint = {
  readonly seed: number;
  readonly steps: number;
  /** Parameters and the optimiser's moments by name. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** What the caller keeps with it. */
  readonly beside: Readonly<Record<string, StoredTensor>>;
};

/**
 * Writes one file, which is there whole or not at all: what was there before stays until the new one is on the disk.
 */
export async function writeCheckpoint(
  path: string,
  { seed, steps, tensors, beside }: Checkpoint,
  files: FileAccess = plainFiles,
): Promise<void> {
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  const state = { shape: [3], data: Float64Array.of(format, seed, steps) };
  const others = Object.entries(beside).map(([name, tensor]) => [besideName(name), tensor]);
  const all = { [stateName]: state, ...tensors, ...Object.fromEntries(others) };
  await writeSafetensors(partial, { ...all, [sumName]: sumOf(all) }, files);
  await rename(partial, path);
}

/** Of names, shapes and numbers, in an order that does not depend on where they lie in the file. */
function sumOf(tensors: Readonly<Record<string, StoredTensor>>): StoredTensor {
  const hash = createHash('sha256');
  for (const name of Object.keys(tensors).sort()) {
    const { shape = [], data = new Uint8Array() } = tensors[name] ?? {};
    hash.update(`${name} ${shape.join('x')} ${data.byteLength};`);
    for (let at = 0; at < data.byteLength; at += hashedBytes) {
      const length = Math.min(hashedBytes, data.byteLength - at);
      hash.update(new Uint8Array(data.buffer, data.byteOffset + at, length));
    }
  }
  const sum = hash.digest();
  return { shape: [sum.length], data: new Uint8Array(sum) };
}

/**
 * @throws Error in one sentence if the file is no checkpoint of this format or damaged; the reader's error if it is
 *   missing or torn
 */
export async function readCheckpoint(path: string, files: FileAccess = plainFiles): Promise<Checkpoint> {
  const { [sumName]: sum, ...summed } = await readSafetensors(path, files);
  const { [stateName]: state, ...all } = summed;
  const [found, seed, steps] = state?.data ?? [];
  if (found !== format || seed === undefined || steps === undefined) {
    throw new Error(`${path} is no checkpoint of format ${format}: remove it to train from the start.`);
  }
  if (sum && Buffer.compare(new Uint8Array(sum.data), new Uint8Array(sumOf(summed).data)) !== 0) {
    throw new Error(`${path} is damaged: its checksum is not the one that was written.`);
  }
  const prefix = besideName('');
  const isBeside = ([name]: readonly [string, StoredTensor]) => name.startsWith(prefix);
  const beside = Object.entries(all).filter(isBeside);
  return {
    seed,
    steps,
    tensors: Object.fromEntries(Object.entries(all).filter((entry) => !isBeside(entry))),
    beside: Object.fromEntries(beside.map(([name, tensor]) => [name.slice(prefix.length), tensor])),
  };
}

/**
 * The numbers of a tensor of the trainer, which must be float32 and of that shape. @throws Error in one sentence if
 * they are not
 */
export function restored(checkpoint: Checkpoint, name: string, shape: readonly number[]): Float32Array {
  const tensor = checkpoint.tensors[name];
  if (tensor?.data instanceof Float32Array && sameShape(tensor.shape, shape)) return tensor.data;
  const found = tensor ? `as ${shapeText(tensor.shape)}` : 'not at all';
  throw new Error(`The checkpoint has ${name} ${shapeText(shape)} ${found}: it is of another model.`);
}
