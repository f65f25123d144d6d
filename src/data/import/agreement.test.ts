import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetSchema } from '../dataset-schema.ts';
import { type FilePath, passingKey } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlString } from '../engine/duckdb.ts';
import { parquetFile } from '../engine/parquet-files.ts';
import type { RowSink } from '../engine/row-table.ts';
import { type ImportReport, RowTally } from './bad-rows.ts';
import { CleanFile, CleanTable } from './clean-rows.ts';
import { importRules } from './column-rule.ts';
import { inspectCsv, surveyCsv } from './csv-file.ts';
import type { CsvGroup } from './csv-group.ts';
import { FastCopier } from './fast-copy.ts';
import { columnIndexes } from './header.ts';
import { ImportError } from './import-error.ts';
import { plainCopy } from './plain-copy.ts';
import { isUniform } from './survey.ts';

/*
 * Two readers go over the same text: DuckDB and the plain one. What DuckDB takes, the plain reader must take too, with
 * the same rows and none left out; what the plain reader takes, DuckDB must take in its clean form, with the same rows.
 */

const plain = { nullable: true, categorical: false, textual: false };
const schema: DatasetSchema = {
  fields: [
    { ...plain, name: 'ITEM_ID', type: 'string', nullable: false },
    { ...plain, name: 'TIMESTAMP', type: 'long' },
    { ...plain, name: 'PRICE', type: 'double' },
    { ...plain, name: 'ADULT', type: 'boolean' },
    { ...plain, name: 'DESCRIPTION', type: 'string', textual: true },
  ],
  reservedWords: new Set(['ITEM_ID', 'CREATION_TIMESTAMP']),
};
const rules = importRules(schema, 'ITEMS');
const header = 'ITEM_ID,TIMESTAMP,X,PRICE,ADULT,DESCRIPTION';
/** Spellings of the header's third name, which the schema does not have. */
const strangeNames = ['X', '"X"', ' "X"', 'X"y', '"X ""y"""', '"X, \\"y\\""', '\\', 'é', ''];
const signal = new AbortController().signal;

let folder: string;
let duckdb: DuckDb;
let copier: FastCopier;
let plainTarget: FilePath;
let sealedTarget: FilePath;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agreement-'));
  copier = new FastCopier(join(folder, 'spilled'));
  plainTarget = join(folder, 'plain.parquet');
  sealedTarget = { path: join(folder, 'sealed.parquet'), key: passingKey() };
  duckdb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'duckdb'), threads: 2 });
});

afterAll(async () => {
  copier[Symbol.dispose]();
  duckdb[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

type Rows = Awaited<ReturnType<DuckDb['run']>>;

async function copied(group: CsvGroup, lines: number): Promise<Rows | undefined> {
  const target = join(folder, 'rows.parquet');
  const count = await copier.copy(group, rules, target, signal, () => {});
  if (count !== lines) return undefined;
  const rows = await duckdb.run(`SELECT * FROM read_parquet(${sqlString(target)})`);
  expect(rows).toHaveLength(count);
  return rows;
}

/** What each reader says of a file: the rows that it takes, and the plain one what it does not. */
type Readings = {
  readonly fast: Rows | undefined;
  readonly slow: Rows;
  readonly report: ImportReport;
  readonly reason: string | undefined;
};

const nothing: Readings = {
  fast: undefined,
  slow: [],
  reason: undefined,
  report: { rows: 0, rowsLeftOut: 0, valuesMissing: 0, problems: [] },
};

async function readings(content: string | Uint8Array): Promise<Readings> {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  try {
    const file = await inspectCsv(path, 's3://data/file.csv');
    if (file === undefined) return nothing;
    const dialect = file.shown ?? 'doubled';
    const group: CsvGroup = { files: [{ ...file, dialect, bytes: 1 }], columns: columnIndexes(file, schema) };
    const survey = await surveyCsv(file, signal);
    const fast = isUniform(survey, dialect) ? await copied(group, survey.lines - 1) : undefined;
    return { fast, ...(await readPlainly(group)) };
  } catch (error) {
    if (error instanceof ImportError) return { ...nothing, reason: error.message };
    throw error;
  }
}

/** Every row may be bad, so that what is taken of the others is seen. */
async function readPlainly(group: CsvGroup): Promise<Omit<Readings, 'fast'>> {
  const [tally, again] = [new RowTally(1), new RowTally(1)];
  const slow = await copiedPlainly(group, tally, new CleanFile(copier, rules, plainTarget));
  const sealed = await copiedPlainly(group, again, new CleanTable(copier, rules, sealedTarget));
  expect(sealed).toEqual(slow);
  return { slow, report: tally.report(), reason: reasonOf(tally) };
}

async function copiedPlainly(group: CsvGroup, tally: RowTally, clean: CleanFile | CleanTable): Promise<Rows> {
  const rows = await readInto(await clean.open(), group, tally);
  const count = await clean.copy(signal);
  if (count !== rows) throw new Error('DuckDB refused the clean rows.');
  const target = clean instanceof CleanFile ? plainTarget : sealedTarget;
  await duckdb.use([target]);
  return await duckdb.run(`SELECT * FROM ${parquetFile(target)}`);
}

async function readInto(sink: RowSink, group: CsvGroup, tally: RowTally): Promise<number> {
  await using clean = sink;
  return await plainCopy({ group, rules, tally, clean, signal, onRead: () => {} });
}

/** Why a strict import of the rows fails. */
function reasonOf(tally: RowTally): string | undefined {
  const { rows, problems } = tally.report();
  const strict = new RowTally(0);
  strict.addRows(rows);
  for (const problem of problems) strict.addBad({ problems: [problem], isLeftOut: true, isTooLong: false });
  try {
    strict.check();
  } catch (error) {
    return error instanceof ImportError ? error.message : 'no ImportError';
  }
  return undefined;
}

function expectAgreement({ fast, slow, report }: Readings): void {
  if (fast === undefined) return;
  expect(slow).toEqual(fast);
  expect(report.problems).toEqual([]);
}

/** Raise it to search longer. */
const numRuns = Number(process.env.AGREEMENT_RUNS ?? 150);

/** Files with all that may go wrong in one. */
const strangeFiles = (() => {
  const pieces = [
    '"',
    '""',
    '\\"',
    '\\',
    ',',
    ',,,,,',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    'i',
    'ITEM_ID',
    'é',
    '\u{1f3ac}',
    '\ufeff',
    '\0',
    '#',
    "'",
    '5',
    '-1.5',
    '1_0',
    '1e3',
    '.5',
    '+7',
    '0x1F',
    'nan',
    'inf',
    'true',
    'True',
    'NULL',
    '1600000000',
    '1600000000000',
    '99999999999999999999',
  ];
  const value = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('i', '5', '', '"a, b"', 'true', '1600000000', ' "x" ', '"\\"q\\""', '"""q"""'),
    },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join('')) },
  );
  const good = fc.tuple(
    fc.constantFrom('i', 'é', 'ITEM', '"ITEM_ID"', '"a""b"', '"a\\"b"'),
    fc.constantFrom('', '-5', '1600000000'),
    value,
    fc.constantFrom('', '1.5', '-2e3', '.5'),
    fc.constantFrom('', 'true', 'false'),
    value,
  );
  const line = fc
    .oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: fc.array(value, { minLength: 5, maxLength: 7 }) })
    .map((values) => values.join(','));
  const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
  return fc
    .tuple(
      fc.constantFrom(...strangeNames),
      fc.array(fc.tuple(line, fc.constantFrom('', '', '', '\r', '\n')), { maxLength: 4 }),
      end,
      fc.boolean(),
    )
    .map(
      ([name, lines, lineEnd, last]) =>
        [header.replace(',X,', `,${name},`), ...lines.map(([text, more]) => text + more)].join(lineEnd) +
        (last ? lineEnd : ''),
    );
})();

it('takes what DuckDB takes, and as it does', async () => {
  const seen = { both: 0, slowOnly: 0, neither: 0 };
  await fc.assert(
    fc.asyncProperty(strangeFiles, async (content) => {
      const said = await readings(content);
      expectAgreement(said);
      seen[said.fast !== undefined ? 'both' : said.reason !== undefined ? 'neither' : 'slowOnly']++;
    }),
    { numRuns },
  );
  // The cases must not all be of one kind.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 100);
});

it('takes of a file with bad rows what it takes of the file without them', async () => {
  let left = 0;
  await fc.assert(
    fc.asyncProperty(strangeFiles, async (content) => {
      const { slow, report } = await readings(content);
      const bad = new Set(report.problems.flatMap((it) => (it.outcome === 'row left out' ? [it.line] : [])));
      if (bad.size === 0) return;
      left++;
      const lines = content.split(/\r\n|\r|\n/).filter((_, index) => !bad.has(index + 1));
      const without = await readings(lines.join('\n'));
      expect(without.slow).toEqual(slow);
      expect(without.report).toMatchObject({ rowsLeftOut: 0, valuesMissing: report.valuesMissing });
      expectAgreement(without);
    }),
    { numRuns },
  );
  expect(left).toBeGreaterThan(numRuns / 100);
});

it('takes bytes that are no text as DuckDB does', async () => {
  const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array).toString('latin1'));
  // Half of a surrogate pair, and U+0000.
  for (const one of ['\xed\xa0\x80', '\0']) {
    const said = await readings(Buffer.from(`${header}\ni${one},1,x,2,true,\ni,1,x,2,true,a${one}\n`, 'latin1'));
    expect(said.fast).toBeUndefined();
    expect(JSON.stringify(said.slow, (_, it) => String(it))).not.toMatch(/\\u0000|\\ud800|\ufffd/);
  }
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.boolean(), async (one, other, quoted) => {
      const quote = quoted ? '"' : '';
      const content = Buffer.from(`${header}\ni${one},1,x,2,true,${quote}${other}${quote}\n`, 'latin1');
      expectAgreement(await readings(content));
    }),
    { numRuns },
  );
});

it('counts as many bad rows as there are', async () => {
  const defects = [
    '',
    ',1,,,,',
    'i,x,,,,',
    'i,1,,x,,',
    'i,1,,,yes,',
    'i,1',
    'i,1,,,,,y',
    'i,1,,,,"a',
    'i,1,,,,"a"b',
    `${'i'.repeat(257)},1,,,,`,
  ];
  const line = fc.constantFrom(...defects);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (lines) => {
      const bad = lines.filter((text) => text !== '').length;
      const content = [header, ...lines.map((text) => text || 'i,1,,2,true,"fine, this"')].join('\n');
      const { fast, slow, report } = await readings(content);
      if (bad > 0) expect(fast).toBeUndefined();
      else expect(fast).toHaveLength(lines.length);
      expect(report.rows).toBe(lines.length);
      expect(new Set(report.problems.map(({ line }) => line)).size).toBe(bad);
      // A value that is too long fails the import, so that nothing more is written.
      if (!lines.some((text) => text.startsWith('iii'))) expect(slow).toHaveLength(lines.length - report.rowsLeftOut);
    }),
    { numRuns: 50 },
  );
});
