import { expect, it } from 'vitest';
import { ResourceCache } from './resource-cache.ts';

type Entry = { readonly name: string; readonly isReady: boolean };

/** A directory whose readings end when the test says so. */
function directoryOver() {
  const readings: PromiseWithResolvers<Entry | undefined>[] = [];
  const clock = { time: 1_000_000, now: () => clock.time };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const directory = new ResourceCache<Entry>(
    { clock, log },
    {
      read() {
        const reading = Promise.withResolvers<Entry | undefined>();
        readings.push(reading);
        return reading.promise;
      },
      isReady: ({ isReady }) => isReady,
    },
  );
  const reading = (index: number) => {
    const begun = readings[index];
    if (!begun) throw new Error(`No reading ${index} has begun.`);
    return begun;
  };
  return { directory, clock, reading, begun: () => readings.length };
}

const ready = { name: 'ready', isReady: true };

it.each([undefined, { name: 'not ready', isReady: false }])(
  'finds what was created while another request was reading that it is %o',
  async (before) => {
    const { directory, reading, begun } = directoryOver();
    const early = directory.find('a');
    const [late, later] = [directory.find('a'), directory.find('a')];
    reading(0).resolve(before);
    expect(await early).toEqual(before);
    reading(1).resolve(ready);
    expect(await Promise.all([late, later])).toEqual([ready, ready]);
    expect(await directory.find('a')).toEqual(ready);
    expect(begun()).toBe(2);
  },
);

it('does not keep a resource that is ready no longer', async () => {
  const { directory, clock, reading, begun } = directoryOver();
  const first = directory.find('a');
  reading(0).resolve(ready);
  expect(await first).toEqual(ready);
  clock.time += 1500;
  expect(await directory.find('a')).toEqual(ready);
  reading(1).resolve({ name: 'updating', isReady: false });
  await expect.poll(begun).toBe(2);
  const after = directory.find('a');
  reading(2).resolve({ name: 'ready again', isReady: true });
  expect(await after).toMatchObject({ name: 'ready again' });
});

it('reads a resource again after the clock was put back', async () => {
  const { directory, clock, reading } = directoryOver();
  const first = directory.find('a');
  reading(0).resolve(ready);
  await first;
  clock.time -= 86_400_000;
  const after = directory.find('a');
  reading(1).resolve({ name: 'changed', isReady: true });
  expect(await after).toMatchObject({ name: 'changed' });
});
