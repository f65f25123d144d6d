import type { Facet } from './facets.ts';
import { type ItemNoun, itemNoun } from './item-nouns.ts';
import type { ThemeItem } from './theme-columns.ts';
import { stemOf, tokensOf } from './tokens.ts';

/** What a title calls the items, and the value that says so, if one does. */
export type Head = {
  /** In the plural, in lower case; nothing where it is not known what the items are. */
  readonly noun: string | undefined;
  readonly tells: boolean;
  readonly stem: string | undefined;
  readonly facet?: Facet | undefined;
  /** Whether the items' names say it. */
  readonly isOfNames: boolean;
};

/** Items are called by a noun that the names or values of so many of a group have. */
const groupShare = 0.5;

/**
 * What the items of a group are called: as a value that the title says is, such as Comedy; else as most of their names
 * or values say, such as lamps; else as all items of the catalogue are, such as films.
 */
export function headOf(items: readonly ThemeItem[], facets: readonly Facet[], ofCatalogue: ItemNoun | undefined): Head {
  for (const facet of facets) {
    const head =
      facet.said.by === 'value' && facet.said.role === 'kind' ? headOfValue(facet, facet.said.value) : undefined;
    if (head) return head;
  }
  const isGenre = facets.some(({ said }) => said.by === 'value' && said.isGenre);
  const named = ofCatalogue?.tells ? undefined : nounOfNames(items);
  const noun = named ?? ofCatalogue ?? (isGenre ? title : undefined);
  return {
    noun: noun?.plural,
    tells: noun?.tells ?? false,
    stem: noun && stemOf(noun.plural),
    isOfNames: named !== undefined,
  };
}

/** What has a genre is a title, be it of a film, a book or a game. */
const title: ItemNoun = { plural: 'titles', tells: true, isVague: true };

/** `Table lamp` becomes `table lamps`; nothing for a value that is no noun for items. */
function headOfValue(facet: Facet, value: string): Head | undefined {
  const words = value.toLowerCase().split(' ');
  const stem = stemOf(words.at(-1) ?? '');
  const noun = itemNoun(stem);
  if (noun === undefined || words.length > 3 || words.some((word) => !/^\p{L}[\p{L}’'-]*$/u.test(word)))
    return undefined;
  return { noun: [...words.slice(0, -1), noun.plural].join(' '), tells: noun.tells, stem, facet, isOfNames: false };
}

function nounOfNames(items: readonly ThemeItem[]): ItemNoun | undefined {
  const counts = new Map<ItemNoun, number>();
  for (const { name, values } of items) {
    const tokens = tokensOf([name ?? '', ...values.flat()].join('\n'));
    // Of a desk lamp, the last noun says what it is.
    const isLast = (n: number) => tokens[n + 1]?.breaks !== false || itemNoun(tokens[n + 1].stem) === undefined;
    for (const noun of new Set(tokens.map(({ stem }, n) => (isLast(n) ? itemNoun(stem) : undefined))))
      if (noun) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] >= groupShare * items.length ? most[0] : undefined;
}
