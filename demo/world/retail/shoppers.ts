import type { Random } from '../../../src/quickstart/random.ts';
import type { Persona } from '../world.ts';
import { categories, styles } from './kinds.ts';

/** A customer, and what draws them. */
export type Shopper = {
  readonly id: string;
  /** By index in the lists of categories and styles. */
  readonly categories: readonly number[];
  readonly styles: readonly number[];
  readonly sessions: number;
  readonly age: number;
  readonly membership: 'none' | 'member' | 'gold';
};

type Likes = { readonly categories: readonly string[]; readonly style: string };

/** People with a plain taste, so that visitors of the site know what to expect. */
const known: readonly (Persona & Likes & Pick<Shopper, 'age' | 'membership'>)[] = [
  {
    id: 'ada',
    name: 'Ada',
    about: 'camps and needs good coffee',
    categories: ['Outdoors', 'Pantry'],
    style: 'Rustic',
    age: 34,
    membership: 'member',
  },
  {
    id: 'ben',
    name: 'Ben',
    about: 'cooks for his friends',
    categories: ['Kitchen', 'Pantry'],
    style: 'Classic',
    age: 47,
    membership: 'gold',
  },
  {
    id: 'chloe',
    name: 'Chloe',
    about: 'grows everything',
    categories: ['Garden', 'Home'],
    style: 'Playful',
    age: 61,
    membership: 'none',
  },
  {
    id: 'dev',
    name: 'Dev',
    about: 'plays the guitar and collects toys',
    categories: ['Music', 'Play'],
    style: 'Modern',
    age: 23,
    membership: 'none',
  },
];

export const personas: readonly Persona[] = known.map(({ id, name, about }) => ({ id, name, about }));

/** The customers: first those with a name, then as many more as there are to be. */
export function inventShoppers(random: Random, count: number): Shopper[] {
  return [
    ...known.map((person) => ({
      id: person.id,
      categories: categories.map((category) => (person.categories.includes(category) ? 2.2 : -1)),
      styles: styles.map(({ name }) => (name === person.style ? 1.2 : -0.3)),
      sessions: 10,
      age: person.age,
      membership: person.membership,
    })),
    ...Array.from({ length: Math.max(0, count - known.length) }, (_, n) => inventShopper(random, String(1001 + n))),
  ];
}

function inventShopper(random: Random, id: string): Shopper {
  const loved = new Set([random.integer(categories.length), random.integer(categories.length)]);
  const style = random.integer(styles.length);
  const sessions = Math.round(Math.min(30, Math.max(3, 7 * Math.exp(0.5 * random.normal()))));
  const loyalty = random.uniform() + sessions / 40;
  return {
    id,
    categories: categories.map((_, n) => (loved.has(n) ? 2 + 0.3 * random.normal() : -0.8 + 0.4 * random.normal())),
    styles: styles.map((_, n) => (n === style ? 1.2 : -0.2) + 0.2 * random.normal()),
    sessions,
    age: 18 + Math.floor(Math.min(62, random.exponential(22))),
    membership: loyalty > 1.1 ? 'gold' : loyalty > 0.6 ? 'member' : 'none',
  };
}
