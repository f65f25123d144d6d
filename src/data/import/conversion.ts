import { join } from 'node:path';
import type { Progress } from '../../util/progress.ts';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { DatasetType } from '../dataset-types.ts';
import { type FilePath, filePath, keyOf, pathOf } from '../encryption/file-path.ts';
import type { RowSink } from '../engine/row-table.ts';
import type { LocalCopy } from '../objects/object-store.ts';
import { type ImportReport, RowTally } from './bad-rows.ts';
import { CleanFile, CleanTable } from './clean-rows.ts';
import { type ImportRule, importRules } from './column-rule.ts';
import { type CsvFile, emptiness, inspectCsv, surveyCsv } from './csv-file.ts';
import { belongsTo, type CsvGroup, type ReadableFile } from './csv-group.ts';
import { FastCopier } from './fast-copy.ts';
import { columnIndexes } from './header.ts';
import { ImportError } from './import-error.ts';
import type { Dialect } from './line-reading.ts';
import type { SourceFile } from './location.ts';
import { plainCopy } from './plain-copy.ts';
import { isUniform, type Survey, shownDialect, sumOf } from './survey.ts';

/** What the rows of files are to be. */
export type Table = {
  readonly schema: DatasetSchema;
  readonly type: DatasetType;
  /** The share of the rows that may be bad, 0 to 1. */
  readonly badRows: number;
};

/** Of the nth file that is written the key, if they are sealed: nothing is then written in the clear. */
export type FileKeys = { keyOf?(index: number): string | undefined };

/** A Parquet file on this machine, made of one or more CSV files. */
export type ConvertedFile = { readonly path: string; readonly rows: number };

/**
 * Checks CSV files and writes them as Parquet into `folder`, which exists and which the caller removes. Rows keep the
 * order of the files and of their lines.
 *
 * @throws ImportError, whose message is the job's failureReason; the signal's reason when it is aborted.
 */
export async function convertAll(
  sources: readonly SourceFile[],
  table: Table & FileKeys,
  folder: string,
  progress: Progress,
): Promise<{ readonly files: ConvertedFile[]; readonly report: ImportReport }> {
  await using conversion = new Conversion(sources, table, folder, progress);
  for (const source of sources) await conversion.add(source);
  return await conversion.end();
}

class Conversion implements AsyncDisposable {
  readonly #sources: readonly SourceFile[];
  readonly #schema: DatasetSchema;
  readonly #rules: readonly ImportRule[];
  readonly #folder: string;
  readonly #keyOf: (index: number) => string | undefined;
  readonly #progress: Progress;
  readonly #tally: RowTally;
  readonly #copier: FastCopier;
  readonly #totalBytes: number;
  readonly #files: ConvertedFile[] = [];
  #bytes = 0;
  /** The last file that had nothing but a header, or not even that, as the end of a sentence about it. */
  #emptiness = '';
  /** Of all files so far: what most of them show says how lines are read that could be read either way. */
  #survey: Survey = sumOf([]);
  #group: { files: ReadableFile[]; columns: readonly number[] } | undefined;
  #copies = new AsyncDisposableStack();

  constructor(
    sources: readonly SourceFile[],
    { schema, type, badRows, keyOf }: Table & FileKeys,
    folder: string,
    progress: Progress,
  ) {
    this.#sources = sources;
    this.#schema = schema;
    this.#rules = importRules(schema, type);
    this.#folder = folder;
    this.#keyOf = keyOf ?? (() => undefined);
    this.#progress = progress;
    this.#tally = new RowTally(badRows);
    this.#copier = new FastCopier(join(folder, 'duckdb'));
    this.#totalBytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  }

  /** Takes a file: it is read when those that it can be read together with have come. */
  async add(source: SourceFile): Promise<void> {
    this.#progress.signal.throwIfAborted();
    await using opened = new AsyncDisposableStack();
    const copy: LocalCopy = opened.use(await source.open());
    const file = await inspectCsv(copy.path, source.uri);
    if (file === undefined) {
      this.#emptiness = emptiness;
      return;
    }
    const columns = columnIndexes(file, this.#schema);
    if (file.survey !== undefined && file.survey.lines <= 1) {
      this.#emptiness = 'has no data rows';
      return;
    }
    const readable = { ...file, bytes: source.bytes, dialect: this.#dialectOf(file.shown) };
    if (this.#group === undefined || !belongsTo(this.#group, readable)) {
      await this.#convertGroup();
      this.#group = { files: [], columns };
    }
    this.#group.files.push(readable);
    this.#copies.use(opened.move());
  }

  /** @throws ImportError also if there are no rows, or too many bad ones. */
  async end(): Promise<{ readonly files: ConvertedFile[]; readonly report: ImportReport }> {
    await this.#convertGroup();
    const report = this.#tally.report();
    if (report.rows === 0) throw this.#withoutRows();
    this.#tally.check();
    return { files: this.#files, report };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#copier[Symbol.dispose]();
    await this.#copies.disposeAsync();
  }

  #dialectOf(shown: Dialect | undefined): Dialect {
    return shown ?? shownDialect(this.#survey) ?? 'doubled';
  }

  async #convertGroup(): Promise<void> {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const index = this.#files.length;
    const target = filePath(join(this.#folder, `${index}.parquet`), this.#keyOf(index));
    const rows = (await this.#copyFast(group, target)) ?? (await this.#copyPlainly(group, target));
    if (rows > 0) this.#files.push({ path: pathOf(target), rows });
    this.#bytes += bytesOf(group);
    await this.#copies.disposeAsync();
    this.#copies = new AsyncDisposableStack();
  }

  /** @returns undefined where the plain reader has to see to it; the files' dialects are then as their lines show. */
  async #copyFast(group: { files: ReadableFile[]; columns: readonly number[] }, target: FilePath) {
    const ended = new AbortController();
    const surveying = this.#surveyAll(group.files, AbortSignal.any([this.#progress.signal, ended.signal]));
    // Awaited below only once the copy has ended; what went wrong before matters more.
    surveying.catch(() => {});
    try {
      const copied = await this.#copy(group, target);
      const surveys = await surveying;
      const survey = sumOf(surveys);
      this.#survey = sumOf([this.#survey, survey]);
      const dialect = group.files[0]?.dialect;
      group.files = group.files.map((file, index) => ({ ...file, dialect: this.#dialectOf(shownIn(surveys[index])) }));
      const rows = survey.lines - group.files.length;
      if (!isReadBy(group, survey)) return undefined;
      const isRight =
        group.files[0]?.dialect === dialect ? copied === rows : (await this.#copy(group, target)) === rows;
      if (!isRight) return undefined;
      this.#tally.addRows(rows);
      return rows;
    } finally {
      ended.abort();
    }
  }

  async #surveyAll(files: readonly CsvFile[], signal: AbortSignal): Promise<Survey[]> {
    const surveys: Survey[] = [];
    for (const file of files) surveys.push(await surveyCsv(file, signal));
    return surveys;
  }

  #copy(group: CsvGroup, target: FilePath): Promise<number | undefined> {
    const { signal } = this.#progress;
    return this.#copier.copy(group, this.#rules, target, signal, (fraction) =>
      this.#report(group, fraction * bytesOf(group), 'reading'),
    );
  }

  async #copyPlainly(group: CsvGroup, target: FilePath): Promise<number> {
    const { signal } = this.#progress;
    const clean = keyOf(target)
      ? new CleanTable(this.#copier, this.#rules, target)
      : new CleanFile(this.#copier, this.#rules, target);
    const rows = await this.#readPlainly(group, await clean.open());
    if (rows === 0 || this.#tally.hasFailed) return 0;
    if ((await clean.copy(signal)) === rows) return rows;
    throw new Error(`DuckDB refused the rows that were read from ${group.files[0]?.uri}.`);
  }

  async #readPlainly(group: CsvGroup, sink: RowSink): Promise<number> {
    await using clean = sink;
    const { signal } = this.#progress;
    const onRead = (bytes: number) => this.#report(group, bytes, 'checking row by row');
    return await plainCopy({ group, rules: this.#rules, tally: this.#tally, clean, signal, onRead });
  }

  #report(group: CsvGroup, bytes: number, note: string): void {
    const [first, ...others] = group.files;
    const names = `${first?.uri}${others.length > 0 ? ` and ${others.length} more` : ''}`;
    this.#progress.report((0.98 * (this.#bytes + bytes)) / this.#totalBytes, `${note} ${names}`);
  }

  #withoutRows(): ImportError {
    const [first] = this.#sources;
    if (this.#sources.length === 1) return new ImportError(`${first?.uri} ${this.#emptiness || 'has no data rows'}.`);
    return new ImportError(`None of the ${this.#sources.length} files has data rows; the first is ${first?.uri}.`);
  }
}

const bytesOf = ({ files }: CsvGroup): number => files.reduce((sum, file) => sum + file.bytes, 0);

const shownIn = (survey: Survey | undefined): Dialect | undefined => survey && shownDialect(survey);

/** Whether DuckDB, which reads all files of a group by one dialect, reads them as the plain reader does. */
function isReadBy({ files: [first, ...others] }: CsvGroup, survey: Survey): boolean {
  if (first === undefined || others.some(({ dialect }) => dialect !== first.dialect)) return false;
  return isUniform(survey, first.dialect);
}
