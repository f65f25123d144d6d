import type { Catalogue } from './catalogue.ts';
import { type ColumnRole, isReadable, roleOf } from './column-roles.ts';
import { classTfIdf, logOddsScore } from './contrast.ts';
import { itemNoun } from './item-nouns.ts';
import { decadesOf, decadeTerm, valueTerm } from './item-terms.ts';
import { type ItemTokens, type PhraseUse, phraseUses } from './phrases.ts';
import type { ThemeItem } from './theme-columns.ts';
import { stemOf, tokensOf } from './tokens.ts';

/** Something that items of a group have in common and a title may say. */
export type Facet = {
  readonly said:
    | { readonly by: 'value'; readonly role: ColumnRole; readonly value: string; readonly isGenre: boolean }
    | { readonly by: 'decade'; readonly decade: number }
    | { readonly by: 'phrase'; readonly use: PhraseUse };
  readonly term: string;
  /** Stems of its words, by which two facets that say the same are found. */
  readonly stems: readonly string[];
  /** Numbers of the group's items that have it. */
  readonly items: ReadonlySet<number>;
  /** How much it tells the group from the catalogue. */
  readonly weight: number;
};

/** Least z-scores: hundreds of phrases are looked at, so that chance must not give one; values and decades are few. */
const surely = { phrase: 3, value: 1.96, decade: 1.96 } as const;
/** A title says what is true for at least this share of the group; for the second one if nothing is for the first. */
const leastShares = [0.5, 0.3];
/** A group of fewer items is too small for z-scores. */
const fewItems = 3;

/** The facets of a group that tell it from the catalogue, the most telling first. */
export function facetsOf(items: readonly ThemeItem[], catalogue: Catalogue): Facet[] {
  const least = Math.max(items.length >= fewItems ? 2 : 1, Math.ceil(Math.min(...leastShares) * items.length));
  const found = [...values(items, catalogue), ...decades(items), ...phrases(items, least)]
    .filter((facet) => facet.items.size >= least)
    .map((facet) => weighed(facet, items.length, catalogue))
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
  const telling = found.filter(({ score, said }) => score >= surely[said.by]);
  for (const share of leastShares) {
    if (telling.some((facet) => facet.items.size >= share * items.length)) {
      return telling.filter((facet) => facet.items.size >= share * items.length);
    }
  }
  // What is true for most of them, though it is for many others, too.
  return found.filter(({ said, items: having }) => said.by !== 'phrase' && having.size >= mostItems * items.length);
}

const mostItems = 0.6;

function weighed(facet: FoundFacet, itemCount: number, { counts }: Catalogue): Facet & { readonly score: number } {
  const seen = {
    having: facet.items.size,
    items: itemCount,
    catalogueHaving: counts.count(facet.term),
    catalogueItems: counts.items,
  };
  // A group that is most of the catalogue, or next to nothing, is described without a comparison.
  const isComparable = itemCount >= fewItems && counts.items > 2 * itemCount;
  return { ...facet, weight: classTfIdf(seen), score: isComparable ? logOddsScore(seen) : Number.POSITIVE_INFINITY };
}

type FoundFacet = Omit<Facet, 'weight'>;

function values(items: readonly ThemeItem[], { columns }: Catalogue): FoundFacet[] {
  return columns.categories.flatMap((name, column) => {
    const having = new Map<string, { value: string; items: Set<number> }>();
    items.forEach((item, n) => {
      for (const value of item.values[column] ?? []) {
        if (!isReadable(lastLevel(value))) continue;
        const key = value.toLowerCase();
        const entry = having.get(key) ?? { value, items: new Set() };
        entry.items.add(n);
        having.set(key, entry);
      }
    });
    return Array.from(having.values(), ({ value, items }) => ({
      said: { by: 'value', role: roleOf(name), value: lastLevel(value), isGenre: /genre/i.test(name) } as const,
      term: valueTerm(column, value),
      stems: stemsOf(lastLevel(value)),
      items,
    }));
  });
}

/** `Lamps` of `Home > Lighting > Lamps`. */
const lastLevel = (value: string) => value.split(/\s*[>»]\s*|\s\/\s/).findLast((level) => level !== '') ?? value;

const stemsOf = (text: string) => tokensOf(text).flatMap(({ lower }) => lower.split('-').map(stemOf));

function decades(items: readonly ThemeItem[]): FoundFacet[] {
  const having = new Map<number, Set<number>>();
  items.forEach((item, n) => {
    for (const decade of decadesOf(item)) having.set(decade, (having.get(decade) ?? new Set()).add(n));
  });
  return Array.from(having, ([decade, items]) => ({
    said: { by: 'decade', decade } as const,
    term: decadeTerm(decade),
    stems: [],
    items,
  }));
}

function phrases(items: readonly ThemeItem[], least: number): FoundFacet[] {
  const texts = items.flatMap(({ name, text }, item): ItemTokens[] => [
    ...(name ? [{ item, tokens: tokensOf(name), isName: true }] : []),
    ...(text ? [{ item, tokens: tokensOf(text), isName: false }] : []),
  ]);
  return longest(phraseUses(texts, least))
    .filter((use) => use.textUses > 0 || use.items.length >= namedShare * items.length)
    .filter((use) => use.verbUses <= mostVerbUses * use.uses)
    .map((use) => ({
      said: { by: 'phrase', use } as const,
      term: use.term,
      stems: use.stems,
      items: new Set(use.items),
    }));
}

/** Names alone give a phrase that so many items have: fewer often share a word by chance. */
const namedShare = 0.5;
/** What is more often used as verbs are names nothing. */
const mostVerbUses = 0.4;
/** A phrase of which a longer one has so many of its items is a piece of that. */
const pieceShare = 0.7;

/** The phrases without those that are pieces of longer ones: `angeles` of `los angeles`. */
const longest = (uses: readonly PhraseUse[]): PhraseUse[] =>
  uses.filter(({ term, items }) => {
    const piece = ` ${term.slice(1)} `;
    return !uses.some(
      (other) =>
        other.term.length > term.length &&
        ` ${other.term.slice(1)} `.includes(piece) &&
        other.items.length >= pieceShare * items.length,
    );
  });

/** At most as many things does a title say. */
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
