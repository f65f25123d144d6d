import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

type Rows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

const rowsAWrite = 1000;

/** Writes a CSV file as the service reads it: a header, a record a line, `""` for a quote inside quotes. */
export async function writeCsv(path: string, header: readonly string[], rows: Rows): Promise<void> {
  async function* text() {
    let lines = `${header.join(',')}\n`;
    let waiting = 0;
    for await (const row of rows) {
      lines += `${row.map(quoted).join(',')}\n`;
      if (++waiting % rowsAWrite === 0) {
        yield lines;
        lines = '';
      }
    }
    yield lines;
  }
  await pipeline(Readable.from(text()), createWriteStream(path));
}

const quoted = (cell: string) =>
  /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""').replace(/[\n\r]+/g, ' ')}"` : cell;

/** A line of a CSV file, split. `line` counts from 1, the header. */
export type CsvLine = { readonly line: number; readonly cells: readonly string[] };

/** The lines of a CSV file, plain or gzipped (by its ending `.gz`), in batches; empty lines are left out. */
export async function* readCsv(path: string): AsyncGenerator<readonly CsvLine[]> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // pipe() hands no errors on: without this a missing .gz would wait for ever.
  file.on('error', (error) => bytes.destroy(error));
  bytes.setEncoding('utf8');
  let line = 0;
  let rest = '';
  const split = (lines: readonly string[]): CsvLine[] =>
    lines
      .map((text) => ({ line: ++line, cells: cellsOf(line === 1 ? text.replace(/^\uFEFF/, '') : text) }))
      .filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  for await (const chunk of bytes) {
    const lines = `${rest}${chunk}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield split(lines);
  }
  if (rest !== '') yield split([rest]);
}

/** Splits a line at its commas; a cell may be quoted, with `""` for a quote. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g);
  return Array.from(cells, ([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain ?? '');
}
