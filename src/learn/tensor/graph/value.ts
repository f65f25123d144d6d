import type { Attribute, ElementType } from '../onnx/model.ts';
import type { Initialiser } from './initialisers.ts';
import { type Shape, shapeText, sizeOf } from './shape.ts';

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** What is learnt. */
export type Parameter = {
  /** Unique among the parameters of a model, such as `block0.attention.query.weight`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initialise: Initialiser;
};

/** What flows back to one input: a value, or something that can be added onto a value for less than an addition. */
export type Contribution = Value | { readonly addTo: (base: Value | undefined) => Value };

/** Gradients of the inputs, in order, from those of the outputs, undefined where none flows, and from the outputs. */
export type Gradient = (
  gradients: readonly (Value | undefined)[],
  outputs: readonly Value[],
) => readonly (Contribution | undefined)[];

/** One ONNX operator at work. */
export type Node = {
  readonly operator: string;
  readonly domain: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly gradient: Gradient | undefined;
};

export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  | { readonly kind: 'constant'; readonly data: TensorData }
  /** A fresh mask each step: 1 / (1 − rate), or 0 in one of 1 / rate entries. */
  | { readonly kind: 'mask'; readonly rate: number }
  | { readonly kind: 'node'; readonly node: Node; readonly output: number }
  /** Another value under a gradient of its own, or one in training and another in inference. */
  | {
      readonly kind: 'alias';
      readonly of: Value;
      readonly inference: Value;
      readonly inputs: readonly Value[];
      readonly gradient: Gradient | undefined;
    };

/**
 * A tensor that a graph will compute: its type and shape are known, its numbers are not. Values are the graph: each
 * knows where it comes from, and what no output needs is never computed.
 */
export type Value = { readonly type: ElementType; readonly shape: Shape; readonly source: Source };

/** What the caller feeds at each run under `name`. */
export const input = (name: string, shape: Shape, type: ElementType = 'float32'): Value => ({
  type,
  shape,
  source: { kind: 'input', name },
});

/** @throws Error if the number of elements is not that of the shape */
export function constant(data: TensorData, shape: Shape): Value {
  if (data.length !== sizeOf(shape)) throw new Error(`${data.length} elements do not fill ${shapeText(shape)}.`);
  return { type: typeOf(data), shape, source: { kind: 'constant', data } };
}

export const scalar = (value: number): Value => constant(Float32Array.of(value), []);

/** A list of axes or sizes, as operators take them. */
export const integers = (values: readonly number[]): Value =>
  constant(BigInt64Array.from(values, BigInt), [values.length]);

/**
 * The same numbers under a gradient of its own: what flows back goes to `inputs` as `gradient` says, and nowhere else.
 */
export const withGradient = (
  of: Value,
  inputs: readonly Value[],
  gradient: (output: Value) => ReturnType<Gradient>,
): Value => ({
  type: of.type,
  shape: of.shape,
  source: { kind: 'alias', of, inference: of, inputs, gradient: ([output]) => (output ? gradient(output) : []) },
});

/** The same numbers, through which nothing flows back. */
export const stopGradient = (of: Value): Value => withGradient(of, [], () => []);

/** A value by name, for messages: `items [32, 50]`. */
export function describe({ shape, source }: Value): string {
  switch (source.kind) {
    case 'input':
      return `${source.name} ${shapeText(shape)}`;
    case 'parameter':
      return `${source.parameter.name} ${shapeText(shape)}`;
    case 'node':
      return `${source.node.operator} ${shapeText(shape)}`;
    case 'alias':
      return describe(source.of);
    default:
      return `${source.kind} ${shapeText(shape)}`;
  }
}

function typeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'bool';
}
