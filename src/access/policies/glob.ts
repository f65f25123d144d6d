/** The characters of a pattern that are not plain text. */
export type Wildcard = {
  readonly kind: 'wildcard';
  /** Any number of characters, or exactly one. */
  readonly takes: 'many' | 'one';
  /** Whether a colon is among these characters. */
  readonly colons: boolean;
};

/** A pattern in parts: plain text and wildcards. */
export type GlobPart = string | Wildcard;

// A pattern's characters are code points; wildcards are below zero.
const many = -1;
const one = -2;
const manyButColons = -3;
const oneButColons = -4;
const colon = 0x3a;

/**
 * Whether a text is as a pattern says. The time is at most the product of the two lengths, whatever the pattern: there
 * is no way to make it exponential. A character is a code point.
 */
export class Glob {
  readonly #kind: 'text' | 'prefix' | 'any' | 'wild';
  /** The plain text that the pattern is, or begins with. */
  readonly #text: string;
  readonly #codes: readonly number[];
  readonly #match: typeof matchGreedily;
  /** The fewest UTF-16 units that match: fewer need no look. */
  readonly #least: number;

  constructor(parts: readonly GlobPart[]) {
    this.#codes = codesOf(parts);
    this.#text = plainStart(this.#codes);
    const wildcards = this.#codes.length - Array.from(this.#text).length;
    if (wildcards === 0) this.#kind = 'text';
    else if (wildcards > 1 || this.#codes.at(-1) !== many) this.#kind = 'wild';
    else this.#kind = this.#text === '' ? 'any' : 'prefix';
    const free = this.#codes.findIndex((code) => code === many || code === one);
    this.#match = free >= 0 && this.#codes.includes(manyButColons, free) ? matchByStates : matchGreedily;
    this.#least = this.#codes.filter((code) => !isMany(code)).length;
  }

  matches(text: string): boolean {
    switch (this.#kind) {
      case 'text':
        return text === this.#text;
      case 'prefix':
        return text.startsWith(this.#text);
      case 'any':
        return true;
      default:
        return text.length >= this.#least && text.startsWith(this.#text) && this.#match(this.#codes, text);
    }
  }
}

/** Runs of wildcards for many are one: else a pattern could be as long as its author likes, and match little. */
function codesOf(parts: readonly GlobPart[]): number[] {
  const codes: number[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      for (const character of part) codes.push(character.codePointAt(0) ?? 0);
    } else if (part.takes === 'one') {
      codes.push(part.colons ? one : oneButColons);
    } else {
      const last = codes.at(-1);
      if (last === many || (last === manyButColons && !part.colons)) continue;
      if (last === manyButColons) codes.pop();
      codes.push(part.colons ? many : manyButColons);
    }
  }
  return codes;
}

const isMany = (code: number | undefined) => code === many || code === manyButColons;

function plainStart(codes: readonly number[]): string {
  let text = '';
  for (const code of codes) {
    if (code < 0) break;
    text += String.fromCodePoint(code);
  }
  return text;
}

const takes = (code: number | undefined, character: number) =>
  code === character || code === one || (code === oneButColons && character !== colon);

/**
 * Right where no wildcard that stops at colons stands behind one that does not: then, once what stands behind a
 * wildcard is found, it never has to be looked for further on because of a wildcard before it. Up to the first wildcard
 * that takes colons, those of the pattern and of the text are the same.
 */
function matchGreedily(codes: readonly number[], text: string): boolean {
  let at = 0;
  let index = 0;
  let behindWildcard = -1;
  let resume = 0;
  while (index < text.length) {
    const character = text.codePointAt(index) ?? 0;
    const code = codes[at];
    if (takes(code, character)) {
      at++;
      index += unitsOf(character);
    } else if (code === many || code === manyButColons) {
      behindWildcard = ++at;
      resume = index;
    } else if (behindWildcard >= 0) {
      const skipped = text.codePointAt(resume) ?? 0;
      if (skipped === colon && codes[behindWildcard - 1] === manyButColons) return false;
      at = behindWildcard;
      resume += unitsOf(skipped);
      index = resume;
    } else {
      return false;
    }
  }
  while (isMany(codes[at])) at++;
  return at === codes.length;
}

const unitsOf = (character: number) => (character > 0xffff ? 2 : 1);

/** Follows every way to match at once: a state is an index of the pattern up to which the text so far matches. */
function matchByStates(codes: readonly number[], text: string): boolean {
  let states = new Uint8Array(codes.length + 1);
  states[0] = 1;
  for (const symbol of text) {
    const character = symbol.codePointAt(0) ?? 0;
    skipWildcards(codes, states);
    const next = new Uint8Array(codes.length + 1);
    for (const [at, code] of codes.entries()) {
      if (!states[at]) continue;
      if (takes(code, character)) next[at + 1] = 1;
      else if (code === many || (code === manyButColons && character !== colon)) next[at] = 1;
    }
    states = next;
  }
  skipWildcards(codes, states);
  return states[codes.length] === 1;
}

/** A wildcard for many may take nothing. */
function skipWildcards(codes: readonly number[], states: Uint8Array): void {
  for (const [at, code] of codes.entries()) if (states[at] && isMany(code)) states[at + 1] = 1;
}
