import type { Node, Value } from './value.ts';
import { type Mode, resolve } from './walk.ts';

/** Nodes that are so near to what is fed are made when they are needed, not as soon as they can be. */
const near = 2;

/**
 * The nodes in an order that makes ONNX Runtime compute each soon after what it needs, while that is still in the
 * cache. It goes back from the outputs, and of a node's inputs first to the one that comes last in the file. So the
 * file is filled from its end, each time with the node that could be computed first of those that nothing in front of
 * them needs any more.
 *
 * @param nodes each after what it needs
 */
export function inFileOrder(nodes: readonly Node[], mode: Mode): readonly Node[] {
  const needs = new Map(nodes.map((node) => [node, new Set(node.inputs.flatMap((value) => madeBy(value, mode)))]));
  const depths = new Map<Node, number>();
  const readers = new Map(nodes.map((node) => [node, 0]));
  for (const [node, needed] of needs) {
    depths.set(node, 1 + Math.max(0, ...[...needed].map((each) => depths.get(each) ?? 0)));
    for (const each of needed) readers.set(each, (readers.get(each) ?? 0) + 1);
  }
  const rank = (node: Node) => {
    const depth = depths.get(node) ?? 0;
    return depth > near ? depth : Number.POSITIVE_INFINITY;
  };
  const ready = nodes.filter((node) => readers.get(node) === 0);
  const backwards: Node[] = [];
  for (let next = takeLeast(ready, rank); next; next = takeLeast(ready, rank)) {
    backwards.push(next);
    for (const each of needs.get(next) ?? []) {
      const left = (readers.get(each) ?? 0) - 1;
      readers.set(each, left);
      if (left === 0) ready.push(each);
    }
  }
  return backwards.toReversed();
}

const madeBy = (value: Value, mode: Mode): readonly Node[] => {
  const { source } = resolve(value, mode);
  return source.kind === 'node' ? [source.node] : [];
};

/** Takes the node of the lowest rank out of the list. */
function takeLeast(nodes: Node[], rank: (node: Node) => number): Node | undefined {
  let least = 0;
  for (let n = 1; n < nodes.length; n++) {
    const [node, best] = [nodes[n], nodes[least]];
    if (node && best && rank(node) < rank(best)) least = n;
  }
  return nodes.splice(least, 1)[0];
}
