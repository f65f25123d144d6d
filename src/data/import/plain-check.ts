import { type FileHandle, open } from 'node:fs/promises';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { BadRow, BadRows } from './bad-rows.ts';
import { type ColumnRule, canonical, columnRule, violation } from './column-rule.ts';
import { type CsvFile, readBytes } from './csv-file.ts';
import { CsvReader, type CsvRecord, type Fault } from './csv-reader.ts';

type Column = { readonly rule: ColumnRule; readonly index: number };

/**
 * Goes over a file row by row, in plain TypeScript and bounded memory, and adds what is wrong with it to `bad`. As long as
 * nothing is, it writes the rows to `cleanPath` as a CSV file that DuckDB is sure to take.
 *
 * @param onRead hears how many bytes of the file have been read.
 */
export async function plainCheck(
  file: CsvFile,
  schema: DatasetSchema,
  bad: BadRows,
  cleanPath: string,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<void> {
  const columns = schema.fields.map((field) => ({ rule: columnRule(field), index: file.header.indexOf(field.name) }));
  const reader = new CsvReader(file.dialect, file.header.length);
  await using clean = await open(cleanPath, 'w');
  await write(clean, [schema.fields.map((field) => field.name).join(',')]);
  const check = async (records: Iterable<CsvRecord>) => {
    const lines: string[] = [];
    for (const record of records) {
      if (record.line === 1) continue;
      const row = problem(record, columns, file);
      if (row !== undefined) bad.add(row);
      if (bad.count === 0) lines.push(cleanLine(record, columns));
    }
    if (bad.count === 0) await write(clean, lines);
  };
  for await (const chunk of readBytes(file, { onRead })) {
    signal.throwIfAborted();
    await check(reader.read(chunk));
  }
  await check(reader.end());
}

const faults: { readonly [F in Fault]: string } = {
  'open-quote': 'a quoted value must end on its line',
  'text-after-quote':
    'after the quote that ends a value must come a comma or the end of the line (a quote inside a value must be escaped)',
  'not-utf8': 'the text must be encoded in UTF-8',
  'surplus-cells': 'it has more values than the header has columns',
};

function problem(
  { line, cells, fault }: CsvRecord,
  columns: readonly Column[],
  { uri, header }: CsvFile,
): BadRow | undefined {
  if (fault !== undefined) return { uri, line, rule: faults[fault] };
  if (cells.length < header.length) {
    return { uri, line, rule: `it has ${cells.length} values, but the header has ${header.length} columns` };
  }
  for (const { rule, index } of columns) {
    const cell = cells[index];
    const broken = cell && violation(rule, cell);
    if (broken !== undefined) return { uri, line, column: rule.field.name, value: cell?.text ?? '', rule: broken };
  }
  return undefined;
}

function cleanLine({ cells }: CsvRecord, columns: readonly Column[]): string {
  const values = columns.map(({ rule, index }) => {
    const cell = cells[index];
    return cell === undefined || cell.characters === 0 ? '' : `"${canonical(rule, cell).replaceAll('"', '""')}"`;
  });
  return values.join(',');
}

async function write(file: FileHandle, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await file.write(`${lines.join('\n')}\n`);
}
