import { invalidExpression } from './filter-error.ts';

export type Token = {
  readonly kind: 'name' | 'number' | 'string' | 'placeholder' | 'symbol' | 'end';
  /** As it was written; of a string without its quotes and escapes, of a placeholder without its `$`. */
  readonly text: string;
  readonly at: number;
};

/** The longest name of a placeholder. */
const placeholderLength = 50;

const blanks = /[ \t\r\n]*/y;
const patterns = [
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /[-+]?\d+(\.\d+)?([eE][-+]?\d+)?/y],
  ['placeholder', /\$[A-Za-z0-9_]+/y],
  ['symbol', /[<>!]=|[=<>|().,*]/y],
] as const;

/**
 * Cuts an expression into tokens, one at a time: an error further on must not hide one that the parser finds before.
 */
export class Lexer {
  readonly #source: string;
  #offset = 0;
  /** The character at the offset, from 1. Characters beyond the basic plane are two units of a string, but one here. */
  #at = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /** The next token; at the end, and from then on, one of kind `end`. @throws FilterError where none begins. */
  next(): Token {
    this.#skip(this.#match(blanks) ?? '');
    const at = this.#at;
    if (this.#offset === this.#source.length) return { kind: 'end', text: '', at };
    const first = this.#source[this.#offset];
    if (first === '"' || first === "'") return { kind: 'string', text: this.#string(first), at };
    for (const [kind, pattern] of patterns) {
      const text = this.#match(pattern);
      if (text === undefined) continue;
      this.#skip(text);
      return kind === 'placeholder' ? { kind, text: checkedName(text.slice(1), at), at } : { kind, text, at };
    }
    throw invalidExpression(strayCharacter(String.fromCodePoint(this.#source.codePointAt(this.#offset) ?? 0)), at);
  }

  /** Text between quotes, in which a backslash stands before quotes of that kind and before itself. */
  #string(quote: string): string {
    const source = this.#source;
    const begin = this.#offset;
    let text = '';
    let end = begin + 1;
    for (; source[end] !== quote; end++) {
      if (end >= source.length) throw invalidExpression(`the text that begins with ${quote} has no end`, this.#at);
      if (source[end] === '\\') {
        end++;
        if (source[end] !== quote && source[end] !== '\\') {
          const at = this.#at + characters(source.slice(begin, end - 1));
          throw invalidExpression(`a backslash in a text must be followed by ${quote} or another backslash`, at);
        }
      }
      text += source[end];
    }
    this.#skip(source.slice(begin, end + 1));
    return text;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    return pattern.exec(this.#source)?.[0];
  }

  #skip(text: string): void {
    this.#offset += text.length;
    this.#at += characters(text);
  }
}

/** The name in `$NAME`, also with quotes around it, as a page of the guide has it; undefined for any other token. */
export function placeholderName({ kind, text, at }: Token): string | undefined {
  if (kind === 'placeholder') return text;
  return kind === 'string' && /^\$[A-Za-z0-9_]+$/.test(text) ? checkedName(text.slice(1), at) : undefined;
}

function checkedName(name: string, at: number): string {
  if (name.length <= placeholderLength) return name;
  throw invalidExpression(`the name of a placeholder has at most ${placeholderLength} characters`, at);
}

/** How many characters a text has, as people count: one where a string has a pair of surrogates. */
export function characters(text: string): number {
  let count = text.length;
  for (let n = 1; n < text.length; n++) if (isPair(text, n - 1)) count--;
  return count;
}

const isPair = (text: string, n: number) =>
  (text.charCodeAt(n) & 0xfc00) === 0xd800 && (text.charCodeAt(n + 1) & 0xfc00) === 0xdc00;

function strayCharacter(character: string): string {
  if ('“”„‘’«»'.includes(character)) return `${character} is no quotation mark of the language: use " or '`;
  if (character === '$') return 'a placeholder is $ and a name of letters, digits and _';
  return `${JSON.stringify(character)} cannot stand here`;
}
