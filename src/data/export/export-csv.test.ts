import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { DatasetSchema } from '../dataset-schema.ts';
import { field, interactions } from '../import/import.fixture.ts';
import { type Buckets, ObjectStoreError } from '../objects/object-store.ts';
import type { Layout } from '../records/layout.ts';
import { type Exports, openExports } from './export.fixture.ts';

const items: DatasetSchema = {
  fields: [field('ITEM_ID'), field('GENRES', 'string', { nullable: true }), field('YEAR', 'int', { nullable: true })],
};
const itemLayout: Layout = items.fields;
const eventLayout: Layout = [
  { name: '$SESSION_ID', type: 'string' },
  { name: '$EVENT_ID', type: 'string' },
  { name: '$RECEIVED_AT', type: 'long' },
  { name: 'EVENT_TYPE', type: 'string' },
  ...interactions.fields,
];
const itemsHeader = 'ITEM_ID,GENRES,YEAR\n';

let bench: Exports;
afterEach(() => bench.close());

it('writes records of imports, single ones, or both, in the order in which they came', async () => {
  bench = await openExports(items);
  await bench.import(`${itemsHeader}b,x|y,1990\na,,\n`);
  await bench.put(itemLayout, ['c', 'x', '2000']);
  await bench.compact();
  await bench.put(itemLayout, ['d', '', '']);
  expect(await bench.export('BULK')).toEqual({ rows: 2, parts: 1 });
  expect(await bench.export('PUT')).toEqual({ rows: 2, parts: 1 });
  expect(await bench.export('ALL')).toEqual({ rows: 4, parts: 1 });
  expect(await bench.names()).toEqual(['items-all-00001.csv', 'items-bulk-00001.csv', 'items-put-00001.csv']);
  expect(await bench.read('items-bulk-00001.csv')).toBe(`${itemsHeader}b,x|y,1990\na,,\n`);
  expect(await bench.read('items-put-00001.csv')).toBe(`${itemsHeader}c,x,2000\nd,,\n`);
  expect(await bench.read('items-all-00001.csv')).toBe(`${itemsHeader}b,x|y,1990\na,,\nc,x,2000\nd,,\n`);
  expect(await bench.working()).toEqual([]);
});

it('writes rows that agree in every field once, other versions of an item all, and with ALL the newest', async () => {
  bench = await openExports(items);
  await bench.import(`${itemsHeader}a,x,1\na,x,1\nb,x,1\na,x,2\n`);
  await bench.put(itemLayout, ['b', 'y', '1'], ['c', '', ''], ['b', 'y', '1'], ['c', 'z', '']);
  await bench.compact();
  await bench.put(itemLayout, ['c', '', ''], ['b', 'x', '1']);
  await bench.export('BULK');
  await bench.export('PUT');
  await bench.export('ALL');
  expect(await bench.read('items-bulk-00001.csv')).toBe(`${itemsHeader}a,x,1\nb,x,1\na,x,2\n`);
  expect(await bench.read('items-put-00001.csv')).toBe(`${itemsHeader}b,y,1\nc,,\nc,z,\nb,x,1\n`);
  expect(await bench.read('items-all-00001.csv')).toBe(`${itemsHeader}a,x,2\nc,,\nb,x,1\n`);
});

it('takes the import that came after a record for newer', async () => {
  bench = await openExports(items);
  await bench.put(itemLayout, ['a', 'old', ''], ['b', 'single', '']);
  await bench.compact();
  await bench.import(`${itemsHeader}a,new,\n`);
  await bench.export('ALL');
  expect(await bench.read('items-all-00001.csv')).toBe(`${itemsHeader}b,single,\na,new,\n`);
});

it('keeps all interactions but repeated ones, and gives events of a session the user that it got', async () => {
  bench = await openExports(interactions, 'INTERACTIONS');
  await bench.import('USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE\nu1,i1,1,0.1\nu1,i1,1,0.1\nu1,i1,1,\n');
  const event = (session: string, user: string, item: string, time: string, value = '') => [
    ...[session, '', '5000', 'Watch'],
    ...[user, item, time, value],
  ];
  await bench.put(eventLayout, event('s', '', 'i2', '2'), event('t', '', 'i3', '3'), event('s', 'u2', 'i4', '4'));
  await bench.compact();
  await bench.put(eventLayout, event('s', '', 'i5', '5'), event('x', 'u1', 'i1', '1', '0.1'));
  const header = 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE\n';
  await bench.export('ALL');
  expect(await bench.read('interactions-all-00001.csv')).toBe(
    `${header}u1,i1,1,0.1\nu1,i1,1,\nu2,i2,2,\n,i3,3,\nu2,i4,4,\nu2,i5,5,\n`,
  );
  await bench.export('PUT');
  expect(await bench.read('interactions-put-00001.csv')).toBe(
    `${header}u2,i2,2,\n,i3,3,\nu2,i4,4,\nu2,i5,5,\nu1,i1,1,0.1\n`,
  );
});

it('writes the header alone where there is nothing', async () => {
  bench = await openExports(items);
  for (const mode of ['PUT', 'BULK', 'ALL'] as const) expect(await bench.export(mode)).toEqual({ rows: 0, parts: 1 });
  expect(await bench.read('items-put-00001.csv')).toBe(itemsHeader);
});

it('has nulls in columns that came later', async () => {
  bench = await openExports(items);
  const before = { fields: items.fields.slice(0, 1) };
  await bench.import('ITEM_ID\nold\n', before);
  await bench.put(itemLayout.slice(0, 1), ['older']);
  await bench.compact();
  await bench.import(`${itemsHeader}new,x,1\n`);
  await bench.export('ALL');
  expect(await bench.read('items-all-00001.csv')).toBe(`${itemsHeader}old,,\nolder,,\nnew,x,1\n`);
});

it('has columns of any name, also those that DuckDB knows as its own', async () => {
  const schema = { fields: ['USER_ID', 'rowid', 'filename', 'C0', 'ORDER'].map((name) => field(name)) };
  bench = await openExports(schema, 'USERS');
  const content = 'USER_ID,rowid,filename,C0,ORDER\nu1,a,b,c,d\nu1,e,f,g,h\n';
  await bench.import(content);
  await bench.export('BULK');
  expect(await bench.read('users-bulk-00001.csv')).toBe(content);
});

it('divides rows into parts of bounded size, and empties those of a longer export before', async () => {
  bench = await openExports(items);
  const line = (n: number) => `item-${n},${'x'.repeat(100)},${n % 3000}`;
  const lines = Array.from({ length: 20_000 }, (_, n) => line(n));
  await bench.import(`${itemsHeader}${lines.join('\n')}\n`);
  const { parts } = await bench.export('ALL', { partBytes: 500_000 });
  expect(parts).toBeGreaterThan(4);
  const names = await bench.names();
  expect(names).toHaveLength(parts);
  const contents = await Promise.all(names.map((name) => bench.read(name)));
  for (const content of contents) expect(content.length).toBeLessThan(800_000);
  expect(contents.map((content) => content.slice(itemsHeader.length)).join('')).toBe(`${lines.join('\n')}\n`);
  expect(contents.every((content) => content.startsWith(itemsHeader))).toBe(true);

  await writeFile(join(bench.out, 'items-all-notes.csv'), 'mine');
  expect(await bench.export('ALL')).toEqual({ rows: 20_000, parts: 1 });
  const [first, ...rest] = await Promise.all(names.map((name) => bench.read(name)));
  expect(first).toHaveLength(itemsHeader.length + lines.join('\n').length + 1);
  expect(new Set(rest)).toEqual(new Set([itemsHeader]));
  expect(await bench.read('items-all-notes.csv')).toBe('mine');
});

it('says what is wrong with the bucket before it begins, and leaves nothing of an export that fails', async () => {
  bench = await openExports(items);
  await bench.import(`${itemsHeader}${Array.from({ length: 9000 }, (_, n) => `${n},,`).join('\n')}\n`);
  await expect(bench.export('ALL', { location: 's3://missing/' })).rejects.toThrow('The bucket missing does not exist');
  await expect(bench.export('ALL', { buckets: refusing(2), partBytes: 50_000 })).rejects.toThrow(
    'Insufficient privileges for accessing data in Amazon S3. no more than 2',
  );
  expect(await bench.names()).toEqual([]);
  const withoutRemoval = refusing(2, new ObjectStoreError('forbidden', 'no removal'));
  await expect(bench.export('ALL', { buckets: withoutRemoval, partBytes: 50_000 })).rejects.toThrow(
    'no more than 2 The export has left 2 of its files, from s3://out/items-all-00001.csv on: remove them.',
  );
  expect(await bench.working()).toEqual([]);
});

it('stops when it is called off', async () => {
  bench = await openExports(items);
  await bench.import(`${itemsHeader}a,,\n`);
  const abort = new AbortController();
  const progress = { report: () => abort.abort(new Error('called off')), signal: abort.signal };
  await expect(bench.export('ALL', { progress })).rejects.toThrow('called off');
  expect(await bench.names()).toEqual([]);
  expect(await bench.working()).toEqual([]);
});

it('writes into a folder of the bucket, with or without a slash at the end', async () => {
  bench = await openExports(items);
  await bench.import(`${itemsHeader}a,,\n`);
  await mkdir(join(bench.out, 'deep'));
  await bench.export('ALL', { location: 's3://out/deep/down' });
  expect(await bench.read('deep/down/items-all-00001.csv')).toBe(`${itemsHeader}a,,\n`);
});

/** A bucket that takes so many objects, and removes them unless it has an error for that. */
function refusing(most: number, onRemoval?: Error): Buckets {
  const store = bench.buckets.bucket('out');
  let taken = 0;
  const bucket = Object.create(store, {
    adopt: {
      async value(key: string, path: string) {
        if (++taken > most) throw new ObjectStoreError('forbidden', `no more than ${most}`);
        await store.adopt(key, path);
      },
    },
    list: { value: store.list.bind(store) },
    location: { value: store.location.bind(store) },
    remove: { value: onRemoval ? () => Promise.reject(onRemoval) : store.remove.bind(store) },
  });
  return { bucket: () => bucket };
}
