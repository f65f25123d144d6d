import { isDecimal } from '../../util/decimal.ts';
import {
  type AttributeCondition,
  type Column,
  type CurrentItem,
  isNumber,
  type Placeholder,
  type Several,
  type Single,
} from './filter.ts';
import { invalidExpression } from './filter-error.ts';
import {
  type ConditionSyntax,
  type CurrentItemSyntax,
  type LiteralSyntax,
  type LiteralsSyntax,
  mapAll,
  type PlaceholderSyntax,
  type StarSyntax,
  type TestSyntax,
} from './syntax.ts';

/**
 * Checks a condition on a column: the operator must suit the column, and each literal must be of its type.
 *
 * @param reference finds the column of CurrentItem, or refuses it
 * @throws FilterError with the position of the value, or of the field where its operator does not suit
 */
export function checkAttribute<Reference extends CurrentItem>(
  condition: ConditionSyntax | TestSyntax,
  column: Column,
  reference: (syntax: CurrentItemSyntax) => Reference,
): AttributeCondition<Placeholder, Reference> {
  const operand = new Operand(column, reference);
  const { operator, right, field } = condition;
  switch (operator) {
    case 'IN':
      return { column, operator, right: right.kind === 'placeholder' ? placeholder(right) : operand.several(right) };
    case 'NOT IN':
      return { column, operator, right: operand.several(right) };
    case '=':
    case '!=':
      return { column, operator, right: operand.single(right) };
    default:
      if (isNumber(column)) return { column, operator, right: operand.single(right) };
      throw invalidExpression(`${operator} compares numbers, and ${column.name} is a string`, field.at);
  }
}

/** For conditions on anything but items, and tests of the user. @throws FilterError always */
export function noCurrentItem({ at }: CurrentItemSyntax): never {
  throw invalidExpression('CurrentItem can only be compared to a field of Items', at);
}

/** Reads what stands to the right of an operator, for one column. */
class Operand<Reference extends CurrentItem> {
  readonly #column: Column;
  readonly #reference: (syntax: CurrentItemSyntax) => Reference;

  constructor(column: Column, reference: (syntax: CurrentItemSyntax) => Reference) {
    this.#column = column;
    this.#reference = reference;
  }

  single(right: LiteralSyntax | PlaceholderSyntax | CurrentItemSyntax): Single | Placeholder | Reference {
    if (right.kind === 'placeholder') return placeholder(right);
    if (right.kind === 'current-item') return this.#currentItem(right);
    return { kind: 'values', values: [this.#literal(right)] };
  }

  several(right: LiteralsSyntax | CurrentItemSyntax | StarSyntax): Several | Reference {
    if (right.kind === 'current-item') return this.#currentItem(right);
    if (right.kind === 'literals') {
      return { kind: 'values', values: mapAll(right.literals, (literal) => this.#literal(literal)) };
    }
    throw invalidExpression('* stands for any event type of Interactions alone', right.at);
  }

  #literal({ kind, text, at }: LiteralSyntax): string {
    const { name } = this.#column;
    if (isNumber(this.#column)) {
      // Numbers in quotes are accepted, as in the values of a request.
      if (kind === 'string' && !isDecimal(text)) throw invalidExpression(`${name} is a number, and this is none`, at);
    } else if (kind === 'number') throw invalidExpression(`${name} is a string: write "${text}"`, at);
    return text;
  }

  #currentItem(syntax: CurrentItemSyntax): Reference {
    const reference = this.#reference(syntax);
    const own = this.#column;
    if (isNumber(reference.column) === isNumber(own)) return reference;
    const reason = `${own.name} and ${reference.column.name} cannot be compared: only one of them is a number`;
    throw invalidExpression(reason, syntax.at);
  }
}

const placeholder = ({ name }: PlaceholderSyntax): Placeholder => ({ kind: 'placeholder', name });
