import { earlyOutputs } from './early.ts';
import { gradients } from './graph/gradients.ts';
import { zeros } from './graph/initialisers.ts';
import type { Entry, Scope } from './graph/scope.ts';
import { describe, input, type Parameter, type Value } from './graph/value.ts';
import { reach } from './graph/walk.ts';
import { gather } from './operations/gather.ts';
import { clipByNorm } from './optimisers/clip.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import { laidOut, type Slab, slabsOf } from './slab.ts';

/** What a step computes, by the names of its outputs. */
export type StepGraph = {
  readonly outputs: Readonly<Record<string, Value>>;
  /** What the loss depends on: other parameters stay as they are. */
  readonly learnt: readonly StepResult[];
};

/** Parameters that move as one. */
export type StepResult = {
  readonly name: string;
  /** Those that `name`'s next numbers are, end to end. */
  readonly parameters: readonly Parameter[];
  /** What the optimiser keeps beside them. */
  readonly moments: readonly Parameter[];
  /** Of a table: the input that names the rows that a step touches. */
  readonly touched: string | undefined;
};

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
  const gradientOf = new Map(scope.entries.map((entry, index) => [entry, found[index]]));
  const slabs = slabsOf(scope.entries.filter((entry) => gradientOf.get(entry)));
  if (slabs.length === 0) throw new Error(`${describe(loss)} depends on no parameter.`);
  for (const entry of scope.entries) if (entry.touched) refuseOtherReads(entry, loss);

  const raw = slabs.map((slab) => laidOut(slab, (entry) => known(gradientOf.get(entry))));
  const clipped = clipNorm === undefined ? raw : clipByNorm(raw, clipNorm);
  const scalars = Object.fromEntries(optimiser.scalars.map((name) => [name, input(scalarName(name), [])]));
  const early = earlyOutputs(found.filter((value) => value !== undefined));
  const updates = slabs.map((slab, index) => updateOf(slab, known(clipped[index]), optimiser, scalars));
  return {
    outputs: Object.assign({ [lossName]: loss }, early, ...updates.map(({ outputs }) => outputs)),
    learnt: updates.map(({ learnt }) => learnt),
  };
}

/** What the optimiser makes of a slab and its moments: of a table, of its touched rows. */
function updateOf(
  slab: Slab,
  gradient: Value,
  optimiser: Optimiser,
  scalars: Readonly<Record<string, Value>>,
): { readonly outputs: Record<string, Value>; readonly learnt: StepResult } {
  const { name, entries, decays } = slab;
  const [first] = entries;
  const touched = first?.touched;
  const shape = touched ? first.parameter.shape : gradient.shape;
  const moments = optimiser.moments.map((moment) => ({ name: `${name}/${moment}`, shape, initialise: zeros }));
  const before = moments.map((moment) => input(moment.name, shape));
  const after = optimiser.update({
    parameter: laidOut(slab, (entry) => entry.touched?.rows ?? entry.value),
    gradient,
    moments: touched ? before.map((moment) => gather(moment, touched.ids)) : before,
    scalars,
    decays,
  });
  const next = moments.map((moment, n) => [nextName(moment.name), known(after.moments[n])]);
  const source = touched?.ids.source;
  return {
    outputs: { [nextName(name)]: after.parameter, ...Object.fromEntries(next) },
    learnt: {
      name,
      parameters: entries.map(({ parameter }) => parameter),
      moments,
      touched: source?.kind === 'input' ? source.name : undefined,
    },
  };
}

/** A table gets its gradient through its touched rows alone. */
function refuseOtherReads({ value, touched }: Entry, loss: Value): void {
  const reader = reach([loss], 'step').nodes.find(
    (node) => node.inputs.includes(value) && !(touched && node.outputs.includes(touched.rows)),
  );
  if (!reader) return;
  throw new Error(`${describe(value)} is read by ${reader.operator} in training: read its touched rows there.`);
}

function known(value: Value | undefined): Value {
  if (!value) throw new Error('A gradient or a moment is missing.');
  return value;
}
