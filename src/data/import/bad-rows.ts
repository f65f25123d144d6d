/** A row that breaks a rule: where it is and why, as the parts of a sentence. */
export type BadRow = {
  readonly uri: string;
  readonly line: number;
  readonly column?: string;
  readonly value?: string;
  readonly rule: string;
};

const named = 10;
const shownCharacters = 40;

/** Counts the bad rows of an import, and keeps the first ones to name them. */
export class BadRows {
  readonly #first: BadRow[] = [];
  count = 0;

  add(row: BadRow): void {
    if (this.count++ < named) this.#first.push(row);
  }

  /** The job's failureReason. */
  describe(): string {
    const rows = this.#first.map(describeRow);
    if (this.count > named) rows.push(`and ${(this.count - named).toLocaleString('en')} more`);
    const subject =
      this.count === 1 ? '1 row of the input is' : `${this.count.toLocaleString('en')} rows of the input are`;
    const hint = this.#first.some(({ rule }) => rule.startsWith('Length cannot be')) ? lengthHint : '';
    return `${subject} not valid, so nothing was imported: ${rows.join('; ')}.${hint}`;
  }
}

const lengthHint =
  ' If no values exceed the character limit, look at the text columns before: a quote that is not escaped or a line break in a text shifts what follows.';

function describeRow({ uri, line, column, value, rule }: BadRow): string {
  const place = [uri, `line ${line}`, ...(column === undefined ? [] : [`column ${column}`])].join(', ');
  return `${place}${value === undefined ? '' : `, value ${shortened(value)}`}: ${rule}`;
}

function shortened(value: string): string {
  const characters = [...value.slice(0, 2 * shownCharacters)];
  const short = characters.slice(0, shownCharacters).join('');
  return short === value ? JSON.stringify(value) : `${JSON.stringify(short)}…`;
}
