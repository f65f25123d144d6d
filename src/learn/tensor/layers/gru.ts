import { glorot, zeros } from '../graph/initialisers.ts';
import type { Scope } from '../graph/scope.ts';
import { describe, type Value } from '../graph/value.ts';
import { sigmoid, tanh } from '../operations/activation.ts';
import { add, multiply, subtract } from '../operations/arithmetic.ts';
import { concat, split } from '../operations/join.ts';
import { affine } from '../operations/matmul.ts';
import { reshape } from '../operations/reshape.ts';
import { linear } from './linear.ts';

/**
 * A gated recurrent unit (Cho et al. 2014, with the reset gate after the product, as cuDNN has it) unrolled over the
 * steps of x [steps, rows, width]. Its state begins as `state` [rows, hidden]: zeros, what an earlier piece of the same
 * sequences ended with, or what a recurrence above it says (a hierarchical one). Where `starts` [steps, rows] is 1, the
 * state of a row begins afresh from `fresh` [rows, hidden], or from 0, before that step. Parts `input` and `recurrent`.
 *
 * @returns all states [steps, rows, hidden], and the last one
 * @throws Error if the shapes do not fit
 */
export function gru(
  scope: Scope,
  x: Value,
  state: Value,
  restart?: { readonly starts: Value; readonly fresh?: Value },
): { readonly states: Value; readonly last: Value } {
  const [steps = 0, rows = 0] = x.shape;
  const [stateRows, hidden = 0] = state.shape;
  if (x.shape.length !== 3 || state.shape.length !== 2 || stateRows !== rows) {
    throw new Error(`gru: ${describe(state)} is no state [rows, hidden] of ${describe(x)}.`);
  }
  const each = new Array<number>(steps).fill(1);
  const inputs = split(linear(scope.in('input'), x, 3 * hidden), each, 0);
  const starts = restart && split(reshape(restart.starts, [steps, rows, 1]), each, 0);
  const states: Value[] = [];
  let last = state;
  for (const [step, projected] of inputs.entries()) {
    const start = starts?.[step];
    if (start) last = restarted(last, reshape(start, [rows, 1]), restart?.fresh);
    last = gruCell(scope.in('recurrent'), reshape(projected, [rows, 3 * hidden]), last);
    states.push(reshape(last, [1, rows, hidden]));
  }
  return { states: concat(states, 0), last };
}

/**
 * One step from a state [rows, hidden], with what the input says to the gates, [rows, 3 · hidden]. Parameters `weight`,
 * `bias`.
 */
export function gruCell(scope: Scope, projected: Value, state: Value): Value {
  const [, hidden = 0] = state.shape;
  const weight = scope.parameter('weight', [hidden, 3 * hidden], glorot);
  const bias = scope.parameter('bias', [3 * hidden], zeros);
  const thirds = [hidden, hidden, hidden];
  const [xReset, xUpdate, xNew] = split(projected, thirds, 1);
  const [hReset, hUpdate, hNew] = split(affine(state, weight, bias), thirds, 1);
  if (!xReset || !xUpdate || !xNew || !hReset || !hUpdate || !hNew) throw new Error('A third of the gates is missing.');
  const reset = sigmoid(add(xReset, hReset));
  const update = sigmoid(add(xUpdate, hUpdate));
  const candidate = tanh(add(xNew, multiply(reset, hNew)));
  return add(candidate, multiply(update, subtract(state, candidate)));
}

function restarted(state: Value, start: Value, fresh: Value | undefined): Value {
  return fresh ? add(state, multiply(start, subtract(fresh, state))) : multiply(state, subtract(1, start));
}
