import type { Random } from './random.ts';

/** The words that a genre's titles are made of. */
type TitleWords = {
  readonly qualities: readonly [string, ...string[]];
  readonly things: readonly [string, ...string[]];
  readonly places: readonly [string, ...string[]];
};

const words = (qualities: string, things: string, places: string): TitleWords => ({
  qualities: list(qualities),
  things: list(things),
  places: list(places),
});

function list(text: string): [string, ...string[]] {
  const [first = text, ...rest] = text.split(', ');
  return [first, ...rest];
}

const vocabulary = {
  Action: words(
    'Burning, Reckless, Final, Iron, Silent, Double, Hostile, Full',
    'Payload, Pursuit, Detonator, Convoy, Extraction, Blockade, Strike, Getaway, Crossfire',
    'Pier Nine, the Red Bridge, Port Volkov, the Long Tunnel, Highway 61',
  ),
  Adventure: words(
    'Lost, Golden, Uncharted, Distant, Sunken, Hidden, Forgotten',
    'Compass, Caravan, Voyage, Galleon, Map, Expedition, Lantern, Summit',
    'the Coral Gate, Mount Asura, the Amber River, Zanara, the Farthest Isle',
  ),
  Comedy: words(
    'Awkward, Borrowed, Slightly Used, Accidental, Unlikely, Overbooked, Second-Hand',
    'Wedding, Uncle, Llama, Landlord, Honeymoon, Soufflé, Neighbours, Reunion, Goldfish',
    'Apartment 4B, the Wrong Floor, Lower Puddleby, Cousin Marv’s, the Buffet',
  ),
  Crime: words(
    'Crooked, Cold, Marked, Dirty, Quiet, Counterfeit, Second',
    'Ledger, Alibi, Informant, Heist, Racket, Safecracker, Verdict, Bookmaker',
    'Dockside, Blackwater Street, the Ninth Ward, Kessler’s Bar, Little Odessa',
  ),
  Drama: words(
    'Ordinary, Broken, Patient, Unfinished, Tender, Late, Borrowed',
    'Harvest, Letters, Winters, Daughters, Silences, Inheritance, Confession, Orchard',
    'the Lake House, Ashford, the Old Quarter, Elm Row, the Glass Factory',
  ),
  Family: words(
    'Brave, Tiny, Magical, Curious, Flying, Very Good, Wandering',
    'Hedgehog, Balloon, Treehouse, Penguin, Snowman, Puppy, Carousel, Toymaker',
    'Maple Hollow, Button Farm, the Moonlit Zoo, Pumpkin Lane, Cloud Nine',
  ),
  Fantasy: words(
    'Enchanted, Last, Silver, Cursed, Sleeping, Ancient, Crystal',
    'Dragon, Sorceress, Crown, Oath, Kingdom, Raven, Spellbook, Unicorn',
    'Eldermoor, the Ivory Tower, Thornwood, the Nine Realms, Mistfall',
  ),
  Horror: words(
    'Pale, Whispering, Hollow, Rotten, Midnight, Nameless, Weeping',
    'Cellar, Doll, Parish, Visitor, Teeth, Lullaby, Scarecrow, Attic',
    'Gallows Farm, Ward 13, Black Chapel, Hemlock House, the Drowned Mill',
  ),
  Mystery: words(
    'Missing, Locked, Vanishing, Invisible, Seventh, Scarlet, Unsigned',
    'Witness, Key, Portrait, Passenger, Telegram, Clue, Garden, Chessboard',
    'Wexley Hall, the Night Train, Room 212, the Clockmaker’s, Fog Harbour',
  ),
  Romance: words(
    'Gentle, Summer, Unspoken, Hopeless, Stolen, Moonlit, First',
    'Kiss, Waltz, Promise, Valentine, Serenade, Goodbye, Bouquet, Embrace',
    'Lisbon, the Rose Café, Capri, Platform Seven, the Rue des Lilas',
  ),
  'Science Fiction': words(
    'Orbital, Quantum, Stellar, Synthetic, Zero, Parallel, Outer',
    'Signal, Colony, Horizon, Android, Paradox, Airlock, Wormhole, Starship',
    'Titan, Station Twelve, Kepler’s Edge, the Dark Nebula, New Carthage',
  ),
  Western: words(
    'Dusty, Lonesome, Wild, Ragged, Bitter, Outlaw, High',
    'Saddle, Marshal, Canyon, Stagecoach, Drifter, Spurs, Showdown, Homestead',
    'Silver Creek, Dead Mule, Coyote Pass, Fort Mercy, the Broken Spur',
  ),
} satisfies Record<string, TitleWords>;

export type Genre = keyof typeof vocabulary;

export const genres: readonly [Genre, ...Genre[]] = [
  'Action',
  'Adventure',
  'Comedy',
  'Crime',
  'Drama',
  'Family',
  'Fantasy',
  'Horror',
  'Mystery',
  'Romance',
  'Science Fiction',
  'Western',
];

/** A maker of invented titles that sound like their genre, none of them twice. */
export function titleMaker(random: Random): (genre: Genre) => string {
  const taken = new Set<string>();
  return (genre) => {
    for (;;) {
      const title = invent(random, vocabulary[genre]);
      if (taken.has(title)) continue;
      taken.add(title);
      return title;
    }
  };
}

function invent(random: Random, { qualities, things, places }: TitleWords): string {
  const quality = random.pick(qualities);
  const thing = random.pick(things);
  switch (random.integer(4)) {
    case 0:
      return `The ${quality} ${thing}`;
    case 1:
      return `${quality} ${thing}`;
    case 2:
      return `The ${thing} of ${random.pick(places)}`;
    default:
      return `${thing} at ${random.pick(places)}`;
  }
}
