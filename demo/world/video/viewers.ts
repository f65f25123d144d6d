import type { Random } from '../../../src/quickstart/random.ts';
import { rentalsOf } from '../../../src/quickstart/rentals.ts';
import { type Interaction, type Persona, secondsADay } from '../world.ts';
import { days, type Title } from './titles.ts';

/** Films that somebody opens and then doesn't watch, for each that is watched. */
const opensBeside = 0.4;

/**
 * Everything that one viewer does. What is watched follows from taste (genres, era, a hidden style), fame, novelty, the
 * mood of the evening and unfinished series; before it, the viewer opens the film, and at times others of the genre.
 */
export function* eveningsOf(
  random: Random,
  userId: string,
  titles: readonly Title[],
  now: number,
): Generator<Interaction> {
  const films = titles.map(({ film }) => film);
  const byGenre = Map.groupBy(titles, ({ genres }) => genres[0]);
  const opening = now - days * secondsADay;
  for (const { film, timestamp } of rentalsOf(random, userId, films, opening, days)) {
    const beside = byGenre.get(film.genres[0]) ?? [];
    const other = beside[random.integer(beside.length)];
    if (other !== undefined && other.createdAt < timestamp && random.uniform() < opensBeside) {
      yield { userId, itemId: other.id, eventType: 'Click', timestamp: timestamp - 90 };
    }
    yield { userId, itemId: film.id, eventType: 'Click', timestamp: timestamp - 30 };
    yield { userId, itemId: film.id, eventType: 'Watch', timestamp };
  }
}

/** Views in each of the newest two intervals of two hours: of each film that trends, and of all others. */
const trend = { films: 5, before: 3, now: 30, others: 160 } as const;

/** Some films that far more people watch in the newest two hours than in the two before, beside steady others. */
export function* trendOf(random: Random, titles: readonly Title[], users: number, now: number): Generator<Interaction> {
  const anyTitle = () => titles[random.integer(titles.length)];
  const trending = Array.from({ length: trend.films }, anyTitle);
  for (const [views, until] of [
    [trend.before, now - 7200],
    [trend.now, now],
  ] as const) {
    const watched = trending.flatMap((title) => Array.from({ length: views }, () => title));
    for (const title of [...watched, ...Array.from({ length: trend.others }, anyTitle)]) {
      const userId = String(1001 + random.integer(users));
      const timestamp = Math.floor(until - 60 - 7000 * random.uniform());
      if (title !== undefined) yield { userId, itemId: title.id, eventType: 'Watch', timestamp };
    }
  }
}

type Profile = { readonly age: number; readonly plan: 'basic' | 'standard' | 'premium' };

export const profileOf = (random: Random): Profile => ({
  age: 16 + Math.floor(Math.min(70, random.exponential(22))),
  plan: random.pick(['basic', 'standard', 'standard', 'premium']),
});

const names = ['Ines', 'Joe', 'Kaya', 'Leo'] as const;

/** Tastes change: what a viewer watched last says what they like now. */
const recent = 16;

/** The first few viewers whose newest history shows a plain taste, with a name each and their two genres. */
export function choosePersonas(interactions: readonly Interaction[], titles: readonly Title[]): Persona[] {
  const byId = new Map(titles.map((title) => [title.id, title]));
  const chosen: Persona[] = [];
  const taken = new Set<string>();
  for (const [id, history] of Map.groupBy(interactions, ({ userId }) => userId)) {
    const watched = history.filter(({ eventType }) => eventType === 'Watch');
    const lately = watched.slice(-recent);
    const genres = Map.groupBy(lately, ({ itemId }) => byId.get(itemId)?.category ?? '');
    const [first, second] = [...genres]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([genre, of]) => ({ genre, count: of.length }));
    const name = names[chosen.length];
    if (name === undefined) break;
    if (first === undefined || second === undefined || taken.has(first.genre) || taken.has(second.genre)) continue;
    if (watched.length < recent || watched.length > 45 || first.count + second.count < 0.6 * recent) continue;
    taken.add(first.genre).add(second.genre);
    chosen.push({ id, name, about: `watches ${first.genre} and ${second.genre}` });
  }
  return chosen;
}
