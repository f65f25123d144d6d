import type { Shape } from '../graph/shape.ts';
import type { Attribute } from '../onnx/model.ts';
import type { Numbers } from './array.reference.ts';

/** What a kernel knows besides its inputs. */
export type Facts = {
  readonly shapes: readonly Shape[];
  integer(name: string): number;
  integers(name: string): readonly number[];
  number(name: string): number;
  text(name: string): string;
};

export type Kernel = (inputs: readonly Numbers[], facts: Facts) => readonly Numbers[];

const none: Numbers = { shape: [0], data: new Float64Array(0) };

/** A kernel of one output; inputs that it names and that are missing are empty. */
export function kernel(
  compute: (
    inputs: [Numbers, Numbers, Numbers, ...Numbers[]],
    facts: Facts & { readonly shapes: readonly [Shape, ...Shape[]] },
  ) => Numbers,
): Kernel {
  return ([a = none, b = none, c = none, ...rest], facts) => {
    const [shape = [], ...shapes] = facts.shapes;
    const known = { ...facts, shapes: [shape, ...shapes] as const };
    return [compute([a, b, c, ...rest], known)];
  };
}

export function factsOf(attributes: Readonly<Record<string, Attribute>>, shapes: readonly Shape[]): Facts {
  const missing = (name: string) => new Error(`There is no attribute ${name} of that kind.`);
  return {
    shapes,
    integer(name) {
      const found = attributes[name];
      if (found?.kind === 'integer') return found.value;
      throw missing(name);
    },
    integers(name) {
      const found = attributes[name];
      if (found?.kind === 'integers') return found.value;
      throw missing(name);
    },
    number(name) {
      const found = attributes[name];
      if (found?.kind === 'float') return found.value;
      throw missing(name);
    },
    text(name) {
      const found = attributes[name];
      if (found?.kind === 'text') return found.value;
      throw missing(name);
    },
  };
}
