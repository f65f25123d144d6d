import type { Catalogue } from './catalogue.ts';
import { coherentCluster } from './coherent-cluster.ts';
import { type NamedTheme, namelessTheme } from './local-theme.ts';
import { relevances } from './relevance.ts';
import type { ThemeItem } from './theme-columns.ts';

/** What is said of a list. Items go by their positions in it. */
export type ListDescription = NamedTheme & {
  /** The group of alike items that the title speaks of. */
  readonly members: readonly number[];
  /** All items, those that fit the title best first. */
  readonly order: readonly number[];
  /** How well each item of `order` fits. */
  readonly relevances: readonly number[];
};

/** Fewer items say nothing about a longer list. */
const fewestMembers = 3;

/**
 * Finds the largest group of alike items of a list, has it named, and measures how well each item fits the name.
 *
 * @param name gives a group its title, as `nameGroup` does
 */
export async function describeList(
  items: readonly ThemeItem[],
  catalogue: Catalogue,
  name: (group: readonly ThemeItem[]) => NamedTheme | Promise<NamedTheme>,
): Promise<ListDescription> {
  if (items.length === 0) return { title: namelessTheme, terms: [], members: [], order: [], relevances: [] };
  const { vectors, cosines, likeness } = catalogue;
  const itemVectors = await vectors.of(items);
  const cluster = coherentCluster(cosines.between(itemVectors), items.length, likeness);
  const members = cluster.length >= Math.min(fewestMembers, items.length) ? cluster : Array.from(items.keys());
  const named = await name(members.map((n) => items[n]));
  const fits = relevances(items, itemVectors, members, named.terms, catalogue);
  const order = Array.from(items.keys()).sort((a, b) => fits[b] - fits[a] || a - b);
  return { ...named, members, order, relevances: order.map((n) => fits[n]) };
}
