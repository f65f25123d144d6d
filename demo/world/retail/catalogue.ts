import { type Random, seededRandom } from '../../../src/quickstart/random.ts';
import { type Item, secondsADay } from '../world.ts';
import { type Colour, colours, type Kind, kinds, type Style, styles } from './kinds.ts';

/** A product, with what its picture shows and its buyers like. */
export type Product = Item & {
  readonly of: Kind;
  readonly style: Style;
  readonly colour: Colour;
  readonly price: number;
  /** Logarithm of how well known it is. */
  readonly fame: number;
};

const productsAKind = 14;
/** Of so many products one is new in the shop, on offer, or out of stock. */
const oneIn = { newcomer: 12, offer: 9, soldOut: 25 };

/** All that the shop sells. `now` in Unix epoch seconds decides only when products were created. */
export function stockShop(seed: number, now: number, share: number): Product[] {
  const random = seededRandom(seed);
  return kinds.flatMap((kind) => {
    const taken = new Set<string>();
    return Array.from({ length: Math.max(4, Math.round(productsAKind * share)) }, (_, n) =>
      invent(random, kind, n, taken, now),
    );
  });
}

function invent(random: Random, kind: Kind, n: number, taken: Set<string>, now: number): Product {
  const style = styles[n % styles.length] ?? styles[0];
  const colour = random.pick(colours);
  const name = newName(random, kind, style, taken);
  const [cheapest, dearest] = kind.price;
  const price = Math.round(cheapest + (dearest - cheapest) * random.uniform() ** 2) - 0.05;
  const isNew = random.integer(oneIn.newcomer) === 0;
  const age = isNew ? 3 + random.integer(15) : 250 + random.integer(500);
  return {
    id: `${kind.name.toLowerCase().replaceAll(' ', '-')}-${n + 1}`,
    name,
    description: `${article(style.name)} ${style.name.toLowerCase()} ${noun(kind)} in ${colour.name}, ${kind.praise}.`,
    category: kind.category,
    kind: kind.name,
    note: `€${price.toFixed(2)}`,
    createdAt: now - age * secondsADay,
    isPromoted: random.integer(oneIn.offer) === 0,
    isAvailable: random.integer(oneIn.soldOut) !== 0,
    measure: price,
    of: kind,
    style,
    colour,
    price,
    fame: 0.8 * random.normal(),
  };
}

function newName(random: Random, kind: Kind, style: Style, taken: Set<string>): string {
  for (;;) {
    const name = `${random.pick(style.words)} ${random.pick(kind.nouns)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

const noun = (kind: Kind) => kind.nouns[0].toLowerCase();

const article = (word: string) => (/^[AEIOU]/.test(word) ? 'An' : 'A');
