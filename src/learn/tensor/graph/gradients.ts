import { add } from '../operations/arithmetic.ts';
import { sizeOf } from './shape.ts';
import { type Contribution, describe, type Gradient, scalar, type Value } from './value.ts';

/** A step of the way back: where gradients come from, where they go, and how. */
type Link = { readonly outputs: readonly Value[]; readonly inputs: readonly Value[]; readonly gradient: Gradient };

/**
 * Reverse-mode differentiation: the gradient of a scalar for each of `of`, undefined where it does not depend on one.
 * Only what lies between the scalar and `of` is differentiated, and nothing before a value of `of`.
 *
 * @throws Error if the loss is no scalar
 */
export function gradients(loss: Value, of: readonly Value[]): readonly (Value | undefined)[] {
  if (sizeOf(loss.shape) !== 1) throw new Error(`Only a scalar can be differentiated, not ${describe(loss)}.`);
  const wanted = new Set(of);
  const contributions = new Map<Value, Contribution[]>([[loss, [scalar(1)]]]);
  const sums = new Map<Value, Value>();
  for (const { outputs, inputs, gradient } of linksBetween(loss, wanted).toReversed()) {
    const flowing = outputs.map(sumFor);
    if (flowing.every((value) => value === undefined)) continue;
    const back = gradient(flowing, outputs);
    for (const [index, value] of inputs.entries()) {
      const contribution = back[index];
      if (contribution) contributions.set(value, [...(contributions.get(value) ?? []), contribution]);
    }
  }
  return of.map(sumFor);

  function sumFor(value: Value): Value | undefined {
    const known = sums.get(value);
    if (known) return known;
    const parts = contributions.get(value);
    if (!parts) return undefined;
    const sum = accumulate(parts);
    sums.set(value, sum);
    return sum;
  }
}

/** Plain values first; then products and scatters, which add themselves onto what is there. */
function accumulate(contributions: readonly Contribution[]): Value {
  let sum: Value | undefined;
  for (const part of contributions) if (!('addTo' in part)) sum = sum ? add(sum, part) : part;
  for (const part of contributions) if ('addTo' in part) sum = part.addTo(sum);
  if (!sum) throw new Error('A sum of no gradients.');
  return sum;
}

/** Links that carry gradient from the loss to a wanted value, those nearest to the wanted values first. */
function linksBetween(loss: Value, wanted: ReadonlySet<Value>): Link[] {
  const carries = new Map<Value, boolean>();
  const links = new Set<Link>();
  const linkOf = linker();
  const stack = [{ value: loss, ready: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { value, ready } = top;
    if (carries.has(value)) continue;
    const link = wanted.has(value) ? undefined : linkOf(value);
    if (!link) carries.set(value, wanted.has(value));
    else if (ready) {
      const carried = link.inputs.some((used) => carries.get(used));
      carries.set(value, carried);
      if (carried) links.add(link);
    } else {
      stack.push({ value, ready: true });
      for (const used of link.inputs) stack.push({ value: used, ready: false });
    }
  }
  return [...links];
}

/** The link behind a value, one for all outputs of a node. */
function linker(): (value: Value) => Link | undefined {
  const known = new Map<object, Link>();
  return (value) => {
    const { source } = value;
    if (source.kind !== 'node' && source.kind !== 'alias') return undefined;
    const { inputs, gradient } = source.kind === 'node' ? source.node : source;
    if (!gradient) return undefined;
    const key = source.kind === 'node' ? source.node : value;
    const link = known.get(key) ?? {
      outputs: source.kind === 'node' ? source.node.outputs : [value],
      inputs,
      gradient,
    };
    known.set(key, link);
    return link;
  };
}
