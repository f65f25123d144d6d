import { type FilterError, invalidExpression, placeholderWithNotIn } from './filter-error.ts';
import { deepFreeze } from './freeze.ts';
import { characters, Lexer, placeholderName, type Token } from './lexer.ts';
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
  readonly #lexer: Lexer;
  #token: Token;

  constructor(expression: string) {
    this.#lexer = new Lexer(expression);
    this.#token = this.#lexer.next();
  }

  filter(): FilterSyntax {
    const clauses = this.#separated(
      () => this.#clause(),
      () => this.#takeSymbol('|'),
    );
    if (this.#token.kind === 'end') return { clauses };
    const hasTests = clauses[clauses.length - 1].tests.length > 0;
    throw this.#unexpected(
      hasTests ? 'AND, | or the end' : 'AND, OR, IF, | or the end',
      this.#hintAfterClause(hasTests),
    );
  }

  #hintAfterClause(hasTests: boolean): string {
    if (!hasTests) return '';
    if (this.#isWord('OR')) return '; tests of the user are joined by AND alone';
    return this.#isWord('IF') ? '; a clause has only one IF' : '';
  }

  #clause(): ClauseSyntax {
    const { at } = this.#token;
    const action = this.#takeWord(['INCLUDE', 'EXCLUDE']);
    if (!action) throw this.#unexpected('INCLUDE or EXCLUDE');
    const subjectAt = this.#token.at;
    const subject = this.#takeWord(subjects);
    if (!subject) throw this.#unexpected('ItemID, UserID or ActionID');
    if (!this.#takeWord(['WHERE'])) throw this.#unexpected('WHERE', this.#isWord('IF') ? '; IF comes last' : '');
    const where = this.#separated(
      () => this.#conjunction(),
      () => this.#takeWord(['OR']),
    );
    const tests = this.#takeWord(['IF']) ? this.#tests() : [];
    return { action, subject, at, subjectAt, where, tests };
  }

  #conjunction(): NonEmpty<ConditionSyntax> {
    return this.#separated(
      () => this.#condition(),
      () => this.#takeWord(['AND']),
    );
  }

  #tests(): NonEmpty<TestSyntax> {
    return this.#separated(
      () => this.#test(),
      () => this.#takeWord(['AND']),
    );
  }

  #condition(): ConditionSyntax {
    const field = this.#field();
    const operator = this.#operator();
    switch (operator) {
      case 'IN':
        return {
          field,
          operator,
          right: this.#currentItem() ?? this.#list(() => this.#star() ?? this.#alternatives()),
        };
      case 'NOT IN':
        return {
          field,
          operator,
          right: this.#currentItem() ?? this.#excluded(() => this.#star() ?? this.#literals()),
        };
      default:
        return { field, operator, right: this.#currentItem() ?? this.#operand() };
    }
  }

  #test(): TestSyntax {
    const { at } = this.#token;
    if (!this.#takeWord(['CurrentUser'])) throw this.#unexpected('CurrentUser, which is all that IF can test');
    const field = { name: this.#fieldName().name, at };
    const operator = this.#operator();
    switch (operator) {
      case 'IN':
        return { field, operator, right: this.#list(() => this.#alternatives()) };
      case 'NOT IN':
        return { field, operator, right: this.#excluded(() => this.#literals()) };
      default:
        return { field, operator, right: this.#value() };
    }
  }

  #field(): FieldSyntax {
    const { at: datasetAt } = this.#token;
    // The guide prints `Action.` once for `Actions.`.
    const written = this.#takeWord([...datasets, 'Action']);
    if (!written) throw this.#unexpected('a field, such as Items.GENRE', this.#hintForField());
    return { dataset: written === 'Action' ? 'Actions' : written, datasetAt, ...this.#fieldName() };
  }

  #hintForField(): string {
    if (this.#isSymbol('(')) return '; conditions cannot be grouped by parentheses';
    if (this.#isWord('NOT')) return '; NOT stands before IN alone';
    if (this.#isWord('CurrentUser')) return '; CurrentUser can be tested after IF alone';
    return this.#isWord('CurrentItem') ? '; CurrentItem stands to the right of an operator' : '';
  }

  #fieldName(): NameSyntax {
    if (!this.#takeSymbol('.')) throw this.#unexpected('. and the name of a field');
    const { kind, text: name, at } = this.#token;
    if (kind !== 'name') throw this.#unexpected('the name of a field');
    this.#advance();
    return { name, at };
  }

  #operator(): ConditionSyntax['operator'] {
    const comparison = comparisons.find((symbol) => this.#takeSymbol(symbol));
    if (comparison) return comparison;
    const word = this.#takeWord(['IN', 'NOT_IN', 'NOT']);
    if (!word) throw this.#unexpected(`an operator (${comparisons.join(', ')}, IN or NOT IN)`);
    if (word === 'NOT' && !this.#takeWord(['IN'])) throw this.#unexpected('IN');
    return word === 'IN' ? 'IN' : 'NOT IN';
  }

  /** What a field is compared to, with parentheses or without. */
  #operand(): LiteralSyntax | PlaceholderSyntax {
    return this.#isSymbol('(') ? this.#list(() => this.#value()) : this.#value();
  }

  #value(): LiteralSyntax | PlaceholderSyntax {
    const value = this.#placeholder() ?? this.#literal();
    if (!value) throw this.#unexpected('a number, a text in quotes or a placeholder');
    return value;
  }

  #list<Right>(read: () => Right): Right {
    if (!this.#takeSymbol('(')) throw this.#unexpected('(');
    const right = read();
    if (!this.#takeSymbol(')')) throw this.#unexpected(')', this.#isSymbol(',') ? '; a placeholder stands alone' : '');
    return right;
  }

  #excluded<Right>(read: () => Right): Right {
    this.#refusePlaceholder();
    return this.#list(() => {
      this.#refusePlaceholder();
      return read();
    });
  }

  #refusePlaceholder(): void {
    const name = placeholderName(this.#token);
    if (name !== undefined) throw placeholderWithNotIn(name, this.#token.at);
  }

  #alternatives(): LiteralsSyntax | PlaceholderSyntax {
    return this.#placeholder() ?? this.#literals();
  }

  #literals(): LiteralsSyntax {
    const literals = this.#separated(
      () => {
        const literal = this.#literal();
        if (literal) return literal;
        const hint = this.#token.kind === 'placeholder' ? '; a placeholder stands alone' : '';
        throw this.#unexpected('a number or a text in quotes', hint);
      },
      () => this.#takeSymbol(','),
    );
    return { kind: 'literals', literals };
  }

  #literal(): LiteralSyntax | undefined {
    const { kind, text, at } = this.#token;
    if (kind !== 'string' && kind !== 'number') return undefined;
    this.#advance();
    return { kind, text, at };
  }

  #placeholder(): PlaceholderSyntax | undefined {
    const { at } = this.#token;
    const name = placeholderName(this.#token);
    if (name === undefined) return undefined;
    this.#advance();
    return { kind: 'placeholder', name, at };
  }

  #star(): StarSyntax | undefined {
    const { at } = this.#token;
    return this.#takeSymbol('*') ? { kind: 'star', at } : undefined;
  }

  #currentItem(): CurrentItemSyntax | undefined {
    const { at } = this.#token;
    return this.#takeWord(['CurrentItem']) ? { kind: 'current-item', name: this.#fieldName().name, at } : undefined;
  }

  #separated<Element>(read: () => Element, takeSeparator: () => unknown): NonEmpty<Element> {
    const elements: [Element, ...Element[]] = [read()];
    while (takeSeparator()) elements.push(read());
    return elements;
  }

  /** The one of these words that is next, in this spelling. */
  #takeWord<Word extends string>(words: readonly Word[]): Word | undefined {
    const word = words.find((candidate) => this.#isWord(candidate));
    if (word !== undefined) this.#advance();
    return word;
  }

  #isWord(word: string): boolean {
    return this.#token.kind === 'name' && this.#token.text.toUpperCase() === word.toUpperCase();
  }

  #takeSymbol(symbol: string): boolean {
    const isNext = this.#isSymbol(symbol);
    if (isNext) this.#advance();
    return isNext;
  }

  #isSymbol(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol;
  }

  #advance(): void {
    this.#token = this.#lexer.next();
  }

  #unexpected(expected: string, hint = ''): FilterError {
    return invalidExpression(`expected ${expected}, but found ${found(this.#token)}${hint}`, this.#token.at);
  }
}

function found({ kind, text }: Token): string {
  if (kind === 'end') return 'the end';
  const shown = text.length <= 40 ? text : `${text.slice(0, 40)}…`;
  return kind === 'placeholder' ? `$${shown}` : kind === 'string' ? `the text ${JSON.stringify(shown)}` : shown;
}
