import { ImportError } from './import-error.ts';

/** Something in a row that breaks a rule: where it is and why, as the parts of a sentence. */
export type Problem = {
  readonly uri: string;
  readonly line: number;
  readonly column?: string;
  readonly value?: string;
  readonly rule: string;
};

/** A problem and what the import makes of it: the row is left out, or the cell counts as missing. */
export type ListedProblem = Problem & { readonly outcome: 'row left out' | 'value missing' };

/** A row with at least one problem. */
export type BadRow = {
  readonly problems: readonly [Problem, ...Problem[]];
  /** Without a readable id or time there is no row. */
  readonly isLeftOut: boolean;
  /** A value beyond its column's length fails the import, however few there are. */
  readonly isTooLong: boolean;
};

/** How the rows of an import went. */
export type RowCounts = {
  /** All rows of the files. */
  readonly rows: number;
  readonly rowsLeftOut: number;
  /** Cells of rows that were taken, which count as missing because they could not be read or were empty. */
  readonly valuesMissing: number;
};

export type ImportReport = RowCounts & {
  /** The first 1,000. */
  readonly problems: readonly ListedProblem[];
};

/** An import that failed by its rows. */
export class BadRowsError extends ImportError {
  readonly report: ImportReport;

  constructor(message: string, report: ImportReport) {
    super(message);
    this.report = report;
  }
}

const named = 10;
const listed = 1000;
const shownCharacters = 40;
const keptCharacters = 200;

/** Counts the rows of an import and those that are bad, and keeps the first bad ones to name them. */
export class RowTally {
  readonly #badRows: number;
  readonly #bad = new FirstRows();
  readonly #tooLong = new FirstRows();
  readonly #problems: ListedProblem[] = [];
  #rows = 0;
  #rowsLeftOut = 0;
  #valuesMissing = 0;

  /** @param badRows the share of the rows that may be bad, 0 to 1. */
  constructor(badRows: number) {
    this.#badRows = badRows;
  }

  /** Whether it is clear already that the import fails, so that nothing need be written any more. */
  get hasFailed(): boolean {
    return this.#tooLong.count > 0 || (this.#badRows === 0 && this.#bad.count > 0);
  }

  addRows(count: number): void {
    this.#rows += count;
  }

  /** Counts one of the rows as bad. */
  addBad({ problems, isLeftOut, isTooLong }: BadRow): void {
    this.#bad.add(problems[0]);
    if (isTooLong) this.#tooLong.add(problems.find(({ rule }) => rule.startsWith(lengthRule)) ?? problems[0]);
    if (isLeftOut) this.#rowsLeftOut++;
    else this.#valuesMissing += problems.length;
    const outcome = isLeftOut ? 'row left out' : 'value missing';
    for (const problem of problems) {
      if (this.#problems.length < listed) this.#problems.push({ ...kept(problem), outcome });
    }
  }

  report(): ImportReport {
    const [rows, rowsLeftOut, valuesMissing] = [this.#rows, this.#rowsLeftOut, this.#valuesMissing];
    return { rows, rowsLeftOut, valuesMissing, problems: this.#problems };
  }

  /** @throws BadRowsError if there are too many bad rows, or one with a value that is too long, or no row is left. */
  check(): void {
    const tooMany = this.#bad.count / this.#rows > this.#badRows;
    if (tooMany && !this.hasFailed) {
      throw new BadRowsError(this.#bad.describe({ share: this.#badRows, rows: this.#rows }), this.report());
    }
    if (tooMany || this.#rowsLeftOut === this.#rows) throw new BadRowsError(this.#bad.describe(), this.report());
    if (this.#tooLong.count > 0) throw new BadRowsError(this.#tooLong.describe(), this.report());
  }
}

/** The number of some bad rows, and the first ten. */
class FirstRows {
  readonly #first: Problem[] = [];
  count = 0;

  add(row: Problem): void {
    if (this.count++ < named) this.#first.push(row);
  }

  /**
   * The job's failureReason.
   *
   * @param exceeded the share that may be bad, if it is what fails the job, and the rows that it is a share of
   */
  describe(exceeded?: { readonly share: number; readonly rows: number }): string {
    const rows = this.#first.map(describeProblem);
    if (this.count > named) rows.push(`and ${(this.count - named).toLocaleString('en')} more`);
    const [of, limit] = exceeded
      ? [` of ${exceeded.rows.toLocaleString('en')}`, `, more than --bad-rows allows (${percent(exceeded.share)}),`]
      : ['', ','];
    const subject = `${this.count.toLocaleString('en')}${of} ${exceeded || this.count > 1 ? 'rows' : 'row'} of the input`;
    const verb = this.count === 1 ? 'is' : 'are';
    const hint = this.#first.some(({ rule }) => rule.startsWith(lengthRule)) ? lengthHint : '';
    return `${subject} ${verb} not valid${limit} so nothing was imported: ${rows.join('; ')}.${hint}`;
  }
}

const percent = (share: number) => `${(share * 100).toLocaleString('en', { maximumFractionDigits: 6 })} %`;

const lengthRule = 'Length cannot be';
const lengthHint =
  ' If no values exceed the character limit, look at the text columns before: a quote that is not escaped or a line break in a text shifts what follows.';

/** A problem as a part of a sentence. */
export function describeProblem({ uri, line, column, value, rule }: Problem): string {
  const location = [uri, `line ${line}`, ...(column === undefined ? [] : [`column ${column}`])].join(', ');
  return `${location}${value === undefined ? '' : `, value ${shortened(value)}`}: ${rule}`;
}

function shortened(value: string): string {
  const short = beginningOf(value, shownCharacters);
  return short === value ? JSON.stringify(value) : `${JSON.stringify(short)}…`;
}

const kept = (problem: Problem): Problem =>
  problem.value === undefined ? problem : { ...problem, value: beginningOf(problem.value, keptCharacters) };

function beginningOf(text: string, characters: number): string {
  return [...text.slice(0, 2 * characters)].slice(0, characters).join('');
}
