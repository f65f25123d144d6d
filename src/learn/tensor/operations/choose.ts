import { apply, integer } from '../graph/apply.ts';
import type { Value } from '../graph/value.ts';
import { broadcastShape, type Operand, operandValue } from './arithmetic.ts';
import { sumTo } from './sum-to.ts';

/** Elementwise, of integers or numbers: bool, no gradient. */
export const equal = (one: Value, other: Value): Value => compare('Equal', one, other);
export const less = (one: Value, other: Value): Value => compare('Less', one, other);
export const lessOrEqual = (one: Value, other: Value): Value => compare('LessOrEqual', one, other);
export const and = (one: Value, other: Value): Value => compare('And', one, other);

const compare = (operator: string, one: Value, other: Value): Value =>
  apply(operator, [one, other], { shape: broadcastShape(operator, one, other), type: 'bool' });

/** `yes` where the condition holds, `no` elsewhere. */
export function where(condition: Value, yes: Operand, no: Operand): Value {
  const a = operandValue(yes);
  const b = operandValue(no);
  const both = broadcastShape('Where', a, b);
  const shape = broadcastShape('Where', condition, { ...a, shape: both });
  return apply('Where', [condition, a, b], {
    shape,
    type: a.type,
    gradient: (gradient) => [
      undefined,
      sumTo(where(condition, gradient, 0), a.shape),
      sumTo(where(condition, 0, gradient), b.shape),
    ],
  });
}

/** 1 where the condition holds, 0 elsewhere. */
export const indicator = (condition: Value): Value =>
  apply('Cast', [condition], { shape: condition.shape, attributes: { to: integer(1) } });

/** The larger of two; where they are equal, what flows back goes to the first. */
export const maximum = (one: Operand, other: Operand): Value => extreme('Max', one, other, (a, b) => lessOrEqual(b, a));

/** The smaller of two; where they are equal, what flows back goes to the first. */
export const minimum = (one: Operand, other: Operand): Value => extreme('Min', one, other, lessOrEqual);

function extreme(operator: string, one: Operand, other: Operand, isFirst: (a: Value, b: Value) => Value): Value {
  const a = operandValue(one);
  const b = operandValue(other);
  return apply(operator, [a, b], {
    shape: broadcastShape(operator, a, b),
    gradient: (gradient) => {
      const first = isFirst(a, b);
      return [sumTo(where(first, gradient, 0), a.shape), sumTo(where(first, 0, gradient), b.shape)];
    },
  });
}
