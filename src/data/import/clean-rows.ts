import { open, rm } from 'node:fs/promises';
import { type FilePath, pathOf } from '../encryption/file-path.ts';
import type { RowSink } from '../engine/row-table.ts';
import type { ImportRule } from './column-rule.ts';
import type { CsvGroup } from './csv-group.ts';
import type { FastCopier } from './fast-copy.ts';

/** Rows that were read one by one, on their way to a Parquet file. */
export type CleanRows = {
  /** Where the rows go; it is disposed of before they are copied. */
  open(): Promise<RowSink>;
  /** Writes the Parquet file. @returns how many rows it has; undefined if DuckDB refused them */
  copy(signal: AbortSignal): Promise<number | undefined>;
};

/** By a CSV file beside the target, which DuckDB is sure to read. */
export class CleanFile implements CleanRows {
  readonly #copier: FastCopier;
  readonly #rules: readonly ImportRule[];
  readonly #target: FilePath;

  constructor(copier: FastCopier, rules: readonly ImportRule[], target: FilePath) {
    this.#copier = copier;
    this.#rules = rules;
    this.#target = target;
  }

  get #path(): string {
    return `${pathOf(this.#target)}.csv`;
  }

  get #header(): string[] {
    return this.#rules.map(({ field }) => field.name);
  }

  async open(): Promise<RowSink> {
    const file = await open(this.#path, 'w');
    await file.write(`${this.#header.join(',')}\n`);
    return {
      async add(rows) {
        const lines = Array.from(rows, (row) => `${row.map(quoted).join(',')}\n`);
        if (lines.length > 0) await file.write(lines.join(''));
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  }

  async copy(signal: AbortSignal): Promise<number | undefined> {
    const [path, header] = [this.#path, this.#header];
    const file = { path, uri: path, gzipped: false, header, shown: undefined };
    const clean: CsvGroup = { files: [{ ...file, bytes: 0, dialect: 'doubled' }], columns: [...header.keys()] };
    const copied = await this.#copier.copy(clean, filled(this.#rules), this.#target, signal, () => {});
    await rm(path);
    return copied;
  }
}

/** By a table of DuckDB, so that no row lies on the disk in the clear. */
export class CleanTable implements CleanRows {
  readonly #copier: FastCopier;
  readonly #rules: readonly ImportRule[];
  readonly #target: FilePath;

  constructor(copier: FastCopier, rules: readonly ImportRule[], target: FilePath) {
    this.#copier = copier;
    this.#rules = rules;
    this.#target = target;
  }

  open(): Promise<RowSink> {
    const columns = this.#rules.map(({ field }) => field.name);
    return this.#copier.rows(columns, this.#target);
  }

  copy(signal: AbortSignal): Promise<number> {
    return this.#copier.copyRows(filled(this.#rules), this.#target, signal);
  }
}

/** A key that could not be read has left its row out. */
const filled = (rules: readonly ImportRule[]): ImportRule[] => rules.map((rule) => ({ ...rule, filled: rule.isKey }));

const quoted = (value: string) => (value === '' ? '' : `"${value.replaceAll('"', '""')}"`);
