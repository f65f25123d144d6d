import { normals, uniforms } from '../random.ts';
import { type Shape, sizeAt } from './shape.ts';

/** The first values of a parameter, the same for the same seed. */
export type Initialiser = (shape: Shape, seed: number) => (element: number) => number;

export const constantly =
  (value: number): Initialiser =>
  () =>
  () =>
    value;

export const zeros = constantly(0);
export const ones = constantly(1);

export const normal =
  (deviation: number): Initialiser =>
  (_, seed) => {
    const next = normals(seed);
    return () => deviation * next();
  };

/** Uniform within ±√(6 / (inputs + outputs)) for a matrix of [inputs, outputs] (Glorot and Bengio 2010). */
export const glorot: Initialiser = (shape, seed) => {
  const limit = Math.sqrt(6 / (sizeAt(shape, -1) + sizeAt(shape, -2)));
  const next = uniforms(seed);
  return () => limit * (2 * next() - 1);
};
