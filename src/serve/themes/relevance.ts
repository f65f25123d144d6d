import type { Catalogue } from './catalogue.ts';
import { termsOf } from './item-terms.ts';
import type { ItemVector } from './item-vectors.ts';
import { phraseTerm } from './phrases.ts';
import type { ThemeItem } from './theme-columns.ts';
import { tokensOf } from './tokens.ts';

/** Decimals of a relevance. */
const precision = 1e7;

/**
 * How well each item of a list fits a theme, −1 to 1, in 7 decimals: the mean of two cosines. One is between what the
 * item and the theme's items have that others of the catalogue have not, so it is below 0 for an item that goes another
 * way than they; the other is between the terms of the title and those that the item has of them, from 0 to 1.
 *
 * @param members numbers of the items that the theme is made of
 * @param terms of the title
 */
export function relevances(
  items: readonly ThemeItem[],
  vectors: readonly ItemVector[],
  members: readonly number[],
  terms: readonly string[],
  { counts, cosines }: Catalogue,
): number[] {
  const alike = cosines.withSum(vectors, members);
  const weights = terms.map((term) => Math.log(1 + (counts.items + 1) / (counts.count(term) + 0.5)) ** 2);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return items.map((item, n) => {
    const having = titleTermsOf(item);
    const had = terms.reduce((sum, term, at) => sum + (having.has(term) ? weights[at] : 0), 0);
    const fit = all > 0 ? Math.sqrt(had / all) : 0;
    const relevance = all > 0 ? (alike[n] + fit) / 2 : alike[n];
    return Math.round(relevance * precision) / precision + 0;
  });
}

/** The terms of an item, its values' words among them. */
function titleTermsOf(item: ThemeItem): ReadonlySet<string> {
  const words = tokensOf(item.values.flat().join('\n'));
  return new Set([...termsOf(item), ...words.map(({ stem }) => phraseTerm([stem]))]);
}
