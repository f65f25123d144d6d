/** The kinds of products that the shop has, by category. Each has a drawing of its own in `pictures/retail`. */

export type Kind = {
  readonly name: string;
  readonly category: string;
  /** What one of them is called; the first noun is the plain one. */
  readonly nouns: readonly [string, ...string[]];
  /** The cheapest and the dearest. */
  readonly price: readonly [number, number];
  /** Goes on after "A … mug". */
  readonly praise: string;
  /** Kinds that people put into the same basket. */
  readonly goesWith: readonly string[];
};

const kind = (
  [category, name]: readonly [string, string],
  nouns: Kind['nouns'],
  price: Kind['price'],
  praise: string,
  goesWith: readonly string[] = [],
): Kind => ({ category, name, nouns, price, praise, goesWith });

export const kinds: readonly Kind[] = [
  kind(['Kitchen', 'Mugs'], ['Mug', 'Cup'], [8, 24], 'that keeps both hands warm on slow mornings', ['Tea', 'Coffee']),
  kind(['Kitchen', 'Kettles'], ['Kettle', 'Stovetop Kettle'], [35, 120], 'that sings when it boils', ['Tea', 'Mugs']),
  kind(['Kitchen', 'Pans'], ['Pan', 'Skillet'], [25, 140], 'that browns evenly and lasts for decades', ['Boards']),
  kind(['Kitchen', 'Boards'], ['Chopping Board', 'Board'], [14, 60], 'with a groove that catches the juice', ['Pans']),
  kind(['Pantry', 'Coffee'], ['Coffee Beans', 'Espresso Beans'], [9, 22], 'roasted last week, with a long finish', [
    'Mugs',
  ]),
  kind(['Pantry', 'Tea'], ['Tea', 'Loose Leaf Tea'], [6, 19], 'that steeps in three minutes', ['Mugs', 'Honey']),
  kind(['Pantry', 'Honey'], ['Honey', 'Wildflower Honey'], [7, 18], 'from one meadow and forty thousand bees', ['Tea']),
  kind(['Garden', 'Plants'], ['Potted Plant', 'Fern', 'Monstera'], [9, 55], 'that forgives a missed watering', [
    'Watering cans',
  ]),
  kind(['Garden', 'Watering cans'], ['Watering Can'], [15, 48], 'with a rose as gentle as rain', ['Plants', 'Seeds']),
  kind(['Garden', 'Seeds'], ['Seeds', 'Seed Mix'], [3, 9], 'for a patch that hums by June', ['Watering cans']),
  kind(['Garden', 'Birdhouses'], ['Birdhouse', 'Nest Box'], [18, 65], 'that wrens find within a week', ['Seeds']),
  kind(['Outdoors', 'Tents'], ['Tent', 'Two-Person Tent'], [90, 420], 'that stands in four minutes, even in the dark', [
    'Lanterns',
    'Backpacks',
  ]),
  kind(['Outdoors', 'Backpacks'], ['Backpack', 'Daypack'], [45, 190], 'with a pocket for everything', ['Flasks']),
  kind(['Outdoors', 'Lanterns'], ['Lantern', 'Camp Lantern'], [18, 70], 'that lights a whole clearing', ['Tents']),
  kind(['Outdoors', 'Flasks'], ['Flask', 'Bottle'], [16, 45], 'that keeps soup hot to the summit', ['Backpacks']),
  kind(['Home', 'Lamps'], ['Lamp', 'Reading Lamp'], [30, 160], 'with a warm, flicker-free glow', ['Armchairs']),
  kind(['Home', 'Cushions'], ['Cushion', 'Pillow'], [14, 50], 'filled with recycled down', ['Armchairs']),
  kind(['Home', 'Candles'], ['Candle', 'Scented Candle'], [8, 32], 'that burns for forty quiet hours', ['Lamps']),
  kind(['Home', 'Armchairs'], ['Armchair', 'Reading Chair'], [180, 690], 'for whole Sundays with a book', [
    'Cushions',
    'Lamps',
  ]),
  kind(['Wardrobe', 'T-shirts'], ['T-Shirt', 'Tee'], [15, 40], 'of heavy organic cotton'),
  kind(['Wardrobe', 'Hats'], ['Woolly Hat', 'Beanie'], [16, 45], 'knitted by people who know winter', ['Socks']),
  kind(['Wardrobe', 'Boots'], ['Boots', 'Ankle Boots'], [80, 240], 'that can be resoled for a lifetime', ['Socks']),
  kind(['Wardrobe', 'Socks'], ['Socks', 'Hiking Socks'], [7, 22], 'with a heel that stays put', ['Boots']),
  kind(['Play', 'Teddies'], ['Teddy Bear', 'Bear'], [18, 60], 'that listens and never tells', ['Puzzles']),
  kind(['Play', 'Kites'], ['Kite', 'Stunt Kite'], [14, 75], 'that climbs in the faintest breeze'),
  kind(['Play', 'Robots'], ['Robot', 'Wind-Up Robot'], [20, 95], 'that walks off the table with great dignity', [
    'Puzzles',
  ]),
  kind(['Play', 'Puzzles'], ['Puzzle', '500-Piece Puzzle'], [12, 38], 'with one piece more than you think', [
    'Teddies',
  ]),
  kind(['Music', 'Guitars'], ['Guitar', 'Parlour Guitar'], [120, 780], 'with a voice bigger than its body', [
    'Records',
  ]),
  kind(['Music', 'Headphones'], ['Headphones', 'Studio Headphones'], [50, 320], 'that let the room disappear', [
    'Records',
  ]),
  kind(['Music', 'Records'], ['Record', 'LP'], [14, 42], 'pressed on heavy vinyl', ['Headphones']),
];

export const categories: readonly string[] = [...new Set(kinds.map(({ category }) => category))];

/** What draws some people and leaves others cold; seen in the pattern of a picture, and standing in no column. */
export const styles = [
  { name: 'Rustic', pattern: 'plain', words: ['Harbour', 'Orchard', 'Barn', 'Meadow', 'Hearth', 'Thistle', 'Oak'] },
  { name: 'Modern', pattern: 'band', words: ['Oslo', 'Studio', 'Linea', 'Kubo', 'Nord', 'Forma', 'Atlas'] },
  { name: 'Playful', pattern: 'dots', words: ['Jolly', 'Pepper', 'Confetti', 'Tango', 'Bubble', 'Zigzag', 'Poppy'] },
  {
    name: 'Classic',
    pattern: 'stripes',
    words: ['Regent', 'Windsor', 'Heritage', 'Belmont', 'Sterling', 'Abbey', 'Crown'],
  },
] as const;

export type Style = (typeof styles)[number];

/** Names of colours with their hue, saturation and lightness. */
export type Colour = { readonly name: string; readonly hsl: readonly [number, number, number] };

export const colours: readonly [Colour, ...Colour[]] = [
  { name: 'moss', hsl: [95, 35, 42] },
  { name: 'terracotta', hsl: [16, 60, 52] },
  { name: 'ink blue', hsl: [222, 45, 40] },
  { name: 'mustard', hsl: [42, 75, 50] },
  { name: 'rose', hsl: [345, 55, 62] },
  { name: 'teal', hsl: [178, 45, 38] },
  { name: 'plum', hsl: [300, 28, 42] },
  { name: 'sky', hsl: [203, 60, 58] },
];
