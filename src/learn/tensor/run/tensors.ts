import { Tensor } from 'onnxruntime-node';
import { shapeText, sizeOf } from '../graph/shape.ts';
import type { TensorData, Value } from '../graph/value.ts';

/** What a caller feeds: typed arrays by the names of inputs. Of bool, bytes of 0 and 1. */
export type Feeds = Readonly<Record<string, TensorData>>;

const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array } as const;

/**
 * A tensor over the caller's memory.
 *
 * @throws Error in one sentence if the data is missing, or not of the input's type or length
 */
export function fedTensor(name: string, { type, shape }: Value, data: TensorData | undefined): Tensor {
  if (data === undefined) throw new Error(`The input ${name} ${shapeText(shape)} was not fed.`);
  if (!(data instanceof arrays[type]))
    throw new Error(`The input ${name} takes ${type}, not ${data.constructor.name}.`);
  if (data.length !== sizeOf(shape)) {
    throw new Error(`The input ${name} ${shapeText(shape)} was fed ${data.length} elements.`);
  }
  return new Tensor(type, data, shape);
}

export const floatTensor = (data: Float32Array, shape: readonly number[]): Tensor => new Tensor('float32', data, shape);

/** The numbers of a float32 result. */
export function floatsOf(name: string, tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error(`The output ${name} holds no float32 numbers.`);
}
