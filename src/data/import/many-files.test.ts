import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { good, goodRows, header, type Imports, openImports } from './import.fixture.ts';

let bench: Imports;
beforeEach(async () => {
  bench = await openImports();
});
afterEach(() => bench.close());

const location = 's3://data/f/';
const emptyParts: readonly [string, string | Uint8Array][] = [
  ['header only', header],
  ['header only with CRLF', header.replace('\n', '\r\n')],
  ['header only without a line end', header.trim()],
  ['header and empty lines', `${header}\n\r\n\n`],
  ['nothing', ''],
  ['nothing but a byte order mark', '\ufeff'],
  ['empty lines', '\n\n\r\n'],
  ['gzip of nothing', gzipSync('')],
  ['gzip of a header', gzipSync(header)],
];

it.each(emptyParts)('a part without rows adds nothing: %s', async (_case, content) => {
  await bench.put('f/0.csv', content);
  await bench.put('f/1.csv', good);
  await bench.put('f/2.csv', content);
  const { files, report } = await bench.run({ location });
  expect(await bench.readBack(files)).toEqual(goodRows);
  expect(report).toMatchObject({ rows: 2, rowsLeftOut: 0, problems: [] });
});

it('a folder of such parts alone has no rows', async () => {
  for (const [index, [, content]] of emptyParts.entries()) await bench.put(`f/${index}.csv`, content);
  expect(await bench.reasonOf(undefined, { location })).toBe(
    `None of the ${emptyParts.length} files has data rows; the first is s3://data/f/0.csv.`,
  );
});

it('small files become one, in order, and each is known by its name', async () => {
  const count = 60;
  for (let n = 0; n < count; n++) {
    await bench.put(`f/${String(n).padStart(3, '0')}.csv`, `${header}a${n},i,1600000000,1\nb${n},i,1600000000,1\n`);
  }
  const { files } = await bench.run({ location });
  expect(files).toHaveLength(1);
  const expected = Array.from({ length: count }, (_, n) => [`a${n}`, `b${n}`]).flat();
  expect((await bench.readBack(files)).map(({ USER_ID }) => USER_ID)).toEqual(expected);

  await bench.put('f/031.csv', `${header}a31,i,1600000000,1\nb31,i,later,1\n`);
  const again = await bench.run({ location });
  expect((await bench.readBack(again.files)).map(({ USER_ID }) => USER_ID)).toEqual(
    expected.filter((id) => id !== 'b31'),
  );
  expect(again.report.problems).toMatchObject([{ uri: 's3://data/f/031.csv', line: 3, column: 'TIMESTAMP' }]);
});

it('files that differ in the order of columns, in quotes or in compression keep their order, too', async () => {
  await bench.put('f/1.csv', `${header}"a ""x""",i,1600000000,1\n`);
  await bench.put('f/2.csv', 'ITEM_ID,TIMESTAMP,EVENT_VALUE,USER_ID\ni,1600000000,1,"b \\"x\\""\n');
  await bench.put('f/3.csv', gzipSync(`${header}c,i,1600000000,1\n`));
  await bench.put('f/4.csv', `${header}d,i,1600000000,1\n`);
  const { files } = await bench.run({ location });
  expect((await bench.readBack(files)).map(({ USER_ID }) => USER_ID)).toEqual(['a "x"', 'b "x"', 'c', 'd']);
});
