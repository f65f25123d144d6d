import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { arnFor, type Bench, itemsSchema, openBench, steps } from '../control.fixture.ts';

let bench: Bench;
let isOver = false;
beforeEach(async () => {
  isOver = false;
  // Only a start, a filter and a deployment have views looked for.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  bench = await openBench();
});
afterEach(async () => {
  isOver = true;
  await bench.close();
  vi.useRealTimers();
});

const [group, interactions] = [arnFor('dataset-group/films'), arnFor('dataset/films/INTERACTIONS')];

const interactionsSchema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' })),
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});

/** A dataset group with interactions and items. */
async function prepared(): Promise<void> {
  const step = steps(bench);
  await step.group();
  await step.dataset(group, await step.schema('interactions', interactionsSchema));
  await step.dataset(group, await step.schema('items', itemsSchema()), 'Items');
}

const deploy = async () => await steps(bench).campaign(await steps(bench).version(await steps(bench).solution(group)));

const filter = (name: string, filterExpression: string) =>
  bench.call('CreateFilter', { name, datasetGroupArn: group, filterExpression });

const genres = 'INCLUDE ItemID WHERE Items.GENRES IN ("drama")';
const watched = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")';

/** The views on filters' data that are held, by what they are of. */
const held = (of = bench) =>
  of.control
    .views()
    .filter(({ view }) => ['item-attributes', 'user-attributes', 'events-by-type'].includes(view))
    .map(({ view, arn }) => `${view} ${arn}`)
    .toSorted();

/** Unlike `expect.poll`, this does not move the timers that the tests hold still. */
async function untilHeld(expected: readonly string[], of = bench): Promise<void> {
  while (!isOver && !isDeepStrictEqual(held(of), expected)) await sleep(20);
}

it('reads what the filters of a deployed group need before a request asks', async () => {
  await prepared();
  await deploy();
  await filter('genres', genres);
  await untilHeld([`item-attributes ${group}`]);
  await filter('watched', watched);
  await untilHeld([`events-by-type ${interactions}`, `item-attributes ${group}`]);
});

it('does so when a model is deployed that has filters already, and when the server starts again', async () => {
  await prepared();
  await filter('genres', genres);
  expect(held()).toEqual([]);
  await deploy();
  await untilHeld([`item-attributes ${group}`]);
  await bench.control.stop();
  const again = await openBench({ home: bench.home, database: { ...bench.parts, close: async () => {} } });
  await untilHeld([`item-attributes ${group}`], again);
  await again.close();
});

it('drops what no request has asked for in half an hour', async () => {
  await prepared();
  await deploy();
  await filter('genres', genres);
  await untilHeld([`item-attributes ${group}`]);
  bench.advance(31 * 60_000);
  await vi.advanceTimersByTimeAsync(5000);
  await untilHeld([]);
});
