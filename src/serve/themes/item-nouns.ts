import { stemOf } from './tokens.ts';

/** What items are called, in the plural. */
export type ItemNoun = {
  readonly plural: string;
  /** Whether such items are about something, as films are and lamps are not. */
  readonly tells: boolean;
  /** Whether another noun says more exactly what the items are. */
  readonly isVague: boolean;
};

const telling = `films movies books novels stories shows series episodes podcasts documentaries articles lectures courses
  games comics plays poems songs albums records tracks videos magazines essays biographies memoirs musicals operas sitcoms
  lessons tutorials audiobooks anime cartoons thrillers westerns comedies dramas`;
const plain = `lamps lights bulbs chairs tables desks sofas couches beds shelves cabinets rugs curtains pillows blankets
  mattresses mirrors clocks vases candles frames shoes boots sneakers sandals slippers socks shirts t-shirts blouses
  dresses skirts trousers jeans shorts jackets coats sweaters hoodies hats caps gloves scarves belts bags backpacks
  wallets purses suitcases watches rings necklaces bracelets earrings sunglasses phones laptops computers tablets monitors
  keyboards mice headphones earphones speakers cameras lenses tripods printers routers cables chargers batteries adapters
  televisions consoles drones toys dolls puzzles tools drills hammers screwdrivers saws screws nails brushes paints
  ladders knives pans pots plates bowls cups mugs glasses bottles kettles toasters blenders ovens fridges recipes dishes
  soups salads cakes breads desserts cocktails wines beers teas coffees cheeses snacks chocolates spices sauces oils
  shampoos soaps creams lotions perfumes lipsticks serums masks bicycles bikes helmets tyres tires cars motorcycles boats
  tents hotels restaurants apartments houses flights trips tours museums parks plants flowers seeds trees guitars pianos
  drums violins pens pencils notebooks paintings prints posters jobs apps`;

const vague = ['stories', 'series', 'shows', 'plays', 'lessons', 'lights'];
const nounOf = (plural: string, tells: boolean): ItemNoun => ({ plural, tells, isVague: vague.includes(plural) });

const nouns = new Map<string, ItemNoun>(
  [
    [telling, true],
    [plain, false],
  ].flatMap(([words, tells]) =>
    String(words)
      .split(/\s+/)
      .map((plural) => [stemOf(plural), nounOf(plural, tells === true)] as const),
  ),
);
// Plurals that do not show it by an s.
const irregular = { shelf: 'shelves', knife: 'knives', scarf: 'scarves', mouse: 'mice', loaf: 'loaves' };
for (const [singular, plural] of Object.entries(irregular)) nouns.set(singular, nounOf(plural, false));

/** The noun with this stem, if items are called by it. */
export const itemNoun = (stem: string): ItemNoun | undefined => nouns.get(stem);

/** Columns whose names tell what the items are. */
const byColumn: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(film|director)(_|s?$)/i, 'film'],
  [/(^|_)movie/i, 'movie'],
  [/(^|_)(book|isbn)(_|s?$)/i, 'book'],
  [/(^|_)(album|vinyl|record)(_|s?$)/i, 'record'],
  [/(^|_)(song|track)(_|s?$)/i, 'song'],
  [/(^|_)game(_|s?$)/i, 'game'],
  [/(^|_)(recipe|ingredient)(_|s?$)/i, 'recipe'],
  [/(^|_)(show|series|episode)(_|$)/i, 'show'],
  [/(^|_)podcast/i, 'podcast'],
  [/(^|_)(article|headline)(_|s?$)/i, 'article'],
  [/(^|_)course/i, 'course'],
  [/(^|_)hotel/i, 'hotel'],
  [/(^|_)wine/i, 'wine'],
];

/** What items are called by the names of their columns, such as films where there is a MOVIE_TITLE. */
export function nounOfColumns(columns: readonly string[]): ItemNoun | undefined {
  const found = byColumn.find(([pattern]) => columns.some((column) => pattern.test(column)));
  return found && itemNoun(found[1]);
}
