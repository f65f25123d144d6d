import { asName, capitalised, inSentence } from './column-roles.ts';
import type { Facet } from './facets.ts';
import type { Head } from './head-noun.ts';
import { itemNoun } from './item-nouns.ts';
import { isModifier, sayPhrase } from './phrase-words.ts';
import { stemOf } from './tokens.ts';

/** Characters of a title. */
export const longestTitle = 60;

/** The parts of a title in their order. */
type TitleParts = {
  /** Adjectives and nouns that stand before others: `slow`. */
  readonly modifiers: readonly string[];
  /** What joins by `and`: `comedy and romance`. */
  readonly kinds: readonly string[];
  readonly noun: string | undefined;
  /** `set in Los Angeles`, `by Miles Davis`, `from the 1960s`. */
  readonly behind: readonly string[];
};

/** A title, and what it says. */
export type Title = { readonly title: string; readonly said: readonly Facet[] };

/**
 * The title that says these facets, in plain English: modifiers, kinds, the noun, what stands behind it, as in `Slow
 * noir films set in Los Angeles from the 1940s`. The last facets are left out if it gets too long.
 *
 * @returns nothing if no facet can be said
 */
export function titleOf(facets: readonly Facet[], head: Head): Title | undefined {
  for (let count = facets.length; count > 0; count--) {
    const said = facets.slice(0, count);
    const own =
      head.facet === undefined || said.includes(head.facet) ? head : { ...head, noun: undefined, stem: undefined };
    const title = assemble(partsOf(said, own));
    if (title !== undefined && title.length <= longestTitle) return { title, said };
  }
  return undefined;
}

function partsOf(facets: readonly Facet[], head: Head): TitleParts {
  const qualities: string[] = [];
  const modifiers: string[] = [];
  // Whether one of the words before the noun can do without it.
  let standsAlone = head.noun !== undefined;
  const kinds: string[] = [];
  const behind: { readonly rank: number; readonly words: string }[] = [];
  for (const { said } of facets.filter((facet) => facet !== head.facet)) {
    if (said.by === 'decade') behind.push({ rank: 3, words: `from the ${said.decade}s` });
    else if (said.by === 'phrase') {
      const { at, words } = sayPhrase(said.use, head);
      const rest = withoutNoun(words, head);
      if (at === 'behind') behind.push({ rank: 0, words });
      else if (rest !== '') {
        modifiers.push(rest);
        standsAlone ||= !isModifier(said.use);
      }
    } else {
      const rest = withoutNoun(inSentence(said.value), head);
      if (said.role === 'kind' && rest !== '') kinds.push(modifierOf(rest, head));
      else if (said.role === 'quality') qualities.push(inSentence(said.value));
      else if (said.role === 'audience') behind.push({ rank: 1, words: `for ${inSentence(said.value)}` });
      else if (said.role === 'maker') behind.push({ rank: 2, words: `by ${asName(said.value)}` });
      else if (said.role === 'place') behind.push({ rank: 2, words: `from ${asName(said.value)}` });
      else if (said.role === 'language') behind.push({ rank: 2, words: `in ${asName(said.value)}` });
      else if (said.role === 'part') behind.push({ rank: 1, words: `with ${partWords(said.value)}` });
    }
  }
  standsAlone ||= kinds.length > 0;
  behind.sort((a, b) => a.rank - b.rank);
  return {
    modifiers: [...qualities, ...modifiers],
    kinds,
    noun: standsAlone ? head.noun : 'items',
    behind: behind.map(({ words }) => words),
  };
}

/** An ingredient is written in lower case, a name is not. */
const partWords = (value: string) => (value === value.toLowerCase() ? value : asName(value));

/** `noir` of `film-noir` where the noun is films, and nothing of `films`. */
function withoutNoun(words: string, { stem }: Head): string {
  if (stem === undefined) return words;
  return words
    .split(' ')
    .map((word) =>
      word
        .split('-')
        .filter((part) => stemOf(part.toLowerCase()) !== stem && !isNounToo(part, stem))
        .join('-'),
    )
    .filter((word) => word !== '')
    .join(' ');
}

/** Films and movies are the same. */
const isNounToo = (part: string, stem: string) => {
  const same = ['film', 'movie'];
  return same.includes(stem) && same.includes(stemOf(part.toLowerCase()));
};

/** Kinds that have another form before a noun. */
const adjectives: Readonly<Record<string, string>> = {
  romance: 'romantic',
  animation: 'animated',
  history: 'historical',
  biography: 'biographical',
  children: "children's",
  kids: "children's",
};

const modifierOf = (kind: string, { noun }: Head) => (noun === undefined ? kind : (adjectives[kind] ?? kind));

function assemble({ modifiers, kinds, noun, behind }: TitleParts): string | undefined {
  const front = frontOf(modifiers, kinds, noun);
  if (front === undefined && behind.length === 0) return undefined;
  return capitalised([front ?? 'items', ...behind].join(' '));
}

function frontOf(modifiers: readonly string[], kinds: readonly string[], noun: string | undefined): string | undefined {
  if (noun === undefined) {
    const [first, ...rest] = [...kinds, ...modifiers];
    return first && [first, ...rest].join(' and ');
  }
  // Of two kinds that are both nouns for items none modifies the other.
  const [nouns, others] = [kinds.filter(isGenreNoun), kinds.filter((kind) => !isGenreNoun(kind))];
  const [genre] = nouns;
  if (genre !== undefined && isGenreNoun(noun)) {
    return [...modifiers, ...others, `${noun} and ${itemNoun(stemOf(genre))?.plural}`].join(' ');
  }
  return [...modifiers, kinds.join(' and '), noun].filter((part) => part !== '').join(' ');
}

const genreNouns = new Set([
  'comedy',
  'drama',
  'thriller',
  'western',
  'musical',
  'documentary',
  'cartoon',
  'opera',
  'sitcom',
]);
const isGenreNoun = (kind: string) => genreNouns.has(stemOf(kind));
