import { rename, rm } from 'node:fs/promises';
import { sameShape, shapeText } from './graph/shape.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';

/** Version of the file. */
const format = 1;
const stateName = 'checkpoint/state';
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

/** Writes one file, which is there whole or not at all: what was there before stays until the new one is on the disk. */
export async function writeCheckpoint(path: string, { seed, steps, tensors, beside }: Checkpoint): Promise<void> {
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  const state = { shape: [3], data: Float64Array.of(format, seed, steps) };
  const others = Object.entries(beside).map(([name, tensor]) => [besideName(name), tensor]);
  await writeSafetensors(partial, { [stateName]: state, ...tensors, ...Object.fromEntries(others) });
  await rename(partial, path);
}

/** @throws Error in one sentence if the file is no checkpoint of this format; the reader's error if it is missing or torn */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { [stateName]: state, ...all } = await readSafetensors(path);
  const [found, seed, steps] = state?.data ?? [];
  if (found !== format || seed === undefined || steps === undefined) {
    throw new Error(`${path} is no checkpoint of format ${format}: remove it to train from the start.`);
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

/** The numbers of a tensor of the trainer, which must be float32 and of that shape. @throws Error in one sentence if they are not */
export function restored(checkpoint: Checkpoint, name: string, shape: readonly number[]): Float32Array {
  const tensor = checkpoint.tensors[name];
  if (tensor?.data instanceof Float32Array && sameShape(tensor.shape, shape)) return tensor.data;
  const found = tensor ? `as ${shapeText(tensor.shape)}` : 'not at all';
  throw new Error(`The checkpoint has ${name} ${shapeText(shape)} ${found}: it is of another model.`);
}
