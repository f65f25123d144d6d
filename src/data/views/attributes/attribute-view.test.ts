import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeLine, type Layout } from '../../records/layout.ts';
import type { AttributeField } from './attribute-table.ts';
import { AttributeView } from './attribute-view.ts';
import { type PlainRecord, writeRecords } from './attributes.fixture.ts';
import type { NumberRows, TextRows } from './columns.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attributes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const field = (name: string, type: AttributeField['type'], categorical = false): AttributeField => ({
  name,
  type,
  categorical,
});
const allFields = [
  field('GENRES', 'string', true),
  field('TITLE', 'string'),
  field('LIVE', 'boolean'),
  field('YEAR', 'int'),
  field('MADE', 'long'),
  field('PRICE', 'float'),
  field('WEIGHT', 'double'),
];
const idField = field('ITEM_ID', 'string');

const word = fc.oneof(
  fc.constantFrom('a', 'b', 'A', 'é', 'e\u0301', '日本', '🙂', ' ', "it's", '"', 'a,b', '\n'),
  fc.nat(400).map(String),
);
const number = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(4))
  .map(([n, scale]) => String(n / 10 ** scale));
const integer = (most: bigint) =>
  fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.constantFrom(most, -most - 1n)).map(String);
const cells: { readonly [Type in AttributeField['type']]: fc.Arbitrary<string> } = {
  string: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('|')),
  boolean: fc.constantFrom('true', 'false'),
  int: integer(2n ** 31n - 1n),
  long: fc.oneof({ weight: 30, arbitrary: integer(2n ** 31n - 1n) }, { weight: 1, arbitrary: integer(2n ** 63n - 1n) }),
  float: number,
  double: number,
};
const id = fc.oneof(
  fc.constantFrom('1', '2', '3', 'ü', '🙂'),
  fc.nat(99).map((n) => `item-${n}`),
);

/** A batch of records in the columns of one time: files and log entries of earlier schemas lack some. */
type Batch = { readonly layout: Layout; readonly records: readonly PlainRecord[] };

function batchOf(fields: readonly AttributeField[]): fc.Arbitrary<Batch> {
  return fc.subarray([...fields], { minLength: 0 }).chain((present) => {
    const shape = Object.fromEntries(present.map(({ name, type }) => [name, fc.option(cells[type], { nil: '' })]));
    const record = fc.record({ ITEM_ID: id, ...shape });
    // Columns in which cells recur are read in another way than those of many different cells.
    return fc.tuple(fc.array(record, { maxLength: 12 }), fc.constantFrom(1, 1, 30)).map(([records, times]) => ({
      layout: [idField, ...present],
      records: Array.from({ length: times }, (_, n) =>
        records.map((each) => ({ ...each, ITEM_ID: n === 0 ? each.ITEM_ID : `${each.ITEM_ID}-${n % 20}` })),
      ).flat(),
    }));
  });
}

type Step = { readonly added: string } | Batch;
const history = fc.subarray(allFields, { minLength: 1 }).chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    /** Those that are held. */
    held: fc.subarray([idField, ...fields]),
    first: fc.uniqueArray(id, { maxLength: 5 }),
    files: fc.array(batchOf(fields), { maxLength: 3 }),
    steps: fc.array(fc.oneof<fc.Arbitrary<Step>[]>(batchOf(fields), fc.record({ added: id })), { maxLength: 6 }),
  }),
);

/** What is known of each id, as plainly as can be. */
class PlainAttributes {
  readonly records = new Map<string, PlainRecord>();

  add(id: string): void {
    this.records.set(id, this.records.get(id) ?? {});
  }

  put({ records }: Batch): void {
    for (const record of records) this.records.set(record.ITEM_ID ?? '', record);
  }
}

let files = 0;
async function readView(fields: readonly AttributeField[], batches: readonly Batch[], first: readonly string[] = []) {
  const path = () => join(folder, `${files++}.parquet`);
  const written: { path: string; through: null }[] = [];
  for (const { layout, records } of batches) {
    const file = { path: path(), through: null };
    await writeRecords(file.path, layout, records);
    written.push(file);
  }
  const ids = path();
  await writeRecords(
    ids,
    [{ name: 'ID', type: 'string' }],
    first.map((ID) => ({ ID })),
  );
  const view = new AttributeView({
    idColumn: 'ITEM_ID',
    fields,
    datasetArn: 'arn:items',
    asked: new Set(),
    firstIds: async () => ({ path: ids, async [Symbol.asyncDispose]() {} }),
  });
  const snapshot = { of: () => ({ files: written, watermark: 0 }), temporaryFolder: join(folder, 'spilled') };
  await view.read(snapshot, new AbortController().signal);
  return view;
}

function apply(view: AttributeView, { layout, records }: Batch): void {
  const body = records.map((record) => encodeLine(layout.map(({ name }) => record[name] ?? ''))).join('');
  view.apply({ position: 1, receivedAt: 0, datasetArn: 'arn:items', layout: 1, records: records.length, body }, layout);
}

it('has of every id the newest record, whether files or the log brought it', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ held, first, files, steps }) => {
      const view = await readView(held, files, first);
      const plain = new PlainAttributes();
      for (const each of first) plain.add(each);
      for (const batch of files) plain.put(batch);
      expectSame(view, held, plain);
      expect(first.map((_, row) => view.attributes.id(row))).toEqual(first);
      for (const step of steps) {
        if ('added' in step) {
          view.attributes.addRow(step.added);
          plain.add(step.added);
        } else {
          apply(view, step);
          plain.put(step);
        }
        expectSame(view, held, plain);
      }
    }),
    { numRuns: 40 },
  );
});

function expectSame({ attributes }: AttributeView, held: readonly AttributeField[], plain: PlainAttributes): void {
  expect(attributes.count).toBe(plain.records.size);
  const rows = Array.from({ length: attributes.count }, (_, row) => attributes.id(row));
  expect(rows.map((each) => attributes.rowOf(each))).toEqual(rows.map((_, row) => row));
  for (const { name, type, categorical } of allFields) {
    const column = attributes.column(name);
    const texts = rows.map((each) => plain.records.get(each)?.[name] || undefined);
    const found = rows.map((_, row) => attributes.textAt(row, name));
    if (!held.some((each) => each.name === name))
      expect([column, ...found]).toEqual([undefined, ...rows.map(() => undefined)]);
    else {
      expect(found).toEqual(texts);
      if (column?.kind === 'text') expectTexts(column, texts, categorical);
      else if (column) expectNumbers(column, texts, type);
      else throw new Error(`There is no column ${name}.`);
    }
  }
  const ids = attributes.column('ITEM_ID');
  if (held.includes(idField) && ids?.kind === 'text') expectTexts(ids, rows, false);
  else expect(ids).toBeUndefined();
}

function expectTexts({ codes, cells }: TextRows, texts: readonly (string | undefined)[], categorical: boolean): void {
  const valuesOf = (text: string) => (categorical ? text.split('|') : [text]);
  expect(Array.from(codes, (code) => (code === 0 ? undefined : cells.valuesOf(code)))).toEqual(
    texts.map((text) => text && valuesOf(text)),
  );
  const asked = new Set([...texts.flatMap((text) => (text === undefined ? [] : valuesOf(text))), 'a', 'of no row']);
  for (const value of asked) {
    const accepted = cells.codesOf(value);
    expect(new Set(accepted).size).toBe(accepted.length);
    expect(Array.from(codes, (code) => accepted.includes(code))).toEqual(
      texts.map((text) => text !== undefined && valuesOf(text).includes(value)),
    );
  }
  expect(Math.max(0, ...codes)).toBeLessThan(cells.size);
}

function expectNumbers({ values, present }: NumberRows, texts: readonly (string | undefined)[], type: string): void {
  expect(values.length).toBe(texts.length);
  expect(present.length).toBe(Math.ceil(texts.length / 32));
  for (const [row, text] of texts.entries()) {
    expect((present[row >>> 5] >>> (row & 31)) & 1).toBe(text === undefined ? 0 : 1);
    if (text === undefined) continue;
    const value = type === 'float' ? Math.fround(Number(text)) : type === 'double' ? Number(text) : BigInt(text);
    expect(type === 'int' || type === 'long' ? BigInt(values[row]) : values[row]).toBe(value);
  }
}

describe('an attribute view', () => {
  const layout: Layout = [idField, ...allFields];
  const record = {
    ITEM_ID: 'x',
    GENRES: 'a|b',
    TITLE: 'T',
    LIVE: 'true',
    YEAR: '1',
    MADE: '2',
    PRICE: '9.99',
    WEIGHT: '1.5',
  };

  it('has another version after every change, and none where a record says what is known', async () => {
    const view = await readView([...allFields], [{ layout, records: [record] }]);
    const versions = [view.attributes.changes.version];
    const put = (records: readonly PlainRecord[]) => {
      apply(view, { layout, records });
      versions.push(view.attributes.changes.version);
    };
    put([record]);
    expect(versions[1]).toBe(versions[0]);
    for (const { name, type } of allFields) {
      put([{ ...record, [name]: type === 'boolean' ? 'false' : '7' }]);
      put([{ ...record, [name]: '' }]);
      put([record]);
    }
    put([{ ITEM_ID: 'y' }]);
    view.attributes.addRow('z');
    versions.push(view.attributes.changes.version);
    const changes = versions.slice(1);
    expect(changes).toEqual([...new Set(changes)].toSorted((one, other) => one - other));
  });

  it('holds integers in 32 bits until one does not fit', async () => {
    const fields = [field('MADE', 'long')];
    const view = await readView(fields, [
      { layout: [idField, ...fields], records: [record, { ITEM_ID: 'y', MADE: '-5' }] },
    ]);
    const values = () => {
      const column = view.attributes.column('MADE');
      return column?.kind === 'number' ? Array.from<number | bigint>(column.values) : undefined;
    };
    expect(values()).toEqual([2, -5]);
    apply(view, { layout, records: [{ ITEM_ID: 'z', MADE: '9007199254740993' }] });
    expect(values()).toEqual([2n, -5n, 9_007_199_254_740_993n]);
    expect(view.attributes.textAt(2, 'MADE')).toBe('9007199254740993');
  });

  it('widens its codes as cells come', async () => {
    const fields = [field('TITLE', 'string')];
    const view = await readView(fields, []);
    const codes = () => {
      const column = view.attributes.column('TITLE');
      return column?.kind === 'text' ? column.codes.BYTES_PER_ELEMENT : undefined;
    };
    const widths = [codes()];
    for (const many of [300, 70_000]) {
      const records = Array.from({ length: many }, (_, n) => ({ ITEM_ID: `item-${n}`, TITLE: `title-${n}` }));
      apply(view, { layout, records });
      widths.push(codes());
    }
    expect(widths).toEqual([1, 2, 4]);
    for (const row of [0, 299, 300, 69_999]) expect(view.attributes.textAt(row, 'TITLE')).toBe(`title-${row}`);
    const column = view.attributes.column('TITLE');
    expect(column?.kind === 'text' && [...column.cells.codesOf('title-300')]).toEqual([
      column?.kind === 'text' && column.codes[300],
    ]);
  });

  it('takes texts as long as a schema allows, of several bytes a character', async () => {
    const fields = [field('TITLE', 'string')];
    const texts = ['日'.repeat(20_000), `${'日'.repeat(19_999)}本`];
    const records = texts.map((TITLE, n) => ({ ITEM_ID: `${n}`, TITLE }));
    const view = await readView(fields, [{ layout: [idField, ...fields], records }]);
    apply(view, { layout, records: [{ ITEM_ID: '2', TITLE: texts[0] }] });
    const read = [0, 1, 2].map((row) => view.attributes.textAt(row, 'TITLE'));
    // A mismatch would be shown letter by letter.
    expect(read.map((text, row) => text === texts[row % 2])).toEqual([true, true, true]);
  });

  it('takes no values from a column of its name that has another type', async () => {
    const view = await readView([field('MADE', 'long'), field('TITLE', 'string')], [{ layout, records: [record] }]);
    const others: Layout = [idField, { name: 'MADE', type: 'string' }, { name: 'TITLE', type: 'string' }];
    apply(view, { layout: others, records: [{ ITEM_ID: 'x', MADE: 'by hand', TITLE: 'New' }] });
    expect(['MADE', 'TITLE'].map((column) => view.attributes.textAt(0, column))).toEqual([undefined, 'New']);
  });

  it('has the rows of a model and no columns where there is no dataset', async () => {
    const view = new AttributeView({ idColumn: 'ITEM_ID', fields: [], asked: new Set(['GENRES']) });
    const of = () => ({ files: [], watermark: 0 });
    await view.read({ of, temporaryFolder: folder }, new AbortController().signal);
    expect(view.attributes.addRow('a')).toBe(0);
    expect([view.attributes.count, view.attributes.column('GENRES'), view.attributes.textAt(0, 'GENRES')]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });
});
