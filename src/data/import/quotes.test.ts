import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DuckDb, openDuckDb, sqlString } from '../engine/duckdb.ts';
import { convertAll } from './conversion.ts';

/*
 * Two kinds of tools write quotes: as "" (and backslashes as they are), or as \" (and backslashes as \\). What they
 * write, in files of their own or line by line in one, comes back as it was.
 */

const column = (name: string) => ({ name, type: 'string', categorical: false, textual: false }) as const;
const fields = [
  { ...column('ITEM_ID'), nullable: false },
  { ...column('A'), nullable: true },
  { ...column('B'), nullable: true },
];
const table = { schema: { fields }, type: 'ITEMS', badRows: 0 } as const;
const progress = { report() {}, signal: new AbortController().signal };

let root: string;
let duckdb: DuckDb;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quotes-'));
  duckdb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(root, 'duckdb'), threads: 1 });
});

afterAll(async () => {
  duckdb[Symbol.dispose]();
  await rm(root, { recursive: true });
});

/** The values that an import reads from files of these lines. */
async function imported(...files: readonly string[][]): Promise<unknown[][]> {
  const sources = files.map((lines, index) => {
    const path = join(root, `${index}.csv`);
    const text = `ITEM_ID,A,B\n${lines.join('\n')}\n`;
    const open = async () => {
      await writeFile(path, text);
      return { path, async [Symbol.asyncDispose]() {} };
    };
    return { uri: path, bytes: Buffer.byteLength(text), open };
  });
  const folder = await mkdtemp(join(root, 'converted-'));
  const { files: converted } = await convertAll(sources, table, folder, progress);
  const paths = converted.map(({ path }) => sqlString(path)).join(', ');
  const rows = await duckdb.run(`SELECT * FROM read_parquet([${paths}], file_row_number = false)`);
  await rm(folder, { recursive: true });
  return rows.map(({ ITEM_ID, A, B }) => [ITEM_ID, A, B]);
}

type Tool = (value: string) => string;
const doubling: Tool = (value) => `"${value.replaceAll('"', '""')}"`;
const escaping: Tool = (value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
const lineOf = (row: readonly string[], tool: Tool) => row.map(tool).join(',');
/** A line that only a tool of that kind can have written. */
const plainly = { doubling: '"p","a\\","b""c"', escaping: '"p","a\\"b","c"' };
const plainRow = { doubling: ['p', 'a\\', 'b"c'], escaping: ['p', 'a"b', 'c'] };

const value = fc
  .array(fc.constantFrom('"', '\\', ',', ' ', 'x', 'é', '""', '\\"', '\\\\', '",', '","'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''));
const row = fc.tuple(value, value, value);
const rows = fc.array(row, { minLength: 1, maxLength: 4 });
/** Lines as long as the first look, so that what comes next is not part of it. */
const filling = Array.from({ length: 9000 }, (_, index) => [`i${index}`, 'word '.repeat(25), 'x']);
const numRuns = Number(process.env.QUOTES_RUNS ?? 60);

it('reads back exactly what a tool that doubles quotes has written', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      expect(await imported(values.map((it) => lineOf(it, doubling)))).toEqual(values);
    }),
    { numRuns },
  );
});

it('reads back exactly what a tool that escapes quotes has written, once a line shows it', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const lines = values.map((it) => lineOf(it, escaping));
      expect(await imported([...lines, plainly.escaping])).toEqual([...values, plainRow.escaping]);
      // The first file shows it for the files behind it.
      expect(await imported([plainly.escaping], lines)).toEqual([plainRow.escaping, ...values]);
    }),
    { numRuns },
  );
});

it('reads back exactly lines of both tools in one file, where they have quotes', async () => {
  // Backslashes alone do not say who has written them; beside a quote they do.
  const telling = value.filter((text) => !text.includes('\\') || text.includes('"'));
  const tellingRow = fc.tuple(telling, telling, telling);
  const written = fc.array(fc.tuple(tellingRow, fc.boolean()), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(written, async (lines) => {
      const text = lines.map(([values, doubles]) => lineOf(values, doubles ? doubling : escaping));
      const given = [plainly.doubling, ...text, plainly.escaping];
      expect(await imported(given)).toEqual([plainRow.doubling, ...lines.map(([values]) => values), plainRow.escaping]);
    }),
    { numRuns },
  );
});

it.each([
  ['escaped quotes', [plainly.escaping], [plainRow.escaping]],
  ['both kinds', [plainly.doubling, plainly.escaping], [plainRow.doubling, plainRow.escaping]],
  ['both kinds on a line', ['p,"a \\"b\\"","c ""d"""'], [['p', 'a "b"', 'c "d"']]],
])('takes %s behind the first mebibyte, and at its end', async (_case, lines, expected) => {
  const before = filling.map((it) => lineOf(it, doubling));
  for (const position of [9000, 7000, 6900]) {
    const given = [...before.slice(0, position), ...lines, ...before.slice(position)];
    const read = await imported(given);
    expect(read.slice(position, position + expected.length)).toEqual(expected);
    expect(read).toHaveLength(given.length);
  }
});

it('takes a backslash before the last quote that can end a value for a backslash', async () => {
  const lines = ['p,"C:\\dir\\",x', 'p,"C:\\dir\\"', 'p,"a\\","b\\"', 'p,"\\\\server\\dir",x'];
  expect(await imported(lines.map((line) => (line.split(',').length === 2 ? `${line},x` : line)))).toEqual([
    ['p', 'C:\\dir\\', 'x'],
    ['p', 'C:\\dir\\', 'x'],
    ['p', 'a\\', 'b\\'],
    ['p', '\\\\server\\dir', 'x'],
  ]);
});

it('keeps a backslash that escapes nothing', async () => {
  expect(await imported([plainly.escaping, 'p,"C:\\dir \\"x\\"",x'])).toEqual([
    plainRow.escaping,
    ['p', 'C:\\dir "x"', 'x'],
  ]);
});
