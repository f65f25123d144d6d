import type { FieldType } from '../dataset-types.ts';

export type Column = { readonly name: string; readonly type: FieldType };

/** The columns of a line of the record log. Lines of different layouts lie in different rows. */
export type Layout = readonly Column[];

/** A record as a line of the log: its values in the layout's order, as text; empty is null. */
export function encodeLine(values: readonly string[]): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? '';
    line += index === 0 ? quoted(value) : `,${quoted(value)}`;
  }
  return `${line}\n`;
}

/** The values of each of the lines in a row of the log; the inverse of `encodeLine`. */
export function* decodeLines(body: string): Generator<string[]> {
  let values: string[] = [];
  for (let at = 0, comma = -1, newline = -1; at < body.length; ) {
    let end: number;
    if (body.charCodeAt(at) === code.quote) {
      end = closingQuote(body, at) + 1;
      values.push(body.slice(at + 1, end - 1).replaceAll('""', '"'));
    } else {
      // Every view decodes every line: to search for the next of each is half again as fast as to look at characters.
      if (comma < at) comma = nextOf(',', body, at);
      if (newline < at) newline = nextOf('\n', body, at);
      end = Math.min(comma, newline);
      values.push(body.slice(at, end));
    }
    if (body.charCodeAt(end) === code.newline) {
      yield values;
      values = [];
    }
    at = end + 1;
  }
}

const code = { newline: 10, quote: 34 } as const;

/** Where a character stands next; the end of the text if it does not. */
function nextOf(character: string, body: string, from: number): number {
  const found = body.indexOf(character, from);
  return found < 0 ? body.length : found;
}

const quoted = (value: string) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Where the quote is that closes the one at `start`: the next that is not doubled. */
function closingQuote(body: string, start: number): number {
  for (let at = body.indexOf('"', start + 1); ; at = body.indexOf('"', at + 2)) {
    if (at < 0) throw new Error('A line of the record log has a quote that does not end.');
    if (body[at + 1] !== '"') return at;
  }
}

/** What DuckDB calls the types of a schema. */
export const duckDbTypes: { readonly [Type in FieldType]: string } = {
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
};
