import { noCurrentItem } from './check-attribute.ts';
import type { EventCondition, Placeholder, Several } from './filter.ts';
import { invalidExpression } from './filter-error.ts';
import { type ConditionSyntax, type LiteralSyntax, type LiteralsSyntax, mapAll, type StarSyntax } from './syntax.ts';

/**
 * Checks a condition on EVENT_TYPE: `IN`, `NOT IN`, or `=` with one literal, which is the same as `IN`.
 *
 * @param star what stands for any event, or a refusal
 * @throws FilterError with the position of the value, or of the field where its operator does not suit
 */
export function checkEvent<Star>(
  { field, operator, right }: ConditionSyntax,
  star: (at: number) => Star,
): EventCondition<Placeholder, Star> {
  if (right.kind === 'current-item') return noCurrentItem(right);
  switch (operator) {
    case 'IN':
      if (right.kind === 'placeholder') return { operator, right: { kind: 'placeholder', name: right.name } };
      return { operator, right: eventTypes(right, star) };
    case 'NOT IN':
      return { operator, right: eventTypes(right, star) };
    case '=':
      if (right.kind === 'placeholder') break;
      return { operator: 'IN', right: eventTypes({ kind: 'literals', literals: [right] }, star) };
  }
  throw invalidExpression(`${field.name} takes IN and NOT IN, with a placeholder IN alone`, field.at);
}

function eventTypes<Star>(right: LiteralsSyntax | StarSyntax, star: (at: number) => Star): Several | Star {
  if (right.kind === 'star') return star(right.at);
  const [first, ...others] = right.literals;
  if (first.text === '*' && others.length === 0) return star(first.at);
  return { kind: 'values', values: mapAll(right.literals, eventType) };
}

function eventType({ kind, text, at }: LiteralSyntax): string {
  if (kind === 'number') throw invalidExpression(`an event type is a string: write "${text}"`, at);
  return text;
}
