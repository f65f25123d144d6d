import type { Catalogue } from './catalogue.ts';
import { chosenFacets } from './chosen-facets.ts';
import { type Facet, facetsOf } from './facets.ts';
import { type Head, headOf } from './head-noun.ts';
import { itemNoun } from './item-nouns.ts';
import { decadeOf, decadeTerm } from './item-terms.ts';
import { phraseTerm } from './phrases.ts';
import type { ThemeItem } from './theme-columns.ts';
import { longestTitle, titleOf } from './title.ts';
import { plainText, tokensOf } from './tokens.ts';

/** A title, and the terms that it says (`termsOf`). */
export type NamedTheme = { readonly title: string; readonly terms: readonly string[] };

/** The title where nothing is known of the items. */
export const namelessTheme = 'Similar items';

/** Names a group of alike items by what tells it from the catalogue. */
export function nameGroup(items: readonly ThemeItem[], catalogue: Catalogue): NamedTheme {
  const facets = facetsOf(items, catalogue);
  const chosen = chosenFacets(facets, items.length);
  const head = headOf(items, chosen, catalogue);
  const narrower = head.isOfNames ? chosen.filter((facet) => isNarrower(facet, head, catalogue)) : chosen;
  const found = titleOf(narrower, head);
  if (found)
    return {
      title: found.title,
      terms: [...found.said.map(({ term }) => term), ...(head.term === undefined ? [] : [head.term])],
    };
  return { title: likeNamed(items) ?? namelessTheme, terms: [] };
}

/** Lamps are lighting, so that a title which says lamps need not say it; not all shoes are for running. */
function isNarrower({ said, term }: Facet, { stem }: Head, { counts }: Catalogue): boolean {
  if (said.by !== 'value' || said.role !== 'kind' || stem === undefined) return true;
  return counts.count(term) < leastWider * counts.count(phraseTerm([stem]));
}

const leastWider = 0.9;

/** The terms of a title that somebody else has written: its content words and its decades. */
export const termsOfTitle = (title: string): string[] => [
  ...new Set(
    tokensOf(title).flatMap(({ lower, stem, isFunction }) => {
      const decade = decadeOf(lower);
      return decade !== undefined ? [decadeTerm(decade)] : isFunction || itemNoun(stem) ? [] : [phraseTerm([stem])];
    }),
  ),
];

/** `More like The Long Goodbye`: what can be said of items that have names and nothing in common. */
function likeNamed(items: readonly ThemeItem[]): string | undefined {
  const names = items.map(({ name }) =>
    plainText(name ?? '')
      .replaceAll(/[^\p{L}\p{M}\p{N}'’&,:-]+/gu, ' ')
      .trim(),
  );
  const name = names
    .map(inReadingOrder)
    .find((candidate) => /\p{L}|\p{N}/u.test(candidate) && candidate.length <= longestTitle - 10);
  return name && `More like ${name}`;
}

/** `The Waterboy` of `Waterboy, The`, as catalogues sort names. */
const inReadingOrder = (name: string) => name.replace(/^(.+), (the|an?|les?|la|el|der|die|das|il)$/i, '$2 $1');
