import type { Entry } from './graph/scope.ts';
import { sizeOf } from './graph/shape.ts';
import type { Value } from './graph/value.ts';
import { concat } from './operations/join.ts';
import { reshape } from './operations/reshape.ts';

/**
 * Parameters that the optimiser moves as one: small dense ones end to end as a vector, because each operator of a graph
 * costs a microsecond whatever its size and a small model has dozens of parameters; a large one or a table alone, as it
 * is.
 */
export type Slab = {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Whether its parameters are matrices, which weight decay is for. */
  readonly decays: boolean;
};

/** Elements from which a parameter stands alone: to lay it end to end with others would cost more than it saves. */
const large = 1 << 16;

export function slabsOf(entries: readonly Entry[]): readonly Slab[] {
  const decays = ({ parameter }: Entry) => parameter.shape.length >= 2;
  const alone = ({ parameter, touched }: Entry) => touched !== undefined || sizeOf(parameter.shape) >= large;
  const small = entries.filter((entry) => !alone(entry));
  const matrices = small.filter(decays);
  const vectors = small.filter((entry) => !decays(entry));
  return [...entries.filter(alone).map((entry) => [entry]), matrices, vectors]
    .filter((group) => group.length > 0)
    .map((group) => ({ name: nameOf(group), entries: group, decays: group.every(decays) }));
}

const nameOf = ([first, ...others]: readonly Entry[]) =>
  first && others.length === 0 ? first.parameter.name : `${first?.parameter.name} and ${others.length} more`;

/** One value for the slab from a value for each of its parameters. */
export function laidOut({ entries }: Slab, of: (entry: Entry) => Value): Value {
  const values = entries.map(of);
  const [only] = values;
  return only && values.length === 1
    ? only
    : concat(
        values.map((value) => reshape(value, [-1])),
        0,
      );
}
