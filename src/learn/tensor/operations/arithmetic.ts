import { apply } from '../graph/apply.ts';
import { broadcast, type Shape } from '../graph/shape.ts';
import { describe, scalar, type Value } from '../graph/value.ts';
import { sumTo } from './sum-to.ts';

/** Elementwise operations broadcast as NumPy does; a number stands for a scalar. */
export type Operand = Value | number;

export function add(one: Operand, other: Operand): Value {
  return elementwise('Add', one, other, (gradient) => [gradient, gradient]);
}

export function subtract(one: Operand, other: Operand): Value {
  return elementwise('Sub', one, other, (gradient) => [gradient, negate(gradient)]);
}

export function multiply(one: Operand, other: Operand): Value {
  return elementwise('Mul', one, other, (gradient, a, b) => [multiply(gradient, b), multiply(gradient, a)]);
}

export function divide(one: Operand, other: Operand): Value {
  return elementwise('Div', one, other, (gradient, _, b, quotient) => {
    const back = divide(gradient, b);
    return [back, negate(multiply(back, quotient))];
  });
}

export function negate(value: Value): Value {
  return apply('Neg', [value], { shape: value.shape, gradient: (gradient) => [negate(gradient)] });
}

/** Of numbers greater than 0. */
export function squareRoot(value: Value): Value {
  return apply('Sqrt', [value], {
    shape: value.shape,
    gradient: (gradient, root) => [divide(gradient, multiply(2, root))],
  });
}

export const square = (value: Value): Value => multiply(value, value);

export function exponential(value: Value): Value {
  return apply('Exp', [value], { shape: value.shape, gradient: (gradient, power) => [multiply(gradient, power)] });
}

export function logarithm(value: Value): Value {
  return apply('Log', [value], { shape: value.shape, gradient: (gradient) => [divide(gradient, value)] });
}

function elementwise(
  operator: string,
  one: Operand,
  other: Operand,
  gradient: (gradient: Value, a: Value, b: Value, output: Value) => readonly [Value, Value],
): Value {
  const a = operandValue(one);
  const b = operandValue(other);
  const shape = broadcastShape(operator, a, b);
  const backward = (from: Value, output: Value) => {
    const [left, right] = gradient(from, a, b, output);
    return [sumTo(left, a.shape), sumTo(right, b.shape)];
  };
  return apply(operator, [a, b], { shape, gradient: backward });
}

/** @throws Error if the two do not broadcast */
export function broadcastShape(operator: string, a: Value, b: Value): Shape {
  const shape = broadcast(a.shape, b.shape);
  if (shape) return shape;
  throw new Error(`${operator} of ${describe(a)} and ${describe(b)}: the shapes do not broadcast.`);
}

/** A number as a scalar. */
export const operandValue = (operand: Operand): Value => (typeof operand === 'number' ? scalar(operand) : operand);
