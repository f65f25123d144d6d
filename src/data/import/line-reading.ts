/**
 * One reading of a line of CSV, byte by byte: how its quotes are escaped is decided beforehand. `CsvReader` holds two
 * of them against each other.
 *
 * Blanks around a quoted value do not count. A quote inside an unquoted value is a character like others. Cells beyond
 * the header are let pass while they are empty.
 */

/**
 * `doubled`: a quote is written `""`, and a backslash is a character like others. `backslash`: a quote is written `\"`,
 * a backslash `\\`; other backslashes are as they are; and a value that has only `""` is read as `doubled` reads it.
 */
export type Dialect = 'doubled' | 'backslash';

export type Cell = {
  /** The value; of a very long one the first 20,000 characters or more. */
  readonly text: string;
  /** Characters (code points) of the whole value. */
  readonly characters: number;
};

export type Fault = 'open-quote' | 'text-after-quote' | 'not-utf8' | 'surplus-cells';

/** 20,000 characters, the longest value that is kept, can take so many bytes, and one more. */
const keptBytes = 80_004;

/**
 * What readers of lines look for. They take it into constants of their own: an imported binding is slow in a loop of
 * tests.
 */
export const bytes = { lf: 10, cr: 13, backslash: 92 } as const;
const { backslash } = bytes;
const blank = 32;
const quote = 34;
const comma = 44;

/**
 * `start`: before a value, with blanks perhaps. `quoted` → `escaped` (after a backslash) or `closed` (after the quote
 * that ends it; if doubled, back to `quoted`) → `after` (blanks behind it). `skipping`: to the end of a faulty line.
 */
type State = 'start' | 'plain' | 'quoted' | 'escaped' | 'closed' | 'after' | 'skipping';

/** What has been seen inside the quotes of a value, or of all values of a line. */
class Escapes {
  /** `""` */
  doubled = 0;
  /** `\"` */
  quotes = 0;
  /** `\\` */
  backslashes = 0;
  /** Backslashes before any other character. */
  lone = 0;

  clear(): void {
    this.doubled = this.quotes = this.backslashes = this.lone = 0;
  }

  copy({ doubled, quotes, backslashes, lone }: Escapes): void {
    Object.assign(this, { doubled, quotes, backslashes, lone });
  }
}

export class LineReading {
  readonly #dialect: Dialect;
  readonly #width: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #bytes = Buffer.alloc(keptBytes);
  readonly #escapes = new Escapes();
  #state: State = 'start';
  #length = 0;
  /** All bits of the value's bytes together: below 128, it is ASCII. */
  #bits = 0;
  #characters = 0;
  #count = 0;
  cells: Cell[] = [];
  fault: Fault | undefined;
  /** Whether an unquoted value has a quote inside, which no tool writes. */
  strayQuote = false;
  /** Whether a quoted value has a backslash that escapes nothing. */
  loneBackslash = false;

  /** @param width cells of the header; no more are kept of a line. */
  constructor(dialect: Dialect, width: number) {
    this.#dialect = dialect;
    this.#width = width;
  }

  get isQuoted(): boolean {
    return this.#state === 'quoted';
  }

  /** Whether the line has nothing on it. */
  get isEmpty(): boolean {
    return this.#state === 'start' && this.#count === 0 && this.#length === 0;
  }

  clear(): void {
    this.#state = 'start';
    this.#length = this.#bits = this.#characters = this.#count = 0;
    this.#escapes.clear();
    this.cells = [];
    this.fault = undefined;
    this.strayQuote = this.loneBackslash = false;
  }

  /** Goes on from where another reading of the line is. */
  copy(other: LineReading): void {
    this.#state = other.#state;
    this.#bytes.set(other.#bytes.subarray(0, other.#length));
    this.#length = other.#length;
    this.#bits = other.#bits;
    this.#characters = other.#characters;
    this.#count = other.#count;
    this.#escapes.copy(other.#escapes);
    this.cells = [...other.cells];
    this.fault = other.fault;
    this.strayQuote = other.strayQuote;
    this.loneBackslash = other.loneBackslash;
  }

  /** Takes any byte but those that end a line. */
  step(byte: number): void {
    switch (this.#state) {
      case 'start':
        if (byte === comma) this.#endCell();
        else if (byte === quote) this.#open();
        else {
          this.#keep(byte);
          if (byte !== blank) this.#state = 'plain';
        }
        break;
      case 'plain':
        if (byte === comma) this.#endCell();
        else {
          if (byte === quote) this.strayQuote = true;
          this.#keep(byte);
        }
        break;
      case 'quoted':
        if (byte === quote) this.#state = 'closed';
        else {
          this.#keep(byte);
          if (byte === backslash && this.#dialect === 'backslash') this.#state = 'escaped';
        }
        break;
      case 'escaped':
        this.#state = 'quoted';
        this.#keep(byte);
        if (byte === quote) this.#escapes.quotes++;
        else if (byte === backslash) this.#escapes.backslashes++;
        else this.#escapes.lone++;
        break;
      case 'closed':
        if (byte === quote) {
          this.#state = 'quoted';
          this.#escapes.doubled++;
          this.#keep(byte);
        } else {
          this.#stepAfterQuote(byte);
        }
        break;
      case 'after':
        this.#stepAfterQuote(byte);
        break;
      case 'skipping':
        break;
    }
  }

  end(): void {
    if (this.#state === 'quoted' || this.#state === 'escaped') this.fault ??= 'open-quote';
    if (!this.isEmpty) this.#endCell();
  }

  #stepAfterQuote(byte: number): void {
    if (byte === comma) this.#endCell();
    else if (byte === blank) this.#state = 'after';
    else {
      this.fault = 'text-after-quote';
      this.#state = 'skipping';
    }
  }

  /** Begins a quoted value; the blanks before it are dropped. */
  #open(): void {
    this.#state = 'quoted';
    this.#length = this.#bits = this.#characters = 0;
  }

  #keep(byte: number): void {
    if (this.#length < keptBytes) this.#bytes[this.#length++] = byte;
    this.#bits |= byte;
    if (!isContinuation(byte)) this.#characters++;
  }

  #endCell(): void {
    if (this.#count < this.#width) this.cells.push(this.#cell());
    else if (this.#length > 0) this.fault ??= 'surplus-cells';
    if (this.#escapes.lone > 0) this.loneBackslash = true;
    this.#count++;
    this.#length = this.#bits = this.#characters = 0;
    this.#escapes.clear();
    this.#state = 'start';
  }

  #cell(): Cell {
    const { doubled, quotes, backslashes } = this.#escapes;
    const text = this.#text();
    // A value that one tool has written has quotes of one kind, and says by them what its double backslashes are.
    const isEscaped = quotes > 0 || (backslashes > 0 && doubled === 0);
    if (!isEscaped) return { text, characters: this.#characters };
    return { text: text.replaceAll(/\\(["\\])/g, '$1'), characters: this.#characters - quotes - backslashes };
  }

  #text(): string {
    // Several times as fast as the decoder.
    if (this.#bits < 128) return this.#bytes.toString('latin1', 0, this.#length);
    try {
      return this.#decoder.decode(this.#bytes.subarray(0, this.#wholeCharacters()));
    } catch {
      this.fault ??= 'not-utf8';
      return '';
    }
  }

  /** How many of the kept bytes do not end within a character. */
  #wholeCharacters(): number {
    if (this.#length < keptBytes) return this.#length;
    let end = keptBytes - 1;
    while (end > 0 && isContinuation(this.#bytes[end] ?? 0)) end--;
    return end;
  }
}

/** All bytes of a character in UTF-8 but the first begin with the bits 10. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
