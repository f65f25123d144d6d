import type { Genre } from '../../../src/quickstart/film-titles.ts';
import { type Film, stockFilms } from '../../../src/quickstart/films.ts';
import { type Random, seededRandom } from '../../../src/quickstart/random.ts';
import { type Item, secondsADay } from '../world.ts';
import { plots } from './plots.ts';

/** A film of the streaming service. */
export type Title = Item & {
  readonly film: Film;
  readonly title: string;
  readonly genres: readonly [Genre, ...Genre[]];
  readonly year: number;
  readonly minutes: number;
  readonly rating: number;
};

/** Days of history: so long ago the service opened. */
export const days = 365;

/** One in so many films is made by the service itself. */
const oneInOriginals = 9;

/** All films of the service, which opened `days` before `now` (Unix epoch seconds). */
export function stockTitles(seed: number, now: number, share: number): Title[] {
  const films = stockFilms(seededRandom(seed), days).map(quieter);
  const random = seededRandom(seed + 10);
  return films.slice(0, Math.round(films.length * share)).map((film) => titleOf(random, film, now));
}

/** A film whose hidden style draws less than its genre, so that people see why films are alike. */
const quieter = (film: Film): Film => ({ ...film, style: film.style.map((component) => 0.3 * component) });

function titleOf(random: Random, film: Film, now: number): Title {
  const minutes = 78 + Math.floor(75 * random.uniform());
  const rating = Math.round(10 * Math.min(4.9, Math.max(1.6, 3.4 + 0.5 * film.fame + 0.3 * random.normal()))) / 10;
  const arrived = film.arrival === 0 ? -30 - random.integer(700) : film.arrival;
  return {
    film,
    id: film.id,
    name: film.title,
    title: film.title,
    description: random.pick(plots[film.genres[0]]),
    category: film.genres[0],
    kind: film.genres.join(', '),
    note: `${minutes} min ★ ${rating.toFixed(1)}`,
    createdAt: Math.floor(now + (arrived - days) * secondsADay),
    isPromoted: random.integer(oneInOriginals) === 0,
    isAvailable: true,
    measure: minutes,
    genres: film.genres,
    year: film.year,
    minutes,
    rating,
  };
}
