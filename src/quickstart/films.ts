import { type Genre, genres, titleMaker } from './film-titles.ts';
import type { Random } from './random.ts';

/** Dimensions of a film's style: what draws its audience and stands in no column. */
export const styleDimensions = 4;

export type Film = {
  readonly id: string;
  readonly title: string;
  /** The first is the main one. */
  readonly genres: readonly [Genre, ...Genre[]];
  readonly year: number;
  /** Logarithm of how well known it is. */
  readonly fame: number;
  readonly style: readonly number[];
  /** Days after the store's opening when it came in. */
  readonly arrival: number;
  /** Index in the list of films of the one whose story it continues. */
  readonly follows: number | undefined;
};

const works = 270;
const thisYear = 2025;

/** The shelves of the store: some 400 films, a third of them in series, most of them recent, a few of them famous. */
export function stockFilms(random: Random, days: number): Film[] {
  const invent = titleMaker(random);
  const films: Film[] = [];
  for (let work = 0; work < works; work++) {
    const parts = random.uniform() < 0.25 ? 2 + random.integer(3) : 1;
    const main = random.pick(genres);
    const second = random.pick(genres);
    const title = invent(main);
    const fame = random.normal() + (parts > 1 ? 0.8 : 0);
    const style = Array.from({ length: styleDimensions }, () => random.normal());
    let year = thisYear - Math.min(75, Math.floor(random.exponential(14)));
    for (let part = 1; part <= parts && year <= thisYear; part++) {
      films.push({
        id: String(1001 + films.length),
        title: part === 1 ? title : `${title} ${part}`,
        genres: second === main || random.uniform() < 0.4 ? [main] : [main, second],
        year,
        fame: fame - 0.35 * (part - 1),
        style: style.map((component) => component + 0.3 * random.normal()),
        arrival: year >= thisYear - 1 ? random.integer(Math.floor(0.9 * days)) : 0,
        follows: part === 1 ? undefined : films.length - 1,
      });
      year += 2;
    }
  }
  return films;
}
