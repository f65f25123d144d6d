import { uniforms } from '../../learn/kernels/random.ts';

/** A made-up catalogue of films, whose topics are known. */

/** What the films of a topic have in common, and the words by which a title can say it. */
export type PlantedTopic = {
  readonly genre: string;
  readonly decade: number;
  /** As a sentence says it: `set in Los Angeles`. */
  readonly phrase: string;
  /** A word of each of these must be in a title that names the topic: genre, phrase and decade, in this order. */
  readonly names: readonly [genre: RegExp, phrase: RegExp, decade: RegExp];
};

export type PlantedItem = {
  readonly id: string;
  readonly name: string;
  readonly genre: string;
  readonly year: number;
  readonly text: string;
  readonly topic: number;
};

const genres = ['Noir', 'Comedy', 'Romance', 'Horror', 'Western', 'Adventure', 'Science fiction', 'Drama'];
const phrases = [
  'set in Los Angeles',
  'set at sea',
  'about chess',
  'on a space station',
  'about vampires',
  'set in the desert',
  'with a talking dog',
  'about a bank robbery',
  'in a boarding school',
  'about mountain climbing',
  'set in Venice',
  'about jazz musicians',
];
const openings = ['A slow', 'A quiet', 'A lively', 'A strange', 'An honest', 'A bitter', 'A warm', 'A restless'];
const kinds = ['film', 'story', 'picture'];
const people = ['a widow', 'two brothers', 'a young teacher', 'an old captain', 'a stubborn clerk', 'a retired nurse'];
const troubles = [
  'loses a letter',
  'hides a debt',
  'breaks a promise',
  'meets an old rival',
  'inherits a garden',
  'forgets a birthday',
  'misses the last train',
];
const first = 'Silver Hollow Distant Broken Golden Winter Paper Borrowed Hidden Second Crooked Patient Lost'.split(' ');
const second = 'River Letter Lantern Garden Window Harvest Mirror Bridge Orchard Signal Ticket Portrait'.split(' ');

/**
 * Films of these topics, `perTopic` each, and half as many again that are of none.
 *
 * @param said how likely a film of a topic is to have its genre, its decade and its phrase, each by itself
 */
export function plantedCatalogue(topicCount: number, perTopic: number, seed: number, said = 1) {
  const random = uniforms(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const topics = Array.from({ length: topicCount }, (_, n): PlantedTopic => {
    const [genre, phrase] = [genres[n % genres.length], phrases[n % phrases.length]];
    const decade = 1930 + 10 * Math.floor(random() * 9);
    const word = phrase.split(' ').at(-1) ?? '';
    return {
      genre,
      decade,
      phrase,
      names: [stem(genre), stem(word), new RegExp(`${decade}s`)],
    };
  });
  const items: PlantedItem[] = [];
  for (let n = 0; n < topicCount * perTopic * 1.5; n++) {
    const topic = n < topicCount * perTopic ? n % topicCount : -1;
    const planted = topics[topic];
    const keeps = () => planted !== undefined && (said === 1 || random() < said);
    const genre = keeps() ? planted.genre : pick(genres);
    const decade = keeps() ? planted.decade : 1930 + 10 * Math.floor(random() * 9);
    const hasPhrase = keeps();
    const phrase = hasPhrase ? planted.phrase : pick(phrases);
    const about = hasPhrase || random() < 0.3 ? ` ${phrase}` : '';
    items.push({
      id: `i${n}`,
      name: `The ${pick(first)} ${pick(second)}`,
      genre: random() < 0.3 ? [genre, pick(genres.filter((other) => other !== genre))].sort().join('|') : genre,
      year: decade + Math.floor(10 * random()),
      text: `${pick(openings)} ${pick(kinds)}${about}. In it ${pick(people)} ${pick(troubles)}, and ${pick(people)} ${pick(troubles)}.`,
      topic,
    });
  }
  return { topics, items };
}

/** Matches the word and its inflections, such as romantic and comedies. */
const stem = (word: string) => new RegExp(word.replace(/(ce|y|s|ing)$/, ''), 'i');
