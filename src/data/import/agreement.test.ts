import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetSchema } from '../dataset-schema.ts';
import { type DuckDb, openDuckDb, sqlString } from '../duckdb.ts';
import { BadRows } from './bad-rows.ts';
import { type CsvFile, inspectCsv } from './csv-file.ts';
import { fastCopy } from './fast-copy.ts';
import { ImportError } from './import-error.ts';
import { plainCheck } from './plain-check.ts';

/*
 * Two readers go over the same text: DuckDB and the plain one. What DuckDB takes, the plain reader must take too, with the
 * same rows; what the plain reader takes, DuckDB must take in its clean form, with the same rows.
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
};
const header = 'ITEM_ID,TIMESTAMP,X,PRICE,ADULT,DESCRIPTION';
/** Spellings of the header's third name, which the schema does not have. */
const strangeNames = ['X', '"X"', ' "X"', 'X"y', '"X ""y"""', '"X, \\"y\\""', '\\', 'é', ''];
const signal = new AbortController().signal;

let folder: string;
let duckdb: DuckDb;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agreement-'));
  duckdb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'duckdb'), threads: 2 });
});

afterAll(async () => {
  duckdb[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

async function copied(file: CsvFile) {
  const target = join(folder, 'rows.parquet');
  const count = await fastCopy(file, schema, target, signal, () => {});
  if (count === undefined) return undefined;
  const rows = await duckdb.run(`SELECT * FROM read_parquet(${sqlString(target)})`);
  expect(rows).toHaveLength(count);
  return rows;
}

/** What each reader says of a file: its rows, or how many of them are bad. */
async function readings(content: string | Uint8Array) {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  const file = await inspectCsv(path, 's3://data/file.csv').catch((error: unknown) => {
    if (error instanceof ImportError) return error.message;
    throw error;
  });
  if (typeof file === 'string') return { fast: undefined, slow: file };
  const bad = new BadRows();
  const cleanPath = join(folder, 'clean.csv');
  await plainCheck(file, schema, bad, cleanPath, signal, () => {});
  const clean: CsvFile = {
    ...file,
    path: cleanPath,
    dialect: 'doubled',
    header: schema.fields.map(({ name }) => name),
  };
  return {
    fast: await copied(file),
    slow: bad.count > 0 ? bad.describe() : ((await copied(clean)) ?? 'clean file refused'),
  };
}

/** Raise it to search longer. */
const numRuns = Number(process.env.AGREEMENT_RUNS ?? 150);

it('takes what DuckDB takes, and as it does', async () => {
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
    fc.constantFrom('i', 'é', '"a""b"', '"a\\"b"'),
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
  const file = fc
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
  const seen = { both: 0, slowOnly: 0, neither: 0 };
  await fc.assert(
    fc.asyncProperty(file, async (content) => {
      const { fast, slow } = await readings(content);
      if (fast !== undefined) expect(slow).toEqual(fast);
      else if (typeof slow === 'string') expect(slow).toMatch(/not valid/);
      seen[fast !== undefined ? 'both' : typeof slow === 'string' ? 'neither' : 'slowOnly']++;
    }),
    { numRuns },
  );
  // The cases must not all be of one kind.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 100);
});

it('takes bytes that are no text as DuckDB does', async () => {
  const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array).toString('latin1'));
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.boolean(), async (one, other, quoted) => {
      const quote = quoted ? '"' : '';
      const content = Buffer.from(`${header}\ni${one},1,x,2,true,${quote}${other}${quote}\n`, 'latin1');
      const { fast, slow } = await readings(content);
      if (fast !== undefined) expect(slow).toEqual(fast);
      else if (typeof slow === 'string') expect(slow).toMatch(/not valid/);
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
      const { fast, slow } = await readings(content);
      if (bad === 0) expect(fast).toHaveLength(lines.length);
      else expect(slow).toMatch(new RegExp(`^${bad} rows? of the input `));
    }),
    { numRuns: 50 },
  );
});
