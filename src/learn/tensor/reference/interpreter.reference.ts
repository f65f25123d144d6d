import type { Node, Value } from '../graph/value.ts';
import { type Mode, reach, resolve } from '../graph/walk.ts';
import { element, fill, type Numbers } from './array.reference.ts';
import { elementwise } from './elementwise.reference.ts';
import { factsOf, type Kernel } from './kernel.reference.ts';
import { products } from './products.reference.ts';
import { structure } from './structure.reference.ts';

const kernels: Readonly<Record<string, Kernel>> = { ...structure, ...products };

/** Computes a graph as ONNX Runtime would, in float64 and plainly. `leaf` gives inputs, parameters and masks. */
export function interpret(outputs: readonly Value[], mode: Mode, leaf: (value: Value) => ArrayLike<number>): Numbers[] {
  const { nodes, leaves } = reach(outputs, mode);
  const known = new Map<Value, Numbers>();
  for (const value of leaves) {
    const { source, shape } = value;
    const data = source.kind === 'constant' ? Float64Array.from(source.data, Number) : Float64Array.from(leaf(value));
    known.set(value, { shape, data });
  }
  for (const node of nodes) {
    const results = computed(node, node.inputs.map(numbersOf));
    for (const [index, output] of node.outputs.entries()) {
      const result = results[index];
      if (result) known.set(output, result);
    }
  }
  return outputs.map(numbersOf);

  function numbersOf(value: Value): Numbers {
    const numbers = known.get(resolve(value, mode));
    if (!numbers) throw new Error('A node comes before what it needs.');
    return numbers;
  }
}

function computed({ operator, attributes, outputs }: Node, inputs: readonly Numbers[]): readonly Numbers[] {
  const shapes = outputs.map(({ shape }) => shape);
  const [shape = []] = shapes;
  const each = elementwise[operator];
  if (each) return [fill(shape, (index) => each(...inputs.map((numbers) => element(numbers, index))))];
  const kernel = kernels[operator];
  if (!kernel) throw new Error(`The interpreter does not know ${operator}.`);
  return kernel(inputs, factsOf(attributes, shapes));
}
