import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { historyOf } from '../../learn/histories/histories.ts';
import { temporaryFolder, unwatched } from '../../learn/training/training.fixture.ts';
import type { Events } from './events.ts';
import { type EventFiles, readEvents } from './read-events.ts';

/** Reads files given by name and text; `.gz` files are packed. */
async function read(texts: Readonly<Record<string, string>>, files: EventFiles): Promise<Events> {
  await using folder = await temporaryFolder();
  const pathOf = (name: string) => join(folder.path, name);
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(pathOf(name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  const { dataset, test, items, ...filters } = files;
  const named = { ...(test && { test: pathOf(test) }), ...(items && { items: pathOf(items) }) };
  try {
    return await readEvents({ dataset: pathOf(dataset), ...named, ...filters }, pathOf('work'), unwatched);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(`${folder.path}/`, '');
    throw error;
  }
}

const histories = ({ histories, items, given }: Events) =>
  Array.from(given, (_, user) => Array.from(historyOf(histories, user).items, (item) => items.id(item)).join(' '));

const header = 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n';

it('orders by time, and events of one moment as the file does, with all duplicates', async () => {
  const rows = ['u,z,5,A,1', 'u,b,5,A,1', 'u,a,4,A,1', 'u,z,5,A,1', 'u,a,5,A,1', 'v,c,1,A,1'];
  const events = await read({ 'd.csv.gz': header + rows.join('\n') }, { dataset: 'd.csv.gz' });
  expect(histories(events)).toEqual(['a z b z a', 'c']);
  expect([...historyOf(events.histories, 0).timestamps]).toEqual([4, 5, 5, 5, 5]);
});

it('keeps events of one type, with a value above the least', async () => {
  const rows = ['u,a,1,View,4', 'u,b,2,View,3.6', 'u,c,3,Buy,5', 'u,d,4,View,', 'u,e,5,View,3.7'];
  const csv = { 'd.csv': header + rows.join('\n') };
  expect(histories(await read(csv, { dataset: 'd.csv', eventType: 'View', minValue: 3.6 }))).toEqual(['a e']);
  await expect(read(csv, { dataset: 'd.csv', eventType: 'Watch', minValue: 3 })).rejects.toThrow(
    'd.csv has no interaction with the event type Watch and a value above 3.',
  );
});

it('appends the test file, which needs no times, and the items of the items file', async () => {
  const events = await read(
    {
      'd.csv': 'TIMESTAMP,ITEM_ID,USER_ID\n9,b,u\n8,a,u\n9,c,w\n',
      't.csv': 'USER_ID,ITEM_ID\nu,d\nu,a\nx,b\n',
      'i.csv': 'ITEM_ID,GENRE\na,x\nq,y\n',
    },
    { dataset: 'd.csv', test: 't.csv', items: 'i.csv' },
  );
  expect(histories(events)).toEqual(['a b d a', 'c', 'b']);
  expect([...events.given]).toEqual([2, 1, 0]);
  expect([...events.items]).toEqual(['a', 'b', 'c', 'd', 'q']);
  expect([...events.listed]).toEqual([1, 0, 0, 0, 1]);
});

it('reads lists of a user and its items', async () => {
  const texts = { 'd.txt.gz': '0 5 3 4\n1 3\n2\n', 't.txt': '0 7\r\n1 "odd,id"' };
  const events = await read(texts, { dataset: 'd.txt.gz', test: 't.txt' });
  expect(histories(events)).toEqual(['5 3 4 7', '3 "odd,id"']);
  expect([...events.given]).toEqual([3, 1]);
});

it.each([
  ['nothing.csv', {}, 'There is no file nothing.csv.'],
  [
    'd.csv',
    {},
    'd.csv has no column TIMESTAMP: its first line must name USER_ID, ITEM_ID, TIMESTAMP, and is "USER_ID,ITEM_ID".',
  ],
  ['empty.csv', {}, 'empty.csv is empty: the first line must name the columns.'],
  ['good.csv', { eventType: 'View' }, 'good.csv has no column EVENT_TYPE'],
  ['good.csv', { items: 'empty.csv' }, 'empty.csv is empty'],
  ['bad.csv', {}, 'bad.csv'],
  ['torn.csv.gz', {}, 'torn.csv.gz'],
])('says what is wrong with %s %o', async (dataset, others, sentence) => {
  const texts = {
    'd.csv': 'USER_ID,ITEM_ID\nu,a\n',
    'empty.csv': '',
    'good.csv': 'USER_ID,ITEM_ID,TIMESTAMP\nu,a,1\n',
    'bad.csv': 'USER_ID,ITEM_ID,TIMESTAMP\nu,a,yesterday\n',
    'torn.csv.gz': '',
  };
  await expect(read(texts, { dataset, ...others })).rejects.toMatchObject({
    name: 'EvaluationError',
    message: expect.stringContaining(sentence),
  });
});
