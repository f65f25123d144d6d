import { setImmediate as letOthersRun } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eligibleItems } from '../../learn/model/item-mask.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { Candidates } from '../exploration/candidates.ts';
import { FilterValuesError } from '../filters/filter-error.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import { read } from '../filters/filters.fixture.ts';
import { needsOf } from '../filters/needs.ts';
import { Eligibility } from './eligibility.ts';
import { PlainAttributes, PlainEvents } from './plain-attributes.fixture.ts';

const deployment = { ownerArn: 'arn', recipeType: 'USER_PERSONALIZATION', model: 'models/1/' } as const;

function filterOf(expression: string) {
  const filter = read(expression);
  if (filter.subject !== 'ItemID') throw new Error(`${expression} is not about items.`);
  return { key: expression, filter, needs: needsOf(filter) };
}

const films = () => new PlainAttributes([{ name: 'YEAR', type: 'int' }]);
const since = filterOf('INCLUDE ItemID WHERE Items.YEAR >= $SINCE');
const alreadySeen = filterOf('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")');

test('refuses values that do not fit the filter', async () => {
  const eligibility = new Eligibility({ items: async () => Vocabulary.of(['a']) });
  const ask = (values: FilterValues) => eligibility.of({ deployment, filter: since, values, items: films() });
  await expect(ask({})).rejects.toThrow(FilterValuesError);
  await expect(ask({ SINCE: '"1990","2000"' })).rejects.toThrow('takes one value');
});

test('finds the rows of a large model while other work goes on, and once for all that ask', async () => {
  const ids = Array.from({ length: 30_000 }, (_, n) => `item-${n}`);
  const added = new Map<string, number>();
  const items = films();
  // In place of a search through a list, which takes too long among so many.
  items.addRow = (id) => {
    added.set(id, (added.get(id) ?? 0) + 1);
    return Number(id.slice(5));
  };
  const vocabulary = Vocabulary.of(ids);
  const eligibility = new Eligibility({ items: async () => vocabulary });
  let isReady = false;
  let turns = 0;
  const ask = () => eligibility.of({ deployment, filter: alreadySeen, values: {}, items });
  const both = Promise.all([ask(), ask()]).finally(() => {
    isReady = true;
  });
  while (!isReady) {
    await letOthersRun();
    turns++;
  }
  await both;
  expect(turns).toBeGreaterThan(1);
  expect(added.size).toBe(ids.length);
  expect(new Set(added.values())).toEqual(new Set([1]));
});

test('asks again for the ids of a model where that has failed', async () => {
  let failures = 1;
  const eligibility = new Eligibility({
    async items() {
      if (failures-- > 0) throw new Error('the thread died');
      return Vocabulary.of(['a', 'b']);
    },
  });
  const items = films();
  items.put('b', { YEAR: 2000 });
  const ask = () => eligibility.of({ deployment, filter: since, values: { SINCE: '1999' }, items });
  await expect(ask()).rejects.toThrow('the thread died');
  expect([...eligibleItems((await ask()).items)]).toEqual([1]);
});

test('drops what the user has had from a ranking, also where nothing else is known of it', async () => {
  const events = new PlainEvents('anna');
  const items = films();
  events.add('Watch', 'unheard-of');
  events.add('click', 'clicked only');
  const eligibility = new Eligibility({ items: async () => Vocabulary.of(['a']) });
  const of = (userId: string) => eligibility.of({ deployment, filter: alreadySeen, values: {}, items, events, userId });
  const list = ['a', 'unheard-of', 'clicked only', 'made up'];
  const before = items.count;
  const [anna, bert] = [await of('anna'), await of('bert')];
  expect(list.filter((id) => anna.allows(id))).toEqual(['a', 'clicked only', 'made up']);
  expect(list.filter((id) => bert.allows(id))).toEqual(list);
  // Ids that callers make up fill no memory: the model's item is all that has come.
  expect(items.count).toBe(before + 1);
});

test('tells items that a model does not know, the last that came first', async () => {
  const items = films();
  for (const [id, year] of [
    ['old', 1960],
    ['a', 2001],
    ['new', 2020],
    ['b', 1970],
    ['newer', 2021],
    ['void', null],
  ] as const)
    items.put(id, { YEAR: year });
  const eligibility = new Eligibility({ items: async () => Vocabulary.of(['b', 'a', 'unknown']) });
  const eligible = await eligibility.of({ deployment, filter: since, values: { SINCE: '2000' }, items });
  expect([...eligibleItems(eligible.items)]).toEqual([1]);
  expect(eligible.others(10)).toEqual(['newer', 'new']);
  expect(eligible.others(1)).toEqual(['newer']);
  expect(eligible.others(0)).toEqual([]);
});

test('explores no item that an import has brought before the attributes have been read again', async () => {
  const candidates = new Candidates();
  candidates.add({ id: 'imported', createdAt: 0, metadata: new Map([['YEAR', '1950']]) });
  candidates.add({ id: 'streamed', createdAt: 0, metadata: new Map([['YEAR', '2000']]) });
  candidates.add({ id: 'undescribed', createdAt: 0, metadata: new Map() });
  const items = films();
  items.put('streamed', { YEAR: 2000 });
  const eligibility = new Eligibility({ items: async () => Vocabulary.of(['a']) });
  const filter = filterOf('EXCLUDE ItemID WHERE Items.YEAR < 1980');
  const bits = async () => [
    ...(await eligibility.of({ deployment, filter, values: {}, items })).candidates(candidates),
  ];
  expect(await bits()).toEqual([0b110]);
  items.put('imported', { YEAR: 1990 });
  expect(await bits()).toEqual([0b111]);
});
