import { gradients } from './graph/gradients.ts';
import type { Entry, Scope } from './graph/scope.ts';
import { constant, describe, input, type Value } from './graph/value.ts';
import { reach } from './graph/walk.ts';
import { less, where } from './operations/choose.ts';
import { gather, replaceRows } from './operations/gather.ts';
import { reshape } from './operations/reshape.ts';
import { clipByNorm, globalNorm } from './optimisers/clip.ts';
import type { Optimiser } from './optimisers/optimiser.ts';

/** What a step computes, by the names of its outputs. */
export type StepGraph = {
  readonly outputs: Readonly<Record<string, Value>>;
  /** Parameters that the loss depends on: the others stay as they are. */
  readonly learnt: readonly Entry[];
};

export const momentName = (parameter: string, moment: string) => `${parameter}/${moment}`;
/** The tensor of this name after the step. */
export const nextName = (tensor: string) => `${tensor}/next`;
export const scalarName = (scalar: string) => `optimiser/${scalar}`;
export const lossName = 'step/loss';

/**
 * One step as one graph: the loss, its gradients, the optimiser's update. `also` are values to have beside the loss.
 *
 * @throws Error if the loss depends on no parameter, or on a table otherwise than through its touched rows
 */
export function stepGraph(
  scope: Scope,
  loss: Value,
  optimiser: Optimiser,
  options: { readonly clipNorm?: number; readonly also?: Readonly<Record<string, Value>> } = {},
): StepGraph {
  const targets = scope.entries.map(({ value, touched }) => touched?.rows ?? value);
  const found = gradients(loss, targets);
  const learnt = scope.entries.filter((_, index) => found[index]);
  if (learnt.length === 0) throw new Error(`${describe(loss)} depends on no parameter.`);
  for (const entry of scope.entries)
    if (entry.touched) refuseOtherReads(entry, [loss, ...Object.values(options.also ?? {})]);

  const raw = found.filter((value) => value !== undefined);
  const clipped = options.clipNorm === undefined ? raw : clipByNorm(raw, globalNorm(raw), options.clipNorm);
  const scalars = Object.fromEntries(optimiser.scalars.map((name) => [name, input(scalarName(name), [])]));
  const updates = learnt.map((entry, index) => {
    const gradient = clipped[index];
    if (!gradient) throw new Error('A parameter is learnt without a gradient.');
    return updateOf(entry, gradient, optimiser, scalars);
  });
  return { outputs: Object.assign({ [lossName]: loss, ...options.also }, ...updates), learnt };
}

function updateOf(
  { parameter: { name, shape }, value, touched }: Entry,
  gradient: Value,
  optimiser: Optimiser,
  scalars: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const moments = optimiser.moments.map((moment) => input(momentName(name, moment), shape));
  const rowsOf = (of: Value) => (touched ? gather(of, touched.ids) : of);
  const before = { parameter: touched?.rows ?? value, moments: moments.map(rowsOf) };
  const after = optimiser.update({ ...before, gradient, scalars });
  const written = (table: Value, old: Value, fresh: Value) =>
    touched ? replaceRows(table, touched.ids, where(counted(touched), fresh, old)) : fresh;
  return {
    [nextName(name)]: written(value, before.parameter, after.parameter),
    ...Object.fromEntries(
      optimiser.moments.map((moment, n) => {
        const [table, old, fresh] = [moments[n], before.moments[n], after.moments[n]];
        if (!table || !old || !fresh) throw new Error(`The optimiser lost the moment ${moment}.`);
        return [nextName(momentName(name, moment)), written(table, old, fresh)];
      }),
    ),
  };
}

/** Which of the touched rows count: the list is filled up with rows that must stay as they are. */
function counted({ ids, count }: NonNullable<Entry['touched']>): Value {
  const rows = ids.shape[0] ?? 0;
  return reshape(
    less(
      constant(
        Int32Array.from({ length: rows }, (_, row) => row),
        [rows],
      ),
      count,
    ),
    [rows, 1],
  );
}

/** The update of a table happens in place, which is right only if nothing else reads the table. */
function refuseOtherReads({ value, touched }: Entry, outputs: readonly Value[]): void {
  const reader = reach(outputs, 'step').nodes.find(
    (node) => node.inputs.includes(value) && !(touched && node.outputs.includes(touched.rows)),
  );
  if (!reader) return;
  throw new Error(`${describe(value)} is read by ${reader.operator} in training: read its touched rows there.`);
}
