import type { LearnedModel, Tensor } from '../recipes/recipe.ts';

/**
 * @throws Error naming the tensor if the model lacks it or it is of another kind: then the folder is not what it says.
 */
export function uint32Tensor(learned: LearnedModel, name: string): Uint32Array {
  const { data } = tensor(learned, name);
  if (data instanceof Uint32Array) return data;
  throw new Error(`The model's tensor ${name} is no array of 32-bit integers.`);
}

/** @throws Error as above */
export function uint8Tensor(learned: LearnedModel, name: string): Uint8Array {
  const { data } = tensor(learned, name);
  if (data instanceof Uint8Array) return data;
  throw new Error(`The model's tensor ${name} is no array of bytes.`);
}

/** @throws Error as above */
export function float32Tensor(learned: LearnedModel, name: string): Float32Array {
  const { data } = tensor(learned, name);
  if (data instanceof Float32Array) return data;
  throw new Error(`The model's tensor ${name} is no array of 32-bit floats.`);
}

/** @throws Error as above */
export function float64Tensor(learned: LearnedModel, name: string): Float64Array {
  const { data } = tensor(learned, name);
  if (data instanceof Float64Array) return data;
  throw new Error(`The model's tensor ${name} is no array of 64-bit floats.`);
}

/** @throws Error as above */
export function constant(learned: Pick<LearnedModel, 'constants'>, name: string): number {
  const value = learned.constants[name];
  if (value === undefined) throw new Error(`The model lacks the constant ${name}.`);
  return value;
}

/** Memory of all tensors, in bytes. */
export const tensorBytes = (learned: LearnedModel): number =>
  Object.values(learned.tensors).reduce((sum, { data }) => sum + data.byteLength, 0);

function tensor(learned: LearnedModel, name: string): Tensor {
  const found = learned.tensors[name];
  if (found === undefined) throw new Error(`The model lacks the tensor ${name}.`);
  return found;
}
