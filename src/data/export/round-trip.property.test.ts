import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetSchema } from '../dataset-schema.ts';
import { field } from '../import/import.fixture.ts';
import { type Exports, openExports } from './export.fixture.ts';

const nullable = { nullable: true };
const schema: DatasetSchema = {
  fields: [
    field('ITEM_ID'),
    field('GENRES', 'string', nullable),
    field('YEAR', 'int', nullable),
    field('SEEN', 'long', nullable),
    field('PRICE', 'float', nullable),
    field('WEIGHT', 'double', nullable),
    field('ADULT', 'boolean', nullable),
    field('ABOUT', 'string', { ...nullable, textual: true }),
  ],
};

let bench: Exports;
beforeAll(async () => {
  bench = await openExports(schema);
});
afterAll(() => bench.close());

const inLine = ['a', 'é', '\u{1f600}', '"', '""', ',', '\\', '\\"', '|', ' ', '\t', '#', "'", 'a\ufeff', ';', 'NULL'];
const text = (units: readonly string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 12 });
const filled = (units: readonly string[]) => text(units).filter((value) => value !== '');
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const rowOf = (units: readonly string[]) =>
  fc.record({
    ITEM_ID: filled(units),
    GENRES: orNull(filled(units)),
    YEAR: orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    SEEN: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    PRICE: orNull(fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
    WEIGHT: orNull(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
    ADULT: orNull(fc.boolean()),
    ABOUT: orNull(filled(units)),
  });

/** As a record of the log has it. */
const lineOf = (row: object): string[] => Object.values(row).map((value) => (value === null ? '' : String(value)));

it('reads back the very rows that it has written, and writes them again byte for byte', async () => {
  const rows = fc.uniqueArray(rowOf(inLine), { minLength: 1, maxLength: 30, selector: ({ ITEM_ID }) => ITEM_ID });
  await fc.assert(
    fc.asyncProperty(rows, async (written) => {
      await bench.clear();
      await bench.put(schema.fields, ...written.map(lineOf));
      await bench.export('PUT');
      const content = await bench.read('items-put-00001.csv');
      expect(await bench.imports.rowsOf(content, { schema, type: 'ITEMS', badRows: 0 })).toEqual(written);
      await bench.import(content);
      await bench.export('BULK');
      expect(await bench.read('items-bulk-00001.csv')).toBe(content);
    }),
    { numRuns: 40 },
  );
});

it('writes line ends so that any reader of RFC 4180 has them back', async () => {
  const rows = fc.uniqueArray(rowOf([...inLine, '\n', '\r', '\r\n']), {
    minLength: 1,
    maxLength: 30,
    selector: ({ ITEM_ID }) => ITEM_ID,
  });
  await fc.assert(
    fc.asyncProperty(rows, async (written) => {
      await bench.clear();
      await bench.put(schema.fields, ...written.map(lineOf));
      await bench.export('PUT');
      const [header, ...lines] = readCsv(await bench.read('items-put-00001.csv'));
      expect(header).toEqual(schema.fields.map(({ name }) => name));
      // Several texts stand for one number.
      const shown = (line: readonly string[]) =>
        line.map((value, index) => {
          if (value === '') return value;
          return index === price ? Math.fround(Number(value)) : index === weight ? Number(value) : value;
        });
      expect(lines.map(shown)).toEqual(written.map(lineOf).map(shown));
    }),
    { numRuns: 20 },
  );
});

const price = schema.fields.findIndex(({ name }) => name === 'PRICE');
const weight = schema.fields.findIndex(({ name }) => name === 'WEIGHT');

/** The cells of each record by RFC 4180, which knows nothing of backslashes. */
function readCsv(content: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = '', end] of content.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== '\n') continue;
    records.push(record);
    record = [];
  }
  return records;
}
