import { FilterValuesError } from './filter-error.ts';
import { characters } from './lexer.ts';

/** The values of placeholders as a request brings them: for each name a string that holds one or several values. */
export type FilterValues = Readonly<Record<string, string>>;

const most = { entries: 25, characters: 1000 };

/**
 * The values in one entry of `filterValues`: a comma between each two, each in double quotes or bare. `"a,b"` is one
 * value. Within quotes `\"` is a quote and `\\` a backslash; any other backslash is itself. A bare value ends at the
 * next comma.
 *
 * @returns undefined where the entry is missing or blank
 * @throws FilterValuesError where the quotes are not closed, text follows them, or a value between commas is missing
 */
export function valuesOf(entries: FilterValues, name: string): readonly [string, ...string[]] | undefined {
  const entry = Object.hasOwn(entries, name) ? entries[name].trim() : '';
  if (entry === '') return undefined;
  if (characters(entry) > most.characters) {
    throw new FilterValuesError(`The value of ${name} has more than ${most.characters} characters.`, name);
  }
  return new Entry(entry, name).values();
}

/** @throws FilterValuesError where a request has too many entries, whether the filter uses them or not */
export function checkCount(entries: FilterValues): void {
  const count = Object.keys(entries).length;
  if (count <= most.entries) return;
  throw new FilterValuesError(`filterValues has ${count} entries, and ${most.entries} is the most.`);
}

const bare = /[^,]*/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"[ \t\r\n]*/y;

class Entry {
  readonly #text: string;
  readonly #name: string;
  #offset = 0;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  values(): readonly [string, ...string[]] {
    const values: [string, ...string[]] = [this.#value()];
    while (this.#text[this.#offset] === ',') {
      this.#offset++;
      values.push(this.#value());
    }
    if (this.#offset < this.#text.length) throw this.#wrong('has text after a closing quote');
    return values;
  }

  #value(): string {
    this.#match(/[ \t\r\n]*/y);
    if (this.#text[this.#offset] === '"') {
      const body = this.#match(quoted);
      if (!body) throw this.#wrong('has a quote that is not closed');
      return body[1].replaceAll(/\\(["\\])/g, '$1');
    }
    const value = this.#match(bare)?.[0].trim();
    if (!value) throw this.#wrong('lacks a value before or after a comma');
    return value;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text);
    if (match) this.#offset = pattern.lastIndex;
    return match;
  }

  #wrong(reason: string): FilterValuesError {
    return new FilterValuesError(`The value of ${this.#name} in filterValues ${reason}.`, this.#name);
  }
}
