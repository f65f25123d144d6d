import { afterEach, beforeEach, expect, it } from 'vitest';
import { field, header, type Imports, interactions, openImports } from './import.fixture.ts';

let bench: Imports;
beforeEach(async () => {
  bench = await openImports();
});
afterEach(() => bench.close());

const goodLines = (count: number) => Array.from({ length: count }, (_, n) => `u${n},i${n % 7},${1_600_000_000 + n},1`);
const fileOf = (lines: readonly string[], columns = header.trim()) => `${columns}\n${lines.join('\n')}\n`;

it('leaves out rows without a readable id or time, and says which', async () => {
  const lines = goodLines(600);
  lines[3] = ',i,1600000000,1';
  lines[5] = 'u,i,soon,1';
  lines[7] = 'u,i';
  lines[9] = 'u,"i,1600000000,1';
  await bench.put('a.csv', fileOf(lines));
  const { files, report } = await bench.run();
  expect((await bench.readBack(files)).map(({ USER_ID }) => USER_ID)).toEqual(
    Array.from({ length: 600 }, (_, n) => `u${n}`).filter((_, n) => ![3, 5, 7, 9].includes(n)),
  );
  expect(report).toMatchObject({ rows: 600, rowsLeftOut: 4, valuesMissing: 0 });
  const location = { uri: 's3://data/a.csv', outcome: 'row left out' };
  expect(report.problems).toEqual([
    { ...location, line: 5, column: 'USER_ID', value: '', rule: 'every record must have a value' },
    { ...location, line: 7, column: 'TIMESTAMP', value: 'soon', rule: 'it must be a whole number' },
    { ...location, line: 9, rule: 'it has 2 values, but the header has 4 columns' },
    { ...location, line: 11, rule: 'a quoted value must end on its line' },
  ]);
});

it('takes unreadable and empty metadata for missing, also where the schema allows no null', async () => {
  const fields = [field('ITEM_ID'), field('YEAR', 'int'), field('GENRES', 'string', { categorical: true })];
  const lines = Array.from({ length: 300 }, (_, n) => `i${n},${1900 + n},a|b`);
  lines[1] = 'i1,nineteen,a';
  lines[2] = 'i2,,';
  lines[4] = 'i4,1904,"g\0"';
  await bench.put('a.csv', fileOf(lines, 'ITEM_ID,YEAR,GENRES'));
  const { files, report } = await bench.run({ schema: { fields }, type: 'ITEMS' });
  expect((await bench.readBack(files)).slice(0, 5)).toEqual([
    { ITEM_ID: 'i0', YEAR: 1900, GENRES: 'a|b' },
    { ITEM_ID: 'i1', YEAR: null, GENRES: 'a' },
    { ITEM_ID: 'i2', YEAR: null, GENRES: null },
    { ITEM_ID: 'i3', YEAR: 1903, GENRES: 'a|b' },
    { ITEM_ID: 'i4', YEAR: 1904, GENRES: null },
  ]);
  expect(report).toMatchObject({ rows: 300, rowsLeftOut: 0, valuesMissing: 4 });
  expect(report.problems.map(({ line, column, outcome }) => `${line} ${column}: ${outcome}`)).toEqual(
    ['3 YEAR', '4 YEAR', '4 GENRES', '6 GENRES'].map((location) => `${location}: value missing`),
  );
});

it('takes a reserved word for missing, and leaves out the row that it would be the id of', async () => {
  const fields = [
    field('ITEM_ID'),
    field('GENRES', 'string', { categorical: true }),
    field('PLOT', 'string', { textual: true }),
  ];
  const schema = { fields, reservedWords: new Set(['ITEM_ID', 'GENRES', "a'b"]) };
  const lines = Array.from({ length: 400 }, (_, n) => `i${n},a|b,GENRES of all kinds`);
  lines[1] = 'ITEM_ID,GENRES,PLOT';
  lines[2] = 'i2,GENRES,GENRES';
  lines[3] = 'i3,genres,GENRES|a';
  await bench.put('a.csv', fileOf(lines, 'ITEM_ID,GENRES,PLOT'));
  const { files, report } = await bench.run({ schema, type: 'ITEMS' });
  expect((await bench.readBack(files)).slice(0, 3)).toEqual([
    { ITEM_ID: 'i0', GENRES: 'a|b', PLOT: 'GENRES of all kinds' },
    { ITEM_ID: 'i2', GENRES: null, PLOT: null },
    { ITEM_ID: 'i3', GENRES: 'genres', PLOT: 'GENRES|a' },
  ]);
  expect(report).toMatchObject({ rows: 400, rowsLeftOut: 1, valuesMissing: 2 });
  expect(report.problems.map(({ line, column, rule }) => `${line} ${column}: ${rule}`)).toEqual([
    '3 ITEM_ID: it must not be ITEM_ID, which is the name of a reserved column',
    '3 GENRES: it must not be GENRES, which is the name of a reserved column',
    '4 GENRES: it must not be GENRES, which is the name of a reserved column',
    '4 PLOT: it must not be GENRES, which is the name of a reserved column',
  ]);
});

it('leaves out an event without a type, and takes one without a readable value', async () => {
  const lines = goodLines(300).map((line) => `${line},click`);
  lines[0] = 'a,i,1600000000,1,';
  lines[1] = 'b,i,1600000000,dear,click';
  lines[2] = 'c,i,1600000000,1,cl\0ick';
  await bench.put('a.csv', fileOf(lines, `${header.trim()},EVENT_TYPE`));
  const { files, report } = await bench.run({ schema: { fields: [...interactions.fields, field('EVENT_TYPE')] } });
  const [first] = await bench.readBack(files);
  expect(first).toMatchObject({ USER_ID: 'b', EVENT_VALUE: null, EVENT_TYPE: 'click' });
  expect(report).toMatchObject({ rows: 300, rowsLeftOut: 2, valuesMissing: 1 });
});

it('names of a dataset of events are metadata elsewhere', async () => {
  const fields = [field('ITEM_ID'), field('USER_ID', 'string', { nullable: true }), field('TIMESTAMP', 'long')];
  const lines = Array.from({ length: 300 }, (_, n) => `i${n},,${n}`);
  lines[0] = 'i0,,soon';
  await bench.put('a.csv', fileOf(lines, 'ITEM_ID,USER_ID,TIMESTAMP'));
  const { report } = await bench.run({ schema: { fields }, type: 'ITEMS' });
  expect(report).toMatchObject({ rows: 300, rowsLeftOut: 0, valuesMissing: 1 });
});

it('does not count empty cells of columns that an event may lack, whatever their type allows', async () => {
  const names = ['IMPRESSION', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'];
  const fields = [...interactions.fields.slice(0, 3), field('EVENT_VALUE', 'float'), ...names.map((it) => field(it))];
  const content = fileOf(['u,i,1600000000,,,,'], `${header.trim()},${names.join(',')}`);
  const [row] = await bench.rowsOf(content, { schema: { fields }, badRows: 0 });
  expect(row).toMatchObject({ EVENT_VALUE: null, IMPRESSION: null, RECOMMENDATION_ID: null });
});

it.each([
  [0.01, 100, 1, true],
  [0.01, 100, 2, false],
  [0.01, 99, 1, false],
  [0, 1000, 1, false],
  [0.5, 4, 2, true],
  [0.29, 100, 29, true],
  [1, 2, 2, false],
])('with a share of %d, of %d rows %d may be bad: %s', async (badRows, count, bad, mayBe) => {
  const content = fileOf(goodLines(count).map((line, index) => (index < bad ? 'u,i,soon,1' : line)));
  if (mayBe) expect(await bench.rowsOf(content, { badRows })).toHaveLength(count - bad);
  else expect(await bench.reasonOf(content, { badRows })).toContain('line 2, column TIMESTAMP, value "soon"');
});

it.each([
  [0.01, 4, '4 of 200 rows of the input are not valid, more than --bad-rows allows (1 %), so nothing was imported: '],
  [0.004, 1, '1 of 200 rows of the input is not valid, more than --bad-rows allows (0.4 %), so nothing was imported: '],
  [0, 1, '1 row of the input is not valid, so nothing was imported: '],
  [1, 200, '200 rows of the input are not valid, so nothing was imported: '],
])('with a share of %d and %d of 200 rows bad, the reason says how many may be', async (badRows, bad, beginning) => {
  const content = fileOf(goodLines(200).map((line, index) => (index < bad ? 'u,i,soon,1' : line)));
  expect((await bench.reasonOf(content, { badRows })).startsWith(beginning)).toBe(true);
});

it('fails for a value that is too long, and names it whatever was bad before', async () => {
  const lines = goodLines(2000).map((line, index) => (index < 12 ? 'u,i,soon,1' : line));
  lines[1000] = `u,${'i'.repeat(257)},1600000000,1`;
  expect(await bench.reasonOf(fileOf(lines))).toMatch(
    /^1 row of the input is not valid, so nothing was imported: s3:\/\/data\/a\.csv, line 1002, column ITEM_ID, .*: Length cannot be more than 256 characters for ITEM_ID\./,
  );
});

it('keeps the first thousand problems, with the beginnings of their values', async () => {
  await bench.put('a.csv', fileOf(goodLines(1500).map((line) => line.replace(/1$/, 'x'.repeat(500)))));
  const { report } = await bench.run({ badRows: 1 });
  expect(report).toMatchObject({ rows: 1500, valuesMissing: 1500 });
  expect(report.problems).toHaveLength(1000);
  expect(report.problems[0]?.value).toBe('x'.repeat(200));
});

it('says with the reason of a failure what the problems were', async () => {
  await bench.put('a.csv', fileOf(['u,i,soon,1', 'u,i,1600000000,1']));
  await expect(bench.run()).rejects.toMatchObject({
    report: { rows: 2, rowsLeftOut: 1, problems: [{ line: 2, column: 'TIMESTAMP' }] },
  });
});
