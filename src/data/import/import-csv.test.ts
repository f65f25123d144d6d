import { execFileSync } from 'node:child_process';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSchema } from '../dataset-schema.ts';
import { sqlString } from '../engine/duckdb.ts';
import { type ObjectStore, ObjectStoreError } from '../objects/object-store.ts';
import { field, good, goodRows, header, type Imports, openImports } from './import.fixture.ts';

const items: DatasetSchema = {
  fields: [
    field('ITEM_ID'),
    field('GENRES', 'string', { nullable: true, categorical: true }),
    field('DESCRIPTION', 'string', { nullable: true, textual: true }),
    field('ADULT', 'boolean', { nullable: true }),
    field('YEAR', 'int', { nullable: true }),
  ],
};

const asItems = { schema: items, type: 'ITEMS' } as const;

const longLine = (bytes: number) =>
  Buffer.concat([Buffer.from(`${header}u1,i1,1600000000,4.5\n`), Buffer.alloc(bytes, 'x'), Buffer.from(',i,1,\n')]);

let bench: Imports;
beforeEach(async () => {
  bench = await openImports();
});
afterEach(() => bench.close());

describe('files that are in order', () => {
  it.each<[string, string | Uint8Array]>([
    ['plain', good],
    ['without an end of the last line', good.trimEnd()],
    ['with a byte order mark', `\ufeff${good}`],
    ['with CRLF', good.replaceAll('\n', '\r\n')],
    ['with CR', good.replaceAll('\n', '\r')],
    ['with mixed line ends', good.replace('4.5\n', '4.5\r\n')],
    ['gzipped', gzipSync(good)],
    ['gzipped with a byte order mark', gzipSync(`\ufeff${good}`)],
    ['with empty lines', good.replaceAll('\n', '\n\n').replace('\n\n', '\n')],
    ['with every value quoted', good.replaceAll(/[^,\n]+/g, '"$&"')],
    ['with blanks around numbers and quotes', good.replace('1600000000', ' 1600000000 ').replace('u1', ' "u1" ')],
    ['with a comma at the end of a line', good.replace('4.5', '4.5,')],
    [
      'in another order, with columns that the schema does not have',
      'X,TIMESTAMP,USER_ID,Y,EVENT_VALUE,ITEM_ID\n"a,b",1600000000,u1,,4.5,i1\n,1600000001,u2,,,i2\n',
    ],
    ['with a header in another case', good.replace('USER_ID,ITEM_ID', 'user_id,Item_Id')],
    ['with a column whose name differs only by case', good.replaceAll('\n', ',x\n').replace(',x', ',user_id')],
    ['in another notation of numbers', good.replace('1600000000', '+01600000000').replace('4.5', '.45e1')],
    ['with whole numbers as pandas writes those of a column with gaps', good.replace('1600000000', '1600000000.0')],
  ])('%s', async (_case, content) => {
    expect(await bench.rowsOf(content)).toEqual(goodRows);
  });

  it('of a folder, without those in folders of it and the marks that tools leave', async () => {
    await bench.put('f/1.csv', `${header}u1,i1,1600000000,4.5\n`);
    await bench.put('f/2.csv.gz', gzipSync(`${header}u2,i2,1600000001,\n`));
    await bench.put('f/sub/3.csv', 'something else');
    await bench.put('f/_SUCCESS', '');
    await bench.put('f/.2.csv.gz.crc', 'no CSV');
    expect(await bench.readBack((await bench.run({ location: 's3://data/f/' })).files)).toEqual(goodRows);
  });

  it('with either way of escaping quotes', async () => {
    const row = { ITEM_ID: 'i', GENRES: 'a|b', DESCRIPTION: 'say "hi", then C:\\ über', ADULT: true, YEAR: -1990 };
    const text = (escaped: string) => `ITEM_ID,GENRES,DESCRIPTION,ADULT,YEAR\ni,a|b,${escaped},true,-1990\n`;
    expect(await bench.rowsOf(text('"say ""hi"", then C:\\ über"'), asItems)).toEqual([row]);
    expect(await bench.rowsOf(text('"say \\"hi\\", then C:\\\\ über"'), asItems)).toEqual([row]);
  });

  it('keeps the order of rows and the format version', async () => {
    const rows = Array.from({ length: 300_000 }, (_, n) => `u${n},i${n % 7},${1_600_000_000 + n},`);
    await bench.put('a.csv', `${header}${rows.join('\n')}\n`);
    const [file] = (await bench.run()).files;
    expect(file).toMatchObject({ key: 'datasets/one/part-00000.parquet', rows: 300_000 });
    await using copy = await bench.store.localFile(file?.key ?? '');
    const path = sqlString(copy.path);
    const order = `SELECT bool_and(USER_ID = 'u' || file_row_number) AS kept FROM read_parquet(${path}, file_row_number = true)`;
    expect(await bench.duckdb.run(order)).toEqual([{ kept: true }]);
    const format = `SELECT decode(value) AS value FROM parquet_kv_metadata(${path}) WHERE decode(key) = 'openpersonalize.format'`;
    expect(await bench.duckdb.run(format)).toEqual([{ value: '1' }]);
  });

  it('cuts a textual value that is too long, also in a line of 100 MB', async () => {
    const long = 'né'.repeat(10_500);
    const start = 'ITEM_ID,GENRES,DESCRIPTION,ADULT,YEAR\n';
    const cut = [{ ITEM_ID: 'i', GENRES: null, DESCRIPTION: long.slice(0, 20_000), ADULT: null, YEAR: null }];
    expect(await bench.rowsOf(`${start}i,,"${long}",,\n`, asItems)).toEqual(cut);
    const huge = Buffer.concat([
      Buffer.from(`${start}i,,"${long}`),
      Buffer.alloc(100_000_000, 'x'),
      Buffer.from('",,\n'),
    ]);
    expect(await bench.rowsOf(huge, asItems)).toEqual(cut);
  });
});

describe('files that are not', () => {
  it.each<[string, string | Uint8Array, string]>([
    [
      'missing columns',
      'USER_ID,X\nu,x\n',
      'Input CSV is missing the following columns:[ITEM_ID, TIMESTAMP, EVENT_VALUE].',
    ],
    ['a column with a blank', good.replace('USER_ID', ' user_id'), '" user_id" must be spelled as in the schema'],
    [
      'a column in two other cases',
      good.replace('USER_ID', 'user_id,User_Id'),
      'names the column USER_ID more than once',
    ],
    ['semicolons', good.replaceAll(',', ';'), 'separated by semicolons: separate the values of all lines by commas'],
    ['tabs', good.replaceAll(',', '\t'), 'separated by tabs: separate the values of all lines by commas'],
    ['a ZIP archive', 'PK\x03\x04\x14\0', 's3://data/a.csv is a ZIP archive (or a spreadsheet), not CSV'],
    ['a Parquet file', 'PAR1\x15\x04', 's3://data/a.csv is a Parquet file, not CSV: convert it to CSV in UTF-8'],
    ['JSON lines', '{"USER_ID":"u1"}\n', 's3://data/a.csv is JSON, not CSV'],
    ['a ZIP archive in a gzip file', gzipSync('PK\x03\x04'), 'is a ZIP archive'],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), 'is encoded in UTF-16: save it as UTF-8'],
    [
      'more than 10,000 columns',
      `${header.trim()}${',X'.repeat(9_997)}\nu`,
      'The first line of s3://data/a.csv is not a header: it names more than 10,000 columns',
    ],
    ['a header with an open quote', good.replace('USER', '"USER'), 'it has a quote that is not closed'],
    ['nothing but empty lines', '\n\r\n\n', 's3://data/a.csv is empty'],
    ['U+0000 in an id', good.replace('u1', 'u\0'), 'line 2, column USER_ID, value "u\\u0000": it must not hold U+0000'],
    ['a column twice', good.replace('EVENT_VALUE', 'EVENT_VALUE,USER_ID'), 'names the column USER_ID more than once'],
    ['nothing', '', 's3://data/a.csv is empty'],
    ['nothing but a byte order mark', '\ufeff', 's3://data/a.csv is empty'],
    ['a header only', header, 's3://data/a.csv has no data rows'],
    ['a header only, gzipped', gzipSync(header), 's3://data/a.csv has no data rows'],
    ['an empty first line', `\n${good}`, 'The first line of s3://data/a.csv is empty'],
    ['half of a gzip file', gzipSync(good).subarray(0, 40), 's3://data/a.csv is not a complete gzip file'],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), 'is encoded in UTF-16: save it as UTF-8'],
    ['latin-1', Buffer.from(good.replace('i1', 'ü'), 'latin1'), 'line 2: the text must be encoded in UTF-8'],
    [
      'a word for a number',
      good.replace('1600000001', 'soon'),
      'line 3, column TIMESTAMP, value "soon": it must be a whole number',
    ],
    [
      'a fraction for a whole number',
      good.replace('1600000001', '1.5'),
      'line 3, column TIMESTAMP, value "1.5": it must be a whole number',
    ],
    ['an underscore in a number', good.replace('4.5', '4_5'), 'column EVENT_VALUE, value "4_5": it must be a number'],
    ['not a number', good.replace('4.5', 'NaN'), 'column EVENT_VALUE, value "NaN": it must be a number'],
    ['a number too large', good.replace('4.5', '1e39'), 'it is too large for the type float'],
    ['milliseconds', good.replace('1600000001', '1600000001000'), 'it looks like milliseconds: divide it by 1,000'],
    ['an empty id', good.replace('u1', ''), 'line 2, column USER_ID, value "": every record must have a value'],
    [
      'an empty quoted id',
      good.replace('u1', '""'),
      'line 2, column USER_ID, value "": every record must have a value',
    ],
    [
      'a long id',
      good.replace('u1', 'é'.repeat(257)),
      `value "${'é'.repeat(40)}"…: Length cannot be more than 256 characters for USER_ID`,
    ],
    ['a quote left open', good.replace('i1', '"i1'), 'line 2: a quoted value must end on its line'],
    ['a line break in quotes', good.replace('i1', '"i\n1"'), 'line 2: a quoted value must end on its line'],
    [
      'a line break in a column that is ignored',
      good.replace('VALUE\n', 'VALUE,X\n').replace('4.5', '4.5,"a\nb"').replace('01,', '01,,'),
      'line 2: a quoted value must end on its line',
    ],
    ['text after a quote', good.replace('i1', '"i"1'), 'line 2: after the quote'],
    ['too few values', good.replace(',4.5', ''), 'line 2: it has 3 values, but the header has 4 columns'],
    ['too many values', good.replace('4.5', '4.5,x'), 'line 2: it has more values than the header'],
    ['a last line of 40 MB', longLine(40_000_000), 'line 3, column USER_ID'],
    ['a last line of 40 MB, gzipped', gzipSync(longLine(40_000_000)), 'line 3, column USER_ID'],
    ['a line of 100 MB', longLine(100_000_000), 'Length cannot be more than 256 characters for USER_ID'],
  ])('%s', async (_case, content, reason) => {
    expect(await bench.reasonOf(content)).toContain(reason);
  });

  it.each([
    ['True', 'column ADULT, value "True": a boolean must be true or false in lower case'],
    ['', ''],
  ])('boolean %j', async (value, reason) => {
    const content = `ITEM_ID,GENRES,DESCRIPTION,ADULT,YEAR\ni,,,${value},1\n`;
    if (reason === '') expect(await bench.rowsOf(content, asItems)).toHaveLength(1);
    else expect(await bench.reasonOf(content, asItems)).toContain(reason);
  });

  it('a category of more than 1000 characters, and a year that fits no int', async () => {
    const content = `ITEM_ID,GENRES,DESCRIPTION,ADULT,YEAR\ni,${'g'.repeat(1001)},,,1\nj,,,,3000000000\n`;
    const reason = await bench.reasonOf(content, asItems);
    expect(reason).toContain('Length cannot be more than 1000 characters for GENRES');
    expect(reason).toContain('value "3000000000": it does not fit the type int');
  });

  it('names the first ten bad rows of all files and counts the rest', async () => {
    await bench.put('f/1.csv', `${header}${'u,i,x,\n'.repeat(4)}`);
    await bench.put('f/2.csv', good);
    await bench.put('f/3.csv', `${header}${'u,i,1,\nu,i,1,y\n'.repeat(2000)}`);
    const reason = await bench.reasonOf(undefined, { location: 's3://data/f/' });
    expect(reason).toMatch(
      /^2,004 of 4,006 rows of the input are not valid, more than --bad-rows allows \(1 %\), so nothing was imported: s3:\/\/data\/f\/1\.csv, line 2, /,
    );
    expect(reason.match(/s3:/g)).toHaveLength(10);
    expect(reason).toContain('s3://data/f/3.csv, line 3, column EVENT_VALUE, value "y": it must be a number');
    expect(reason).toMatch(/; and 1,994 more\.$/);
  });
});

describe('what lies outside of the file', () => {
  it('a missing object, folder or bucket', async () => {
    await bench.put('f/1.csv', good);
    expect(await bench.reasonOf(undefined)).toBe('There is no object s3://data/a.csv.');
    expect(await bench.reasonOf(undefined, { location: 's3://data/f' })).toContain('write s3://data/f/.');
    expect(await bench.reasonOf(undefined, { location: 's3://data/g/' })).toContain(
      'no file at the first level of s3://data/g/',
    );
    expect(await bench.reasonOf(undefined, { location: 's3://other/a.csv' })).toContain('other');
  });

  it.skipIf(process.platform === 'win32')('a pipe, or a link that leads out of the bucket', async () => {
    await bench.put('f/1.csv', good);
    execFileSync('mkfifo', [join(bench.root, 'buckets/data/f/2.csv')]);
    for (const location of ['s3://data/f/2.csv', 's3://data/f/']) {
      const reason = await bench.reasonOf(undefined, { location });
      expect(reason).toBe('s3://data/f/2.csv is a named pipe, not a file: put a file there.');
    }
    await symlink('/etc/passwd', join(bench.root, 'buckets/data/a.csv'));
    expect(await bench.reasonOf(undefined)).toMatch(
      /^Insufficient privileges for accessing data in Amazon S3\. s3:\/\/data\/a\.csv is, or is below, a link that leads out/,
    );
  });

  it('a full disk: the reason says so, and what was stored of the import is gone', async () => {
    await bench.put('f/1.csv', good);
    // In another order of columns, so that there are two files to store.
    await bench.put('f/2.csv', 'ITEM_ID,USER_ID,TIMESTAMP,EVENT_VALUE\ni,u,1,\n');
    const full: ObjectStore = Object.create(bench.store, {
      adopt: {
        value: async (key: string, path: string) => {
          if (key.endsWith('1.parquet')) throw new ObjectStoreError('full', `No space is left for ${key}.`);
          await bench.store.adopt(key, path);
        },
      },
      removeAll: { value: (prefix: string) => bench.store.removeAll(prefix) },
    });
    const reason = await bench.reasonOf(undefined, { location: 's3://data/f/', store: full });
    expect(reason).toBe('The disk of the server is full. No space is left for datasets/one/part-00001.parquet.');
  });

  it('an import that is stopped ends with the reason of the stop', async () => {
    await bench.put('a.csv', `${header}${'u1,i1,1600000000,4.5\n'.repeat(2_000_000)}`);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 100);
    await expect(bench.run({ progress: { report() {}, signal: controller.signal } })).rejects.toThrow('stopped');
    expect(await readdir(join(bench.root, 'work'))).toEqual([]);
    expect(await bench.stored()).toEqual([]);
  });
});
