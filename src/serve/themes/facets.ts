import type { Catalogue } from './catalogue.ts';
import { type ColumnRole, isReadable, roleOf } from './column-roles.ts';
import { classTfIdf, logOddsScore } from './contrast.ts';
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
/** Without anything telling, a title says what is true for this share of the group. */
const mostItems = 0.6;
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
/** A phrase with more uses that look like those of a verb names nothing. */
const mostVerbUses = 0.4;
/** A phrase is a piece of a longer one that has so many of its items. */
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
