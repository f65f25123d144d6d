import type { Attribute, ElementType } from '../onnx/model.ts';
import type { Shape } from './shape.ts';
import type { Contribution, Gradient, Node, Value } from './value.ts';

type Facts = {
  readonly domain?: '' | 'com.microsoft';
  readonly attributes?: Readonly<Record<string, Attribute>>;
};

/** One operator with one output. Without a gradient nothing flows back through it. */
export function apply(
  operator: string,
  inputs: readonly Value[],
  facts: Facts & {
    readonly shape: Shape;
    readonly type?: ElementType;
    readonly gradient?: (gradient: Value, output: Value) => readonly (Contribution | undefined)[];
  },
): Value {
  const { shape, type = 'float32', gradient } = facts;
  const [output] = applyMany(operator, inputs, {
    ...facts,
    outputs: [{ shape, type }],
    gradient: gradient && (([from], [to]) => (from && to ? gradient(from, to) : [])),
  });
  if (!output) throw new Error(`${operator} has no output.`);
  return output;
}

export function applyMany(
  operator: string,
  inputs: readonly Value[],
  facts: Facts & {
    readonly outputs: readonly { readonly shape: Shape; readonly type: ElementType }[];
    readonly gradient: Gradient | undefined;
  },
): readonly Value[] {
  const { domain = '', attributes = {}, gradient } = facts;
  const outputs: Value[] = [];
  const node: Node = { operator, domain, attributes, inputs, outputs, gradient };
  for (const [output, { shape, type }] of facts.outputs.entries()) {
    outputs.push({ type, shape, source: { kind: 'node', node, output } });
  }
  return outputs;
}

export const integer = (value: number): Attribute => ({ kind: 'integer', value });
export const flag = (value: boolean): Attribute => integer(value ? 1 : 0);
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });
export const list = (value: readonly number[]): Attribute => ({ kind: 'integers', value });
