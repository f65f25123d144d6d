import type { Random } from '../../../src/quickstart/random.ts';
import { type Interaction, secondsADay } from '../world.ts';
import type { Product } from './catalogue.ts';
import { categories, kinds, styles } from './kinds.ts';
import type { Shopper } from './shoppers.ts';

/** Days of history. */
export const days = 120;

/** How often a visit ends with something bought, and a purchase brings what goes with it. */
const chances = { buys: 0.55, addsWhatGoesWith: 0.6 };

/** Products by kind, and the one of another kind that goes with a product: of its style, and always the same. */
export function shelvesOf(products: readonly Product[]) {
  const byKind = Map.groupBy(products, ({ kind }) => kind);
  const partner = (product: Product, kind: string): Product | undefined => {
    const sameStyle = (byKind.get(kind) ?? []).filter(({ style }) => style === product.style);
    const position = (byKind.get(product.kind) ?? []).filter(({ style }) => style === product.style).indexOf(product);
    return sameStyle[position % sameStyle.length];
  };
  return { byKind, partner };
}

type Shelves = ReturnType<typeof shelvesOf>;

/**
 * Everything that one customer does: visits with one thing in mind, some products looked at, now and then one bought,
 * often together with what goes with it. What people look at follows from taste, fame and what is in the shop by then.
 */
export function* visitsOf(random: Random, shopper: Shopper, shelves: Shelves, now: number): Generator<Interaction> {
  const owned = new Set<Product>();
  const moments = Array.from({ length: shopper.sessions }, () => now - random.uniform() * days * secondsADay - 3600);
  for (const start of moments.sort((a, b) => a - b)) {
    let time = start;
    const event = (product: Product, eventType: string): Interaction => {
      time += 15 + random.integer(60);
      return { userId: shopper.id, itemId: product.id, eventType, timestamp: Math.floor(time) };
    };
    const wanted = draw(random, kinds, ({ category }) => weightOf(shopper.categories, categories, category));
    const looked: Product[] = [];
    for (let n = 3 + random.integer(5); n > 0; n--) {
      const product = lookAt(random, shopper, shelves, wanted, start);
      if (product === undefined || owned.has(product)) continue;
      looked.push(product);
      yield event(product, 'View');
    }
    const best = looked.toSorted((a, b) => styleWeight(shopper, b) - styleWeight(shopper, a))[0];
    if (best === undefined || random.uniform() > chances.buys) continue;
    owned.add(best);
    yield event(best, 'Purchase');
    for (const kind of best.of.goesWith) {
      const partner = shelves.partner(best, kind);
      if (partner === undefined || owned.has(partner) || random.uniform() > chances.addsWhatGoesWith) continue;
      if (partner.createdAt > start) continue;
      owned.add(partner);
      yield event(partner, 'View');
      yield event(partner, 'Purchase');
    }
  }
}

type Wanted = (typeof kinds)[number] | undefined;

/** Mostly the kind that the customer came for, sometimes a neighbour of it, rarely anything. */
function lookAt(random: Random, shopper: Shopper, shelves: Shelves, wanted: Wanted, at: number): Product | undefined {
  const mood = random.uniform();
  const neighbours =
    mood < 0.7 ? kinds.filter((kind) => kind === wanted) : kinds.filter((kind) => kind.category === wanted?.category);
  const kind = draw(random, mood < 0.95 ? neighbours : kinds, () => 0);
  const there = (shelves.byKind.get(kind?.name ?? '') ?? []).filter(({ createdAt }) => createdAt < at);
  return draw(random, there, (product) => styleWeight(shopper, product) + product.fame);
}

const styleWeight = (shopper: Shopper, { style }: Product) => shopper.styles[styles.indexOf(style)] ?? 0;

const weightOf = (weights: readonly number[], names: readonly string[], name: string) =>
  weights[names.indexOf(name)] ?? 0;

/** One of them, with probability ∝ exp(weight). */
function draw<T>(random: Random, from: readonly T[], weight: (of: T) => number): T | undefined {
  let total = 0;
  const cumulative = from.map((each) => {
    total += Math.exp(weight(each));
    return total;
  });
  const drawn = random.uniform() * total;
  return from[cumulative.findIndex((sum) => sum > drawn)];
}
