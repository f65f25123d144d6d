import { setImmediate as letOthersRun } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ViewDefinition, ViewKey, ViewKind } from './view.ts';
import { ViewKeeper } from './view-keeper.ts';
import { openViewParts, TextView } from './views.fixture.ts';

let opened: Awaited<ReturnType<typeof openViewParts>>;
let keeper: ViewKeeper;
beforeEach(async () => {
  opened = await openViewParts();
  keeper = new ViewKeeper(opened.parts);
});
afterEach(async () => {
  await keeper.stop();
  await opened.close();
});

const [one, other]: readonly [ViewKey, ViewKey] = [
  { arn: 'a', sequence: 1 },
  { arn: 'b', sequence: 2 },
];

/** A kind of view over the dataset of its key, of which a test says everything. */
function kind(facts: Partial<ViewKind<TextView>> = {}) {
  const said = {
    /** By ARN: those that are needed. */
    versions: new Map([
      [one.arn, 'first'],
      [other.arn, 'first'],
    ]),
    onlyAsked: true,
    rows: 'all' as 'all' | 'streamed',
    looks: 0,
    created: 0,
    reads: 0,
    async before(_: TextView['name'], __: AbortSignal) {},
  };
  const definitionOf = (key: ViewKey): ViewDefinition<TextView>[] => {
    const version = said.versions.get(key.arn);
    if (version === undefined) return [];
    const sources = [{ arn: key.arn, rows: said.rows }];
    const create = async () => {
      said.created++;
      return new TextView([key.arn], version, (signal) => {
        said.reads++;
        return said.before(version, signal);
      });
    };
    return [{ key, version, sources, create }];
  };
  const views = keeper.add({
    name: 'texts',
    title: 'Texts',
    lookEveryMs: 60_000,
    isHeavy: false,
    async needed(asked) {
      said.looks++;
      return (said.onlyAsked ? asked : [one, other]).flatMap(definitionOf);
    },
    ...facts,
  });
  return { said, views };
}

it('reads a view when a request asks for it, and follows the log from then on', async () => {
  const { views, said } = kind();
  await opened.put('a', 'before');
  await views.look();
  expect(views.held()).toEqual([]);
  expect(views.peek(one)).toBeUndefined();
  const view = await views.find(one);
  await opened.put('a', 'after');
  expect(view?.texts).toEqual(['a before', 'a after']);
  expect(views.peek(one)).toBe(view);
  expect(said.created).toBe(1);
  expect(keeper.loaded()).toEqual([{ view: 'texts', arn: 'a', bytes: 2 }]);
});

it('reads ahead of requests what is needed in any case, and drops what is not any more', async () => {
  const { views, said } = kind();
  said.onlyAsked = false;
  keeper.start();
  await expect.poll(() => views.held().length).toBe(2);
  said.versions.delete('b');
  await keeper.look();
  expect(views.held().map(({ key }) => key)).toEqual([one]);
  expect(opened.parts.records.subscribers).toBe(1);
});

it('drops a view for which nobody has asked for half an hour', async () => {
  const { views } = kind();
  await Promise.all([views.find(one), views.find(other)]);
  opened.advance(20 * 60_000);
  views.peek(one);
  opened.advance(20 * 60_000);
  await views.look();
  expect(views.held().map(({ key }) => key)).toEqual([one]);
});

it('has the old view answer until one of the new version is read', async () => {
  const { views, said } = kind();
  const old = await views.find(one);
  const { promise, resolve } = Promise.withResolvers<void>();
  said.before = () => promise;
  said.versions.set('a', 'second');
  await views.look();
  await opened.put('a', 'meanwhile');
  expect(views.peek(one)).toBe(old);
  expect(old?.texts).toEqual(['a meanwhile']);
  resolve();
  await expect.poll(() => views.peek(one)?.name).toBe('second');
  expect(views.peek(one)?.texts).toEqual(['a meanwhile']);
  expect(opened.parts.records.subscribers).toBe(1);
});

it('has a request wait for a view that suffices', async () => {
  const { views, said } = kind();
  await views.find(one);
  said.versions.set('a', 'second');
  expect((await views.find(one, ({ name }) => name === 'second'))?.name).toBe('second');
});

it('has it wait also behind the reading of one that does not', async () => {
  const { views, said } = kind();
  const { promise, resolve } = Promise.withResolvers<void>();
  said.before = () => promise;
  void views.find(one);
  await expect.poll(() => said.created).toBe(1);
  said.versions.set('a', 'second');
  const found = views.find(one, ({ name }) => name === 'second');
  resolve();
  expect((await found)?.name).toBe('second');
});

it('drops a view that is not needed any more by the time it is read', async () => {
  const { views, said } = kind();
  const { promise, resolve } = Promise.withResolvers<void>();
  said.before = () => promise;
  const found = views.find(one);
  await expect.poll(() => said.reads).toBe(1);
  said.versions.clear();
  await views.look();
  resolve();
  expect([await found, views.held(), opened.parts.records.subscribers]).toEqual([undefined, [], 0]);
});

it('reads again what an import has changed, and only that', async () => {
  const { views } = kind();
  const [first, second] = await Promise.all([views.find(one), views.find(other)]);
  await opened.import('a', 'imported');
  await views.look();
  await expect.poll(() => views.peek(one)?.texts).toEqual(['a imported']);
  expect(first?.texts).toEqual([]);
  expect(views.peek(other)).toBe(second);
});

it('does not read again for an import where a view is of streamed records alone', async () => {
  const { views, said } = kind();
  said.rows = 'streamed';
  const view = await views.find(one);
  await opened.import('a', 'imported');
  await views.look();
  expect([views.peek(one), said.created]).toEqual([view, 1]);
});

it('reads again after a gap in the log, and a view that says it is stale', async () => {
  const { views, said } = kind();
  const view = await views.find(one);
  opened.parts.records.gap();
  await expect.poll(() => views.peek(one)).not.toBe(view);
  const another = views.peek(one);
  if (another) another.isStale = true;
  await views.look();
  await expect.poll(() => views.peek(one)).not.toBe(another);
  expect(said.created).toBe(3);
});

it('logs what could not be read, and tries it again with the next look but not with each request', async () => {
  const { views, said } = kind();
  said.before = () => Promise.reject(new Error('damaged'));
  expect(await views.find(one)).toBeUndefined();
  expect(await views.find(one)).toBeUndefined();
  expect([said.created, opened.errors]).toEqual([1, ['Texts could not be read; that is tried again soon.']]);
  said.before = async () => {};
  await views.look();
  await expect.poll(() => views.peek(one)).toBeDefined();
});

it('does not look again with each request for what is not needed', async () => {
  const { views, said } = kind();
  said.versions.clear();
  for (let n = 0; n < 5; n++) expect(await views.find(one)).toBeUndefined();
  expect(said.looks).toBe(1);
});

it('has no view of a resource for another one of its ARN', async () => {
  const { views } = kind();
  const view = await views.find(one);
  const again = { arn: 'a', sequence: 3 };
  expect(views.peek(again)).toBeUndefined();
  expect(await views.find(again)).not.toBe(view);
});

it('reads heavy views one after another', async () => {
  const { views, said } = kind({ isHeavy: true });
  let [running, most] = [0, 0];
  said.before = async () => {
    most = Math.max(most, ++running);
    await letOthersRun();
    running--;
  };
  await Promise.all([views.find(one), views.find(other)]);
  expect([views.held().length, most]).toEqual([2, 1]);
});

it('has views drop with each look what is too old', async () => {
  const { views } = kind();
  const view = await views.find(one);
  const before = view?.expired ?? 0;
  await views.look();
  expect(view?.expired).toBe(before + 1);
});

it('ends what is being read when it stops, and says nothing of it', async () => {
  const { views, said } = kind();
  await views.find(one);
  said.before = (_, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  void views.find(other);
  await expect.poll(() => said.reads).toBe(2);
  await keeper.stop();
  expect([views.held(), opened.errors, opened.parts.records.subscribers]).toEqual([[], [], 0]);
});
