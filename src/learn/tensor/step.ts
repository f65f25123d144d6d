import { gradients } from './graph/gradients.ts';
import type { Entry, Scope } from './graph/scope.ts';
import type { Shape } from './graph/shape.ts';
import { describe, input, type Value } from './graph/value.ts';
import { reach } from './graph/walk.ts';
import { gather } from './operations/gather.ts';
import { clipByNorm } from './optimisers/clip.ts';
import type { Optimiser } from './optimisers/optimiser.ts';

/** What a step computes, by the names of its outputs. */
export type StepGraph = {
  readonly outputs: Readonly<Record<string, Value>>;
  /** Parameters that the loss depends on: the others stay as they are. */
  readonly learnt: readonly Learnt[];
};

export type Learnt = {
  readonly name: string;
  readonly shape: Shape;
  /** Names of its moments. */
  readonly moments: readonly string[];
  /** Of a table: the input that names the rows that a step touches. */
  readonly touched: string | undefined;
};

const momentName = (parameter: string, moment: string) => `${parameter}/${moment}`;
/** The tensor of this name after the step; of a table, its touched rows. */
export const nextName = (tensor: string) => `${tensor}/next`;
export const scalarName = (scalar: string) => `optimiser/${scalar}`;
export const lossName = 'step/loss';

/**
 * One step as one graph: the loss, its gradients, the optimiser's update.
 *
 * @throws Error if the loss depends on no parameter, or on a table otherwise than through its touched rows
 */
export function stepGraph(scope: Scope, loss: Value, optimiser: Optimiser, clipNorm?: number): StepGraph {
  const targets = scope.entries.map(({ value, touched }) => touched?.rows ?? value);
  const found = gradients(loss, targets);
  const entries = scope.entries.filter((_, index) => found[index]);
  if (entries.length === 0) throw new Error(`${describe(loss)} depends on no parameter.`);
  for (const entry of scope.entries) if (entry.touched) refuseOtherReads(entry, loss);

  const raw = found.filter((value) => value !== undefined);
  const clipped = clipNorm === undefined ? raw : clipByNorm(raw, clipNorm);
  const scalars = Object.fromEntries(optimiser.scalars.map((name) => [name, input(scalarName(name), [])]));
  const updates = entries.map((entry, index) => {
    const gradient = clipped[index];
    if (!gradient) throw new Error('A parameter is learnt without a gradient.');
    return updateOf(entry, gradient, optimiser, scalars);
  });
  return {
    outputs: Object.assign({ [lossName]: loss }, ...updates),
    learnt: entries.map((entry) => learntOf(entry, optimiser)),
  };
}

function learntOf({ parameter: { name, shape }, touched }: Entry, optimiser: Optimiser): Learnt {
  const moments = optimiser.moments.map((moment) => momentName(name, moment));
  const source = touched?.ids.source;
  return { name, shape, moments, touched: source?.kind === 'input' ? source.name : undefined };
}

/** What the optimiser makes of a parameter and its moments: of a table, of its touched rows. */
function updateOf(
  { parameter: { name, shape }, value, touched }: Entry,
  gradient: Value,
  optimiser: Optimiser,
  scalars: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const moments = optimiser.moments.map((moment) => input(momentName(name, moment), shape));
  const after = optimiser.update({
    parameter: touched?.rows ?? value,
    gradient,
    moments: touched ? moments.map((moment) => gather(moment, touched.ids)) : moments,
    scalars,
  });
  const next = after.moments.map((moment, n) => [nextName(momentName(name, optimiser.moments[n] ?? '')), moment]);
  return { [nextName(name)]: after.parameter, ...Object.fromEntries(next) };
}

/** A table gets its gradient through its touched rows alone. */
function refuseOtherReads({ value, touched }: Entry, loss: Value): void {
  const reader = reach([loss], 'step').nodes.find(
    (node) => node.inputs.includes(value) && !(touched && node.outputs.includes(touched.rows)),
  );
  if (!reader) return;
  throw new Error(`${describe(value)} is read by ${reader.operator} in training: read its touched rows there.`);
}
