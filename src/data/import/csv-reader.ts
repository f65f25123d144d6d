/**
 * The CSV of spec datasets.md §3 as a reader in plain TypeScript: slow beside DuckDB, but it goes on after a bad line,
 * knows where it is, and holds no more than one line's beginning whatever the file. It is the authority on what a file
 * says.
 *
 * One record a line, whatever the quotes; a line ends in LF, CRLF or CR. Empty lines are skipped.
 *
 * Each line says by itself how its quotes are escaped. It is read both ways, and the reading counts that is in order:
 * without a fault, with all cells of the header, and without quotes inside unquoted values, in this order of weight. So
 * `"path\"` ends where its quote is the last that can end it, and `"say \"hi\""` does not end at its second quote.
 * Where both readings are in order and differ (as of `"C:\\dir"`), the caller's dialect decides.
 */
import { bytes, type Cell, type Dialect, type Fault, LineReading } from './line-reading.ts';

const { lf, cr, backslash } = bytes;

export type CsvRecord = {
  /** From 1, the header's line. */
  readonly line: number;
  readonly cells: readonly Cell[];
  /** Why the cells cannot be trusted. */
  readonly fault?: Fault;
  /** Of a line whose two readings differ: the better one, or that neither is. */
  readonly escapes?: Dialect | 'unclear';
  /** A quoted value has a backslash that escapes nothing, which DuckDB drops where it takes backslashes for escapes. */
  readonly loneBackslash: boolean;
};

type CsvOptions = {
  /** Cells of the header; no more are kept of a line. */
  readonly width: number;
  /** The fewest cells of a line that is in order; as many as the header has unless given. */
  readonly least?: number;
  /** How lines are read whose two readings are equally good. */
  readonly dialect: Dialect;
};

export class CsvReader {
  readonly #doubled: LineReading;
  readonly #backslash: LineReading;
  readonly #dialect: Dialect;
  readonly #least: number;
  #line = 1;
  #afterCr = false;
  /** Whether the two readings of the line may differ: it has a backslash within quotes. */
  #differs = false;

  constructor({ width, least = width, dialect }: CsvOptions) {
    this.#doubled = new LineReading('doubled', width);
    this.#backslash = new LineReading('backslash', width);
    this.#dialect = dialect;
    this.#least = least;
  }

  /** The records that end in the next piece of the file. */
  *read(chunk: Uint8Array): Generator<CsvRecord> {
    // An index is several times as fast as an iterator here.
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      const afterCr = this.#afterCr;
      this.#afterCr = false;
      if (byte === lf || byte === cr) {
        if (byte === lf && afterCr) continue;
        this.#afterCr = byte === cr;
        const record = this.#endLine();
        if (record !== undefined) yield record;
      } else {
        this.#step(byte);
      }
    }
  }

  /** The last record, where the file does not end in a line end. */
  *end(): Generator<CsvRecord> {
    const record = this.#endLine();
    if (record !== undefined) yield record;
  }

  #step(byte: number): void {
    if (!this.#differs && byte === backslash && this.#doubled.isQuoted) {
      this.#backslash.copy(this.#doubled);
      this.#differs = true;
    }
    this.#doubled.step(byte);
    if (this.#differs) this.#backslash.step(byte);
  }

  #endLine(): CsvRecord | undefined {
    const line = this.#line++;
    const { isEmpty } = this.#doubled;
    this.#doubled.end();
    if (this.#differs) this.#backslash.end();
    const record = isEmpty ? undefined : { line, ...this.#chosen() };
    this.#doubled.clear();
    this.#backslash.clear();
    this.#differs = false;
    return record;
  }

  #chosen(): Omit<CsvRecord, 'line'> {
    const [doubled, escaped] = [this.#doubled, this.#backslash];
    if (!this.#differs) return contentOf(doubled, false);
    const { loneBackslash } = escaped;
    const advantage = this.#merit(escaped) - this.#merit(doubled);
    if (advantage > 0) return { ...contentOf(escaped, loneBackslash), escapes: 'backslash' };
    if (advantage < 0) return { ...contentOf(doubled, loneBackslash), escapes: 'doubled' };
    const reading = this.#dialect === 'doubled' ? doubled : escaped;
    const isUnclear = this.#merit(doubled) > 0 && !haveSameCells(doubled, escaped);
    return { ...contentOf(reading, loneBackslash), ...(isUnclear && { escapes: 'unclear' }) };
  }

  /** 0 for a reading that breaks the line, 2 for one as a tool may have written it. */
  #merit({ fault, cells, strayQuote }: LineReading): number {
    if (fault !== undefined || cells.length < this.#least) return 0;
    return strayQuote ? 1 : 2;
  }
}

const contentOf = ({ cells, fault }: LineReading, loneBackslash: boolean) => ({
  cells,
  loneBackslash,
  ...(fault && { fault }),
});

function haveSameCells({ cells: some }: LineReading, { cells: others }: LineReading): boolean {
  return some.length === others.length && some.every(({ text }, index) => text === others[index]?.text);
}
