import { expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { IntervalCounts } from './interval-counts.ts';
import { poissons } from './trending.fixture.ts';
import { trendingItems } from './trending-items.ts';

const interval = 6000;
const end = 10 * interval;
const pause = async () => {};

/** Items with so many interactions in the interval before the newest one, and in that. */
function counted(items: readonly (readonly [previous: number, current: number])[]): IntervalCounts {
  const counts = new IntervalCounts(interval);
  for (const [item, [previous, current]] of items.entries()) {
    counts.add(item, end - 1.5 * interval, previous);
    counts.add(item, end - 0.5 * interval, current);
  }
  counts.moveTo(end - 1);
  return counts;
}

async function trending(items: readonly (readonly [previous: number, current: number])[]) {
  const found = await trendingItems(counted(items), items.length, pause);
  return found.items.map(({ item }) => item);
}

it('lists what has grown, the surest growth first', async () => {
  const steady = Array.from({ length: 50 }, () => [100, 100] as const);
  expect(await trending([[100, 180], [20, 80], [0, 30], [1, 3], [0, 4], [200, 100], ...steady])).toEqual([2, 1, 0]);
});

it('takes no rise for a trend that all items share', async () => {
  const rise = Array.from({ length: 50 }, () => [100, 300] as const);
  expect(await trending(rise)).toEqual([]);
  expect(await trending([[100, 900], ...rise])).toEqual([0]);
  expect(await trending([[100, 100], ...Array.from({ length: 50 }, () => [100, 40] as const)])).toEqual([0]);
});

it('lists the only item that there is after a burst, but not one with a handful of interactions', async () => {
  expect(await trending([[0, 20]])).toEqual([0]);
  expect(await trending([[1, 3]])).toEqual([]);
  expect(await trending([[0, 4]])).toEqual([]);
  expect(await trending([])).toEqual([]);
});

it('finds items whose rate doubled among many steady ones, and hardly any of the steady ones', async () => {
  const random = uniforms(3);
  let [found, doubled, alarms] = [0, 0, 0];
  for (let round = 0; round < 20; round++) {
    const items = Array.from({ length: 3000 }, (_, item) => {
      const rate = item < 10 ? 150 : 2 + 200 * random() ** 4;
      const draw = poissons(rate, 3000 * round + item);
      return [draw(), item < 10 ? draw() + draw() : draw()] as const;
    });
    const listed = await trending(items);
    found += listed.filter((item) => item < 10).length;
    alarms += listed.filter((item) => item >= 10).length;
    doubled += 10;
  }
  expect(found / doubled).toBeGreaterThan(0.99);
  expect(alarms / (found + alarms)).toBeLessThan(0.05);
});
