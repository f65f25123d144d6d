import type { Genre } from '../../../src/quickstart/film-titles.ts';

/** What films of a genre are about. */
export const plots: Readonly<Record<Genre, readonly [string, ...string[]]>> = {
  Action: [
    'A driver who has retired twice takes one more job, and the road is shorter than the chase.',
    'Forty floors, one lift, and somebody has taken the stairs away.',
    'A bomb expert with shaking hands has until the last train to find out who shakes them.',
    'The convoy has six trucks. Only one of them carries what everybody is shooting at.',
  ],
  Adventure: [
    'An heiress, a map with a hole in it and the worst captain in the harbour set out for an island.',
    'Two rival mountaineers share a rope, a storm and a secret.',
    'The first to reach the river’s source may name it; nobody has come back to do so.',
    'A schoolteacher finds a compass that points to what one misses most.',
  ],
  Comedy: [
    'A wedding is booked twice, in the same hall, by the same groom.',
    'Three neighbours adopt a llama to get rid of the fourth.',
    'He only wanted to return a soup tureen. Now he is mayor.',
    'A family reunion goes well until the family arrives.',
  ],
  Crime: [
    'The safe was empty before they opened it, which makes them the only suspects.',
    'An honest bookkeeper is asked to lose one page, then one partner.',
    'A detective owes money to everybody on her list of suspects.',
    'Four thieves, five alibis.',
  ],
  Drama: [
    'Three sisters sell the house by the lake and find out who has been paying for it.',
    'A glass-blower loses his breath and teaches his son to listen.',
    'Letters that were never posted arrive all on one winter morning.',
    'The last harvest of an orchard, and everybody who still owes it something.',
  ],
  Family: [
    'A very small penguin is sure that flying is a matter of attitude.',
    'The toymaker’s attic has one toy that winds up people.',
    'A hedgehog and a balloon become friends, carefully.',
    'When the moonlit zoo loses its night watchman, the animals take turns.',
  ],
  Fantasy: [
    'A sorceress who cannot read finds the last spellbook.',
    'The crown chooses a baker, and it chooses to bite.',
    'A dragon takes an oath of peace, which is harder on the knights than on the dragon.',
    'Nine realms, eight thrones, and a raven that counts.',
  ],
  Horror: [
    'Each night there is one more step to the cellar.',
    'The parish bell rings for the one who hears it last.',
    'A doll comes back from the repairer with teeth.',
    'The attic was bricked up from the inside.',
  ],
  Mystery: [
    'The portrait changes whenever somebody in the house lies.',
    'A passenger gets off the night train twice.',
    'Seven guests, one telegram, and it is addressed to the eighth.',
    'The clockmaker is dead, and every clock in town shows a different hour of it.',
  ],
  Romance: [
    'They have shared platform seven for ten years. Today his train is late.',
    'A florist delivers the same bouquet to the same door until somebody opens.',
    'Two translators fall in love over a letter that neither understands.',
    'A summer in Capri, told in the menus of one restaurant.',
  ],
  'Science Fiction': [
    'The colony has been silent for a year. Its reply is dated tomorrow.',
    'An android is asked to grieve, and is better at it than the family.',
    'Station Twelve picks up a signal in its own voice.',
    'A pilot wakes up halfway to Titan, in the wrong body and on time.',
  ],
  Western: [
    'A marshal rides into a town where nobody has ever heard of trouble, and all wear spurs.',
    'The stagecoach comes in without a driver, on schedule.',
    'A drifter inherits a homestead, a feud and a piano.',
    'At Dead Mule the duel is at noon, and the clock is slow.',
  ],
};
