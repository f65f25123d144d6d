import { expect } from 'vitest';
import { gradients } from '../graph/gradients.ts';
import { Scope } from '../graph/scope.ts';
import { type Shape, sizeOf } from '../graph/shape.ts';
import { constant, describe, input, type Value } from '../graph/value.ts';
import { multiply } from '../operations/arithmetic.ts';
import { sum } from '../operations/reduce.ts';
import { normals, uniforms } from '../random.ts';
import { compile } from '../run/program.ts';
import { fedTensor } from '../run/tensors.ts';
import { interpret } from './interpreter.reference.ts';

/** Half the distance of the points that a finite difference compares. */
const distance = 1e-5;

/** Numbers for a variable from a source of normally distributed ones; those themselves unless given. */
export type Draw = (next: () => number) => number;

export type Check = {
  /** Shapes of the variables. */
  readonly shapes: readonly Shape[];
  readonly seed: number;
  readonly draw?: Draw;
  /** From the variables to a tensor, of which a random projection is differentiated. */
  readonly build: (...variables: Value[]) => Value;
  /** Of ONNX Runtime's float32, relative to the largest entry of the gradient. */
  readonly tolerance?: number;
};

/** As `checkGradients`, of the parameters that the model declares too. */
export async function checkParameters(
  check: Omit<Check, 'build'> & { readonly build: (scope: Scope, ...variables: Value[]) => Value },
): Promise<void> {
  const scope = Scope.root(check.seed);
  const variables = check.shapes.map((shape, n) => input(`x${n}`, shape));
  const result = check.build(scope, ...variables);
  await expectGradients(result, [...variables, ...scope.entries.map(({ value }) => value)], check);
}

/**
 * Expects that the gradients of a graph are those of finite differences in float64, computed by the interpreter in
 * float64 as well as by ONNX Runtime in float32.
 */
export async function checkGradients(check: Check): Promise<void> {
  const variables = check.shapes.map((shape, n) => input(`x${n}`, shape));
  await expectGradients(check.build(...variables), variables, check);
}

async function expectGradients(
  result: Value,
  variables: readonly Value[],
  { seed, draw = (next) => next(), tolerance = 2e-4 }: Omit<Check, 'build' | 'shapes'>,
): Promise<void> {
  const next = normals(seed);
  // Rounded to float32, so that all compute from the same numbers.
  const data = new Map(
    variables.map((value) => [value, Float32Array.from({ length: sizeOf(value.shape) }, () => draw(next))]),
  );
  const projection = constant(Float32Array.from({ length: sizeOf(result.shape) }, next), result.shape);
  const loss = sum(multiply(result, projection));
  const found = gradients(loss, variables);
  const leaf = leaves(data, seed);

  const analytic = interpret([loss, ...found.filter((value) => value !== undefined)], 'step', leaf).slice(1);
  const program = await compile(
    { loss, ...Object.fromEntries(found.flatMap((value, n) => (value ? [[`g${n}`, value]] : []))) },
    'step',
    { threads: 1 },
  );
  const feeds = Object.fromEntries(
    [...program.feeds].map(([name, value]) => [name, fedTensor(name, value, Float32Array.from(leaf(value)))]),
  );
  const native = await program.run(feeds);
  await program.release();

  for (const [n, variable] of variables.entries()) {
    const numeric = differences(loss, variable, leaf);
    const largest = Math.max(1, ...numeric.map(Math.abs));
    const reference = found[n] ? (analytic.shift()?.data ?? []) : numeric.map(() => 0);
    const ours = native[`g${n}`]?.data ?? numeric.map(() => 0);
    for (const [at, expected] of numeric.entries()) {
      expect(Math.abs(reference[at] - expected) / largest, `float64, ${describe(variable)} at ${at}`).toBeLessThan(
        1e-6,
      );
      expect(Math.abs(Number(ours[at]) - expected) / largest, `float32, ${describe(variable)} at ${at}`).toBeLessThan(
        tolerance,
      );
    }
  }
}

/** The data of variables, and masks that are made up once. */
function leaves(data: Map<Value, Float32Array>, seed: number): (value: Value) => Float32Array {
  const next = uniforms(seed);
  return (value) => {
    const known = data.get(value);
    if (known) return known;
    const { source, shape } = value;
    if (source.kind !== 'mask') throw new Error('There are inputs besides the variables.');
    const mask = Float32Array.from({ length: sizeOf(shape) }, () => (next() < source.rate ? 0 : 1 / (1 - source.rate)));
    data.set(value, mask);
    return mask;
  };
}

function differences(loss: Value, variable: Value, leaf: (value: Value) => ArrayLike<number>): number[] {
  const point = Float64Array.from(leaf(variable));
  const lossAt = (at: number, moved: number) => {
    const shifted = point.with(at, point[at] + moved);
    return interpret([loss], 'step', (value) => (value === variable ? shifted : leaf(value)))[0]?.data[0];
  };
  return Array.from(point, (_, at) => (lossAt(at, distance) - lossAt(at, -distance)) / (2 * distance));
}
