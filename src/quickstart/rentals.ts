import { genres } from './film-titles.ts';
import { type Film, styleDimensions } from './films.ts';
import type { Random } from './random.ts';

export type Rental = {
  readonly userId: string;
  readonly film: Film;
  /** Unix epoch seconds. */
  readonly timestamp: number;
  readonly eventType: 'rent' | 'buy';
  /** What the customer gave it; half of them give none. */
  readonly stars: number | undefined;
};

const secondsADay = 86_400;
/** In days. */
const tenMinutes = 1 / 144;

/** What a customer likes. */
type Taste = {
  /** By index in the list of genres. */
  readonly genres: readonly number[];
  readonly style: readonly number[];
  readonly year: number;
  /** Weights of the era and of fame. */
  readonly nostalgia: number;
  readonly conformity: number;
};

/**
 * Everything that one customer rents, in order of time. Choices follow from taste (genres, era, a hidden style), fame,
 * novelty in the store, the mood of the evening and unfinished series; half of the customers change their taste once.
 * Nobody takes the same film twice.
 */
export function* rentalsOf(random: Random, userId: string, films: readonly Film[], opening: number, days: number) {
  const before = inventTaste(random);
  const after = random.uniform() < 0.5 ? drift(random, before) : before;
  const count = Math.round(Math.min(150, Math.max(5, 22 * Math.exp(0.7 * random.normal()))));
  const joined = random.uniform() * 0.8 * days;
  const pace = (days - joined) / count;

  let day = joined;
  let affinity = films.map((film) => affinityTo(film, before));
  const seen = new Set<Film>();
  let last: Film | undefined;
  for (let taken = 0; taken < count; taken++) {
    const sameEvening = last !== undefined && random.uniform() < 0.4;
    day += sameEvening ? tenMinutes : random.exponential(pace / 0.6);
    if (day >= days) return;
    if (taken === count >> 1) affinity = films.map((film) => affinityTo(film, after));

    const film = choose(random, films, affinity, { seen, last, sameEvening, day });
    if (film === undefined) return;
    seen.add(film);
    last = film;
    const liking = (affinity[films.indexOf(film)] ?? 0) / 2 + 0.5 * random.normal();
    yield {
      userId,
      film,
      timestamp: Math.floor(opening + day * secondsADay),
      eventType: liking > 2 ? 'buy' : 'rent',
      stars: random.uniform() < 0.5 ? undefined : Math.min(5, Math.max(1, Math.round(3 + liking))),
    } satisfies Rental;
  }
}

function inventTaste(random: Random): Taste {
  const loved = new Set([random.integer(genres.length), random.integer(genres.length)]);
  return {
    genres: genres.map((_, genre) => (loved.has(genre) ? 1.6 + 0.4 * random.normal() : -0.4 + 0.3 * random.normal())),
    style: Array.from({ length: styleDimensions }, () => 0.7 * random.normal()),
    year: 2025 - random.exponential(14),
    nostalgia: random.uniform(),
    conformity: 0.6 + 0.6 * random.uniform(),
  };
}

/** The same customer with another love. */
function drift(random: Random, taste: Taste): Taste {
  const found = random.integer(genres.length);
  const lost = taste.genres.indexOf(Math.max(...taste.genres));
  const changed = taste.genres.map((weight, genre) => (genre === found ? 1.8 : genre === lost ? 0.3 : weight));
  return { ...taste, genres: changed };
}

function affinityTo(film: Film, taste: Taste): number {
  const [main, second = main] = film.genres;
  const genre = 0.7 * weightOf(taste, main) + 0.3 * weightOf(taste, second);
  const style = film.style.reduce((sum, component, i) => sum + component * (taste.style[i] ?? 0), 0);
  const years = Math.abs(film.year - taste.year) / 12;
  return genre + style - taste.nostalgia * Math.min(3, years) + taste.conformity * film.fame;
}

const weightOf = (taste: Taste, genre: Film['genres'][number]) => taste.genres[genres.indexOf(genre)] ?? 0;

type Moment = {
  readonly seen: ReadonlySet<Film>;
  readonly last: Film | undefined;
  readonly sameEvening: boolean;
  readonly day: number;
};

/** Draws a film that is in the store and not yet seen, with probability ∝ exp(affinity + circumstances). */
function choose(random: Random, films: readonly Film[], affinity: readonly number[], moment: Moment): Film | undefined {
  let total = 0;
  const cumulative = films.map((film, i) => {
    if (film.arrival > moment.day || moment.seen.has(film)) return total;
    total += Math.exp((affinity[i] ?? 0) + circumstances(film, films, moment));
    return total;
  });
  const drawn = random.uniform() * total;
  return films[cumulative.findIndex((sum) => sum > drawn)];
}

/**
 * What speaks for a film beyond taste: it is new, fits the evening, or continues the story just seen (and not with
 * one unseen).
 */
function circumstances(film: Film, films: readonly Film[], { seen, last, sameEvening, day }: Moment): number {
  const novelty = film.arrival > 0 ? 1.5 * Math.exp(-(day - film.arrival) / 45) : 0;
  const mood = sameEvening && film.genres[0] === last?.genres[0] ? 0.8 : 0;
  const before = film.follows === undefined ? undefined : films[film.follows];
  const story = before === undefined ? 0 : before === last ? 5.5 : seen.has(before) ? 0.5 : -2.5;
  return novelty + mood + story;
}
