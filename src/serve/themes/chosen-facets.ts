import type { Facet } from './facets.ts';
import { itemNoun } from './item-nouns.ts';

/** A title says no more things. */
const mostFacets = 4;
/** What tells less than this share of the first one is left out. */
const leastWeight = 0.25;
/** All that a title says is true for at least this share of the group. */
const leastShare = 0.4;
/** Of the items for which all said before is true, what is added must be true for this share. */
const leastJoint = 0.6;

/**
 * The facets that a title says: the most telling one, then others that are true for most of the same items and say
 * something else.
 *
 * @param facets the most telling first
 */
export function chosenFacets(facets: readonly Facet[], itemCount: number): readonly Facet[] {
  const chosen: Facet[] = [];
  let joint: readonly number[] = Array.from({ length: itemCount }, (_, n) => n);
  for (const facet of facets) {
    if (chosen.length === mostFacets || facet.weight < leastWeight * (facets[0]?.weight ?? 0)) break;
    const both = joint.filter((item) => facet.items.has(item));
    const isTrueForMost =
      chosen.length === 0 || both.length >= Math.max(leastJoint * joint.length, leastShare * itemCount);
    if (!isTrueForMost || chosen.some((other) => sharesWord(facet, other) || isFull(facet, chosen))) continue;
    chosen.push(facet);
    joint = both;
  }
  return chosen;
}

/** Two may share the noun for the items, as clocks and wall clocks do: the title says it once. */
function sharesWord(one: Facet, other: Facet): boolean {
  const shared = one.stems.filter((stem) => other.stems.includes(stem));
  return (
    shared.some((stem) => itemNoun(stem) === undefined) || (shared.length > 0 && shared.length === one.stems.length)
  );
}

/** A title has one decade, two phrases, and two values of the same role. */
function isFull({ said }: Facet, chosen: readonly Facet[]): boolean {
  const same = chosen.filter((other) =>
    said.by === 'value' ? other.said.by === 'value' && other.said.role === said.role : other.said.by === said.by,
  );
  const most = said.by === 'decade' || (said.by === 'value' && said.role !== 'kind') ? 1 : 2;
  return same.length >= most;
}
