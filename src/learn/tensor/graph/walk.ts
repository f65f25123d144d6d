import type { Node, Value } from './value.ts';

/** In inference dropouts do nothing; in a step they do. */
export type Mode = 'step' | 'inference';

/** The value that stands for this one in the mode: aliases are followed. */
export function resolve(value: Value, mode: Mode): Value {
  const { source } = value;
  if (source.kind !== 'alias') return value;
  return resolve(mode === 'step' ? source.of : source.inference, mode);
}

/**
 * The nodes that the values need and the inputs, parameters, constants and masks that these need, each after what it
 * needs.
 */
export function reach(outputs: readonly Value[], mode: Mode): { nodes: readonly Node[]; leaves: readonly Value[] } {
  const nodes = new Set<Node>();
  const leaves = new Set<Value>();
  // Graphs of unrolled recurrences are thousands of nodes deep: a stack of our own, not the engine's.
  const stack = outputs.map((output) => ({ value: resolve(output, mode), ready: false }));
  stack.reverse();
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { value, ready } = top;
    const { source } = value;
    if (source.kind !== 'node') leaves.add(value);
    else if (ready) nodes.add(source.node);
    else if (!nodes.has(source.node)) {
      stack.push({ value, ready: true });
      for (const used of source.node.inputs.toReversed()) stack.push({ value: resolve(used, mode), ready: false });
    }
  }
  return { nodes: [...nodes], leaves: [...leaves] };
}
