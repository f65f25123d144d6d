import { expect, test } from 'vitest';
import type { Rental } from './rentals.ts';
import { videoStore } from './video-store.ts';

const store = videoStore(1);
const rentals = [...store.rentals()];

test('the same seed gives the same store, another one another', () => {
  const again = videoStore(1);
  expect(again.films).toEqual(store.films);
  expect([...again.rentals()].slice(0, 500)).toEqual(rentals.slice(0, 500));
  expect(videoStore(2).films).not.toEqual(store.films);
});

test('it has the size of a small store, and every film its own title', () => {
  expect(store.films.length).toBeGreaterThan(300);
  expect(new Set(store.films.map(({ title }) => title)).size).toBe(store.films.length);
  expect(rentals.length).toBeGreaterThan(20_000);
  expect(new Set(rentals.map(({ userId }) => userId)).size).toBeGreaterThan(1000);
});

test('everybody goes forward in time, within the two years, and takes no film twice', () => {
  for (const history of histories().values()) {
    expect(new Set(history.map(({ film }) => film.id)).size).toBe(history.length);
    history.reduce((earlier, later) => {
      expect(later.timestamp).toBeGreaterThanOrEqual(earlier.timestamp);
      return later;
    });
  }
  expect(rentals.every(({ timestamp }) => timestamp >= 1_704_067_200 && timestamp < 1_767_139_200)).toBe(true);
});

test('few films make much of the business', () => {
  const counts = store.films.map((film) => rentals.filter((rental) => rental.film === film).length);
  const best = counts.sort((a, b) => b - a).slice(0, Math.ceil(counts.length / 10));
  expect(sum(best) / rentals.length).toBeGreaterThan(0.2);
});

test('a sequel follows at once far more often than chance has it', () => {
  const chances = [...histories().values()].flatMap((history) =>
    history.slice(1).flatMap(({ film }, i) => {
      const before = history[i]?.film;
      return before && continuedBy(before) ? [film === continuedBy(before)] : [];
    }),
  );
  expect(chances.filter(Boolean).length / chances.length).toBeGreaterThan(0.2);
});

test('the first half of a history predicts the genres of the next quarter, which popularity cannot', () => {
  const sample = rentals.filter((_, i) => i % 20 === 0);
  const personal: number[] = [];
  const general: number[] = [];
  for (const history of histories().values()) {
    if (history.length < 16) continue;
    const half = history.length >> 1;
    const favourites = favouriteGenres(history.slice(0, half));
    const next = history.slice(half, half + (half >> 1));
    personal.push(share(next, favourites));
    general.push(share(sample, favourites));
  }
  expect(sum(personal) / personal.length).toBeGreaterThan(1.25 * (sum(general) / general.length));
});

function histories(): Map<string, Rental[]> {
  return Map.groupBy(rentals, ({ userId }) => userId);
}

function continuedBy(film: Rental['film']): Rental['film'] | undefined {
  const next = store.films[store.films.indexOf(film) + 1];
  return next?.follows === undefined ? undefined : next;
}

function favouriteGenres(history: readonly Rental[]): Set<string> {
  const counts = Object.entries(Object.groupBy(history, ({ film }) => film.genres[0]));
  const best = counts.sort(([, a], [, b]) => (b?.length ?? 0) - (a?.length ?? 0)).slice(0, 2);
  return new Set(best.map(([genre]) => genre));
}

function share(of: readonly Rental[], favourites: ReadonlySet<string>): number {
  return of.filter(({ film }) => favourites.has(film.genres[0])).length / of.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
