import type { RowSink } from '../engine/row-table.ts';
import type { BadRow, Problem, RowTally } from './bad-rows.ts';
import { canonical, type ImportRule, isTooLong, violation } from './column-rule.ts';
import { readBytes } from './csv-file.ts';
import type { CsvGroup, ReadableFile } from './csv-group.ts';
import { CsvReader, type CsvRecord } from './csv-reader.ts';
import type { Fault } from './line-reading.ts';

export type PlainCopyRequest = {
  readonly group: CsvGroup;
  readonly rules: readonly ImportRule[];
  readonly tally: RowTally;
  /** Where the rows go that are taken, their values ordered as the rules. */
  readonly clean: RowSink;
  readonly signal: AbortSignal;
  /** Called with the number of bytes of the files that have been read. */
  readonly onRead: (bytes: number) => void;
};

/**
 * Goes over files row by row, in plain TypeScript and bounded memory, and writes down the rows that have a readable
 * key, their unreadable values as missing. `tally` learns how many rows there are, and what is wrong with them.
 *
 * @returns how many rows were written; fewer than there are once it is clear that the import fails.
 */
export async function plainCopy(request: PlainCopyRequest): Promise<number> {
  const { group, onRead } = request;
  let rows = 0;
  let before = 0;
  for (const file of group.files) {
    rows += await copyFile({ ...request, onRead: (bytes) => onRead(before + bytes) }, file);
    before += file.bytes;
  }
  return rows;
}

async function copyFile(
  { group, rules, tally, clean, signal, onRead }: PlainCopyRequest,
  file: ReadableFile,
): Promise<number> {
  const columns = rules.map((rule, index) => ({ rule, index: group.columns[index] ?? -1 }));
  const reader = new CsvReader({ width: file.header.length, dialect: file.dialect });
  let written = 0;
  const copy = async (records: Iterable<CsvRecord>) => {
    const cleanRows: string[][] = [];
    let rows = 0;
    for (const record of records) {
      if (record.line === 1) continue;
      rows++;
      const row = badRow(record, columns, file);
      if (row !== undefined) tally.addBad(row);
      if (!row?.isLeftOut && !tally.hasFailed) cleanRows.push(cleanRow(record, columns, row));
    }
    tally.addRows(rows);
    written += cleanRows.length;
    await clean.add(cleanRows);
  };
  for await (const chunk of readBytes(file, { onRead })) {
    signal.throwIfAborted();
    await copy(reader.read(chunk));
  }
  await copy(reader.end());
  return written;
}

type Column = { readonly rule: ImportRule; readonly index: number };

const faults: { readonly [F in Fault]: string } = {
  'open-quote': 'a quoted value must end on its line',
  'text-after-quote':
    'after the quote that ends a value must come a comma or the end of the line (a quote inside a value must be escaped)',
  'not-utf8': 'the text must be encoded in UTF-8',
  'surplus-cells': 'it has more values than the header has columns',
};

/** A line that is broken as CSV has no readable id, whatever stands where the id should be. */
function badRow(
  { line, cells, fault }: CsvRecord,
  columns: readonly Column[],
  { uri, header }: ReadableFile,
): BadRow | undefined {
  const broken = (rule: string): BadRow => ({
    problems: [{ uri, line, rule }],
    isLeftOut: true,
    isTooLong: false,
  });
  if (fault !== undefined) return broken(faults[fault]);
  if (cells.length < header.length) {
    return broken(`it has ${cells.length} values, but the header has ${header.length} columns`);
  }
  const problems: Problem[] = [];
  const found = { isLeftOut: false, isTooLong: false };
  for (const { rule, index } of columns) {
    const cell = cells[index];
    const violated = cell && violation(rule, cell);
    if (violated === undefined) continue;
    problems.push({ uri, line, column: rule.field.name, value: cell?.text ?? '', rule: violated });
    found.isLeftOut ||= rule.isKey;
    found.isTooLong ||= isTooLong(rule, cell?.characters ?? 0);
  }
  const [first, ...others] = problems;
  return first && { problems: [first, ...others], ...found };
}

function cleanRow({ cells }: CsvRecord, columns: readonly Column[], row: BadRow | undefined): string[] {
  const unreadable = new Set(row?.problems.map(({ column }) => column));
  return columns.map(({ rule, index }) => {
    const cell = cells[index];
    if (cell === undefined || cell.characters === 0 || unreadable.has(rule.field.name)) return '';
    return canonical(rule, cell);
  });
}
