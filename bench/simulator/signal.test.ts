import { expect, test } from 'vitest';
import { keepLog } from './log.ts';
import { signalOf } from './signal.ts';
import { fullSize, World } from './world.ts';

const world = new World(3, fullSize);
const log = keepLog(world);

test('a log is like real data: who took what tells about as much as in MovieLens 100k, and so does what came last', async () => {
  const { itemsAUser, density, topTenth, easeOverPopularity, markovOverPopularity } = await signalOf(world, log);
  expect(easeOverPopularity).toBeGreaterThan(1.5);
  expect(easeOverPopularity).toBeLessThan(2);
  expect(markovOverPopularity).toBeGreaterThan(1);
  expect(markovOverPopularity).toBeLessThan(2);
  expect(itemsAUser).toBeGreaterThan(45);
  expect(density).toBeGreaterThan(0.05);
  expect(density).toBeLessThan(0.08);
  expect(topTenth).toBeGreaterThan(0.35);
  expect(topTenth).toBeLessThan(0.45);
});

test('the same takings dealt out among other users tell nothing', async () => {
  const users = world.visits(-1);
  const dealt = log.map((click, n) => ({ ...click, visit: users[n % users.length] ?? click.visit }));
  expect((await signalOf(world, dealt)).easeOverPopularity).toBeLessThan(1.1);
});
