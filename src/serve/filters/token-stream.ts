import { type FilterError, invalidExpression } from './filter-error.ts';
import { Lexer, type Token } from './lexer.ts';

/** The tokens of an expression, of which the next is seen before it is taken. */
export class TokenStream {
  readonly #lexer: Lexer;
  #next: Token;

  constructor(expression: string) {
    this.#lexer = new Lexer(expression);
    this.#next = this.#lexer.next();
  }

  get next(): Token {
    return this.#next;
  }

  take(): Token {
    const token = this.#next;
    this.#next = this.#lexer.next();
    return token;
  }

  /** Takes the one of these words that is next, in any case; returns it as it is spelled here. */
  takeWord<Word extends string>(...words: readonly Word[]): Word | undefined {
    const word = words.find((candidate) => this.isWord(candidate));
    if (word !== undefined) this.take();
    return word;
  }

  isWord(word: string): boolean {
    return this.#next.kind === 'name' && this.#next.text.toUpperCase() === word.toUpperCase();
  }

  takeSymbol(symbol: string): boolean {
    const isNext = this.isSymbol(symbol);
    if (isNext) this.take();
    return isNext;
  }

  isSymbol(symbol: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === symbol;
  }

  /** An error at the next token. @param hint what to do instead, after a semicolon */
  unexpected(expected: string, hint = ''): FilterError {
    return invalidExpression(`expected ${expected}, but found ${shown(this.#next)}${hint}`, this.#next.at);
  }
}

function shown({ kind, text }: Token): string {
  if (kind === 'end') return 'the end';
  const short = text.length <= 40 ? text : `${text.slice(0, 40)}…`;
  return kind === 'placeholder' ? `$${short}` : kind === 'string' ? `the text ${JSON.stringify(short)}` : short;
}
