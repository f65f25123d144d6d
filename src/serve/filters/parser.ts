import { invalidExpression, placeholderWithNotIn } from './filter-error.ts';
import { deepFreeze } from './freeze.ts';
import { characters, placeholderName } from './lexer.ts';
import {
  type ClauseSyntax,
  type ConditionSyntax,
  type CurrentItemSyntax,
  datasets,
  equalities,
  type FieldSyntax,
  type FilterSyntax,
  type LiteralSyntax,
  type LiteralsSyntax,
  type NameSyntax,
  type NonEmpty,
  orders,
  type PlaceholderSyntax,
  type StarSyntax,
  subjects,
  type TestSyntax,
} from './syntax.ts';
import { TokenStream } from './token-stream.ts';

/** The longest expression, in characters. */
export const expressionLength = 2500;

/**
 * Reads a filter expression by the grammar of the service. Keywords and names have any case; the tree is frozen.
 *
 * @throws FilterError with the position of the first token that no filter has there.
 */
export function parseFilter(expression: string): FilterSyntax {
  const length = characters(expression);
  if (length > expressionLength) {
    const reason = `it has ${length} characters, and ${expressionLength} is the most`;
    throw invalidExpression(reason, expressionLength + 1);
  }
  return deepFreeze(new Parser(expression).filter());
}

const comparisons = [...equalities, ...orders];

/** Recursive descent with one token of look-ahead: a method for each rule of the grammar. */
class Parser {
  readonly #tokens: TokenStream;

  constructor(expression: string) {
    this.#tokens = new TokenStream(expression);
  }

  filter(): FilterSyntax {
    const clauses = this.#separated(
      () => this.#clause(),
      () => this.#tokens.takeSymbol('|'),
    );
    if (this.#tokens.next.kind === 'end') return { clauses };
    const hasTests = clauses[clauses.length - 1].tests.length > 0;
    throw this.#tokens.unexpected(
      hasTests ? 'AND, | or the end' : 'AND, OR, IF, | or the end',
      this.#hintAfterClause(hasTests),
    );
  }

  #hintAfterClause(hasTests: boolean): string {
    if (!hasTests) return '';
    if (this.#tokens.isWord('OR')) return '; tests of the user are joined by AND alone';
    return this.#tokens.isWord('IF') ? '; a clause has only one IF' : '';
  }

  #clause(): ClauseSyntax {
    const action = this.#tokens.takeWord('INCLUDE', 'EXCLUDE');
    if (!action) throw this.#tokens.unexpected('INCLUDE or EXCLUDE');
    const subjectAt = this.#tokens.next.at;
    const subject = this.#tokens.takeWord(...subjects);
    if (!subject) throw this.#tokens.unexpected('ItemID, UserID or ActionID');
    if (!this.#tokens.takeWord('WHERE')) {
      throw this.#tokens.unexpected('WHERE', this.#tokens.isWord('IF') ? '; IF comes last' : '');
    }
    const where = this.#separated(
      () => this.#conjunction(),
      () => this.#tokens.takeWord('OR'),
    );
    const tests = this.#tokens.takeWord('IF') ? this.#tests() : [];
    return { action, subject, subjectAt, where, tests };
  }

  #conjunction(): NonEmpty<ConditionSyntax> {
    return this.#separated(
      () => this.#condition(),
      () => this.#tokens.takeWord('AND'),
    );
  }

  #tests(): NonEmpty<TestSyntax> {
    return this.#separated(
      () => this.#test(),
      () => this.#tokens.takeWord('AND'),
    );
  }

  #condition(): ConditionSyntax {
    const field = this.#field();
    const operator = this.#operator();
    switch (operator) {
      case 'IN': {
        const right =
          this.#currentItem() ?? this.#list(() => this.#star() ?? this.#placeholder() ?? this.#literals('IN'));
        return { field, operator, right };
      }
      case 'NOT IN': {
        const right = this.#currentItem() ?? this.#list(() => this.#star() ?? this.#literals('NOT IN'));
        return { field, operator, right };
      }
      default:
        return { field, operator, right: this.#currentItem() ?? this.#operand() };
    }
  }

  #test(): TestSyntax {
    const { at } = this.#tokens.next;
    if (!this.#tokens.takeWord('CurrentUser')) {
      throw this.#tokens.unexpected('CurrentUser, which is all that IF can test');
    }
    const field = { name: this.#fieldName().name, at };
    const operator = this.#operator();
    switch (operator) {
      case 'IN':
        return { field, operator, right: this.#list(() => this.#placeholder() ?? this.#literals('IN')) };
      case 'NOT IN':
        return { field, operator, right: this.#list(() => this.#literals('NOT IN')) };
      default:
        return { field, operator, right: this.#value() };
    }
  }

  #field(): FieldSyntax {
    const { at: datasetAt } = this.#tokens.next;
    // The guide prints `Action.` once for `Actions.`.
    const written = this.#tokens.takeWord(...datasets, 'Action');
    if (!written) throw this.#tokens.unexpected('a field, such as Items.GENRE', this.#hintForField());
    return { dataset: written === 'Action' ? 'Actions' : written, datasetAt, ...this.#fieldName() };
  }

  #hintForField(): string {
    if (this.#tokens.isSymbol('(')) return '; conditions cannot be grouped by parentheses';
    if (this.#tokens.isWord('NOT')) return '; NOT stands before IN alone';
    if (this.#tokens.isWord('CurrentUser')) return '; CurrentUser can be tested after IF alone';
    return this.#tokens.isWord('CurrentItem') ? '; CurrentItem stands to the right of an operator' : '';
  }

  #fieldName(): NameSyntax {
    if (!this.#tokens.takeSymbol('.')) throw this.#tokens.unexpected('. and the name of a field');
    const { kind, text: name, at } = this.#tokens.next;
    if (kind !== 'name') throw this.#tokens.unexpected('the name of a field');
    this.#tokens.take();
    return { name, at };
  }

  #operator(): ConditionSyntax['operator'] {
    const comparison = comparisons.find((symbol) => this.#tokens.takeSymbol(symbol));
    if (comparison) return comparison;
    const word = this.#tokens.takeWord('IN', 'NOT_IN', 'NOT');
    if (!word) throw this.#tokens.unexpected(`an operator (${comparisons.join(', ')}, IN or NOT IN)`);
    if (word === 'NOT' && !this.#tokens.takeWord('IN')) throw this.#tokens.unexpected('IN');
    return word === 'IN' ? 'IN' : 'NOT IN';
  }

  /** What a field is compared to, with parentheses or without. */
  #operand(): LiteralSyntax | PlaceholderSyntax {
    return this.#tokens.isSymbol('(') ? this.#list(() => this.#value()) : this.#value();
  }

  #value(): LiteralSyntax | PlaceholderSyntax {
    const value = this.#placeholder() ?? this.#literal();
    if (value) return value;
    const hint = this.#tokens.isWord('CurrentUser')
      ? '; no condition can compare to CurrentUser: use a placeholder'
      : '';
    throw this.#tokens.unexpected('a number, a text in quotes or a placeholder', hint);
  }

  #list<Right>(read: () => Right): Right {
    if (!this.#tokens.takeSymbol('(')) throw this.#tokens.unexpected('(');
    const right = read();
    if (this.#tokens.takeSymbol(')')) return right;
    throw this.#tokens.unexpected(')', this.#tokens.isSymbol(',') ? '; a placeholder stands alone' : '');
  }

  #literals(operator: 'IN' | 'NOT IN'): LiteralsSyntax {
    const literals = this.#separated(
      () => this.#listed(operator),
      () => this.#tokens.takeSymbol(','),
    );
    return { kind: 'literals', literals };
  }

  /** A literal in a list, where no placeholder may be among them. */
  #listed(operator: 'IN' | 'NOT IN'): LiteralSyntax {
    const { next } = this.#tokens;
    const placeholder = placeholderName(next);
    if (placeholder !== undefined && operator === 'NOT IN') throw placeholderWithNotIn(placeholder, next.at);
    const literal = placeholder === undefined ? this.#literal() : undefined;
    if (literal) return literal;
    throw this.#tokens.unexpected(
      'a number or a text in quotes',
      placeholder === undefined ? '' : '; a placeholder stands alone',
    );
  }

  #literal(): LiteralSyntax | undefined {
    const { kind, text, at } = this.#tokens.next;
    if (kind !== 'string' && kind !== 'number') return undefined;
    this.#tokens.take();
    return { kind, text, at };
  }

  #placeholder(): PlaceholderSyntax | undefined {
    const { at } = this.#tokens.next;
    const name = placeholderName(this.#tokens.next);
    if (name === undefined) return undefined;
    this.#tokens.take();
    return { kind: 'placeholder', name, at };
  }

  #star(): StarSyntax | undefined {
    const { at } = this.#tokens.next;
    return this.#tokens.takeSymbol('*') ? { kind: 'star', at } : undefined;
  }

  #currentItem(): CurrentItemSyntax | undefined {
    const { at } = this.#tokens.next;
    return this.#tokens.takeWord('CurrentItem')
      ? { kind: 'current-item', name: this.#fieldName().name, at }
      : undefined;
  }

  #separated<Element>(read: () => Element, takeSeparator: () => unknown): NonEmpty<Element> {
    const elements: [Element, ...Element[]] = [read()];
    while (takeSeparator()) elements.push(read());
    return elements;
  }
}
