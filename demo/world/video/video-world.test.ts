import { expect, test } from 'vitest';
import { genres } from '../../../src/quickstart/film-titles.ts';
import { poster } from '../../pictures/video/poster.ts';
import { sizes } from '../world.ts';
import { videoWorld } from './video-world.ts';

const now = 1_800_000_000;
const service = videoWorld(sizes.small, now);
const titles = new Map(service.items.map((title) => [title.id, title]));
const watched = service.interactions.filter(({ eventType }) => eventType === 'Watch');

test('the same size and time give the same service', () => {
  const again = videoWorld(sizes.small, now);
  expect(again.items).toEqual(service.items);
  expect(again.personas).toEqual(service.personas);
  expect(again.interactions.slice(0, 500)).toEqual(service.interactions.slice(0, 500));
});

test('it has the size that recommenders need, all genres, and people to be', () => {
  expect(service.items.length).toBeGreaterThan(100);
  expect(watched.length).toBeGreaterThan(1000);
  expect(new Set(service.items.map(({ category }) => category))).toEqual(new Set(genres));
  expect(service.personas.length).toBeGreaterThanOrEqual(3);
  const people = new Set(service.interactions.map(({ userId }) => userId));
  for (const { id } of service.personas) expect(people).toContain(id);
});

test('people do nothing before a film is there, nor later than now', () => {
  const wrong = service.interactions.filter(
    ({ itemId, timestamp }) => timestamp > now || timestamp <= (titles.get(itemId)?.createdAt ?? now),
  );
  expect(wrong).toEqual([]);
});

test('some films are watched far more in the newest two hours than in the two before', () => {
  const within = (from: number, to: number) => watched.filter(({ timestamp }) => timestamp > from && timestamp <= to);
  const count = (of: typeof watched) =>
    [...Map.groupBy(of, ({ itemId }) => itemId).values()].map(({ length }) => length);
  expect(Math.max(...count(within(now - 7200, now)))).toBeGreaterThan(20);
  expect(Math.max(...count(within(now - 14_400, now - 7200)))).toBeLessThan(16);
});

test('every film has a poster of its own with its title', () => {
  const posters = service.items.map(poster);
  expect(new Set(posters).size).toBe(posters.length);
  for (const picture of posters) expect(picture).not.toMatch(/NaN|undefined/);
});
