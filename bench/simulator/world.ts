import { genres } from '../../src/quickstart/film-titles.ts';
import { normalsOf, uniformOf, uniformsOf } from './chance.ts';

/**
 * How large a world is. Day 0 is the first on which recommendations are made; before it, a log was kept for so many
 * days.
 */
export type WorldSize = {
  readonly users: number;
  /** In the catalogue on day 0. */
  readonly items: number;
  /** At most ten, which is what a PutItems takes. */
  readonly newItemsADay: number;
  readonly logDays: number;
  readonly days: number;
};

export const fullSize: WorldSize = { users: 400, items: 800, newItemsADay: 10, logDays: 90, days: 10 };

export type Item = {
  readonly id: string;
  /** The day on which it comes in; below 0 for the first catalogue. */
  readonly arrival: number;
  /** What is said of it, which is not always true. */
  readonly told: readonly string[];
  /** How much it is of each genre, then its point in a hidden style. */
  readonly traits: Float64Array;
  /** What everybody thinks of it. */
  readonly quality: number;
};

/** Somebody comes with a mind to something. */
export type Visit = {
  /** Different for each. */
  readonly key: number;
  readonly user: number;
  readonly day: number;
  /** Of the day. */
  readonly second: number;
  /** The genre that it is about, which may be none of the user's usual ones. */
  readonly mood: number;
};

const styles = 4;
/** How much tastes of style differ: a standard deviation in each dimension. */
const styleSpread = 0.75;
/** What a visitor must be gained over. */
const reserve = 5.8;
/** Weight of the genre of a visit, beside lasting taste. */
const moodStrength = 4;
const [lovedGenre, otherGenre] = [0.5, -0.5];
/** Visits a user and day on the average. */
const visitsADay = 0.25;

/** Kinds of chance, so that none follows from another. */
const kind = { item: 1, user: 2, drift: 3, visit: 4 } as const;

/** A catalogue that grows and users whose tastes drift, all decided by the seed: what recommendations cannot see. */
export class World {
  readonly seed: number;
  readonly size: WorldSize;
  /** In the order of their arrival. */
  readonly items: readonly Item[];
  readonly #places: ReadonlyMap<string, number>;
  /** By user, then by day since the log began. */
  readonly #tastes: readonly (readonly Float64Array[])[];

  constructor(seed: number, size: WorldSize) {
    this.seed = seed;
    this.size = size;
    const count = size.items + size.newItemsADay * size.days;
    this.items = Array.from({ length: count }, (_, n) => this.#inventItem(n));
    this.#places = new Map(this.items.map(({ id }, place) => [id, place]));
    this.#tastes = Array.from({ length: size.users }, (_, user) => this.#inventTastes(user));
  }

  /** Items that come in on a day. */
  arrivals(day: number): readonly Item[] {
    return this.items.filter(({ arrival }) => arrival === day);
  }

  /** Index of an item among all. */
  placeOf(id: string): number {
    const place = this.#places.get(id);
    if (place === undefined) throw new Error(`There is no item ${id} in the world.`);
    return place;
  }

  /** The visitors of a day, in the order of the day. */
  visits(day: number): readonly Visit[] {
    const visits: Visit[] = [];
    for (let user = 0; user < this.size.users; user++) {
      const random = uniformsOf(this.seed, kind.visit, user, day);
      const eagerness = uniformOf(this.seed, kind.visit, user) * 2;
      if (random() >= visitsADay * eagerness) continue;
      const key = (day + this.size.logDays) * this.size.users + user;
      visits.push({ key, user, day, second: Math.floor(random() * 80_000), mood: this.#mood(user, day, random) });
    }
    return visits.sort((one, other) => one.second - other.second);
  }

  /** The chance that a visitor who looks at an item takes it. */
  appeal({ user, day, mood }: Visit, place: number): number {
    const item = this.items[place];
    const taste = this.#tasteOf(user, day);
    if (!item) throw new Error(`There is no item at ${place}.`);
    let utility = item.quality + moodStrength * (item.traits[mood] ?? 0) - reserve;
    for (let n = 0; n < taste.length; n++) utility += (taste[n] ?? 0) * (item.traits[n] ?? 0);
    return 1 / (1 + Math.exp(-utility));
  }

  #tasteOf(user: number, day: number): Float64Array {
    const taste = this.#tastes[user]?.[day + this.size.logDays];
    if (!taste) throw new Error(`There is no user ${user} on day ${day}.`);
    return taste;
  }

  /** Three visits in four are about a genre that the user loves. */
  #mood(user: number, day: number, random: () => number): number {
    const taste = this.#tasteOf(user, day);
    const loved = genres.map((_, genre) => genre).filter((genre) => (taste[genre] ?? 0) > lovedGenre / 2);
    return random() < 0.75 ? pick(loved, random) : Math.floor(random() * genres.length);
  }

  #inventItem(place: number): Item {
    const random = uniformsOf(this.seed, kind.item, place);
    const normal = normalsOf(this.seed, kind.item, place, 1);
    const [first, second] = [Math.floor(random() * genres.length), Math.floor(random() * genres.length)];
    const traits = new Float64Array(genres.length + styles);
    for (let n = genres.length; n < traits.length; n++) traits[n] = normal();
    traits[second] = 0.4;
    traits[first] = 1;
    // One in seven is filed under a wrong genre, and the lesser genre is often left out.
    const main = random() < 1 / 7 ? Math.floor(random() * genres.length) : first;
    const told = new Set([main, ...(random() < 0.6 ? [second] : [])]);
    const { items, newItemsADay } = this.size;
    return {
      id: `item-${place}`,
      arrival: place < items ? -1 : Math.floor((place - items) / newItemsADay),
      told: Array.from(told, (genre) => genres[genre] ?? ''),
      traits,
      quality: 1.5 * normal(),
    };
  }

  /**
   * Two genres and a style are loved; the style wanders, and every sixtieth day or so one of the genres gives way to
   * another.
   */
  #inventTastes(user: number): Float64Array[] {
    const random = uniformsOf(this.seed, kind.user, user);
    const normal = normalsOf(this.seed, kind.drift, user);
    const loved = [Math.floor(random() * genres.length), Math.floor(random() * genres.length)];
    const style = Float64Array.from({ length: styles }, () => styleSpread * normal());
    return Array.from({ length: this.size.logDays + this.size.days }, () => {
      if (random() < 1 / 60) loved[random() < 0.5 ? 0 : 1] = Math.floor(random() * genres.length);
      for (let n = 0; n < styles; n++) style[n] = 0.996 * (style[n] ?? 0) + 0.07 * normal();
      const likings = genres.map((_, genre) => (loved.includes(genre) ? lovedGenre : otherGenre));
      return Float64Array.from([...likings, ...style]);
    });
  }
}

const pick = (from: readonly number[], random: () => number): number => from[Math.floor(random() * from.length)] ?? 0;
