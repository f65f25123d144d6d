import type { Catalogue } from './catalogue.ts';
import { roleOf } from './column-roles.ts';
import type { Facet } from './facets.ts';
import { type ItemNoun, itemNoun } from './item-nouns.ts';
import { valueTerm } from './item-terms.ts';
import type { ThemeColumns, ThemeItem } from './theme-columns.ts';
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
  /** The term of the value that says it, though it is none of the facets. */
  readonly term?: string | undefined;
};

/** Items are called by a noun that the names or values of so many of a group have. */
const groupShare = 0.5;

/**
 * What the items of a group are called: as a value that the title says is, such as Comedy; else as most of their names
 * or values say, such as lamps; else as all items of the catalogue are, such as films.
 */
export function headOf(
  items: readonly ThemeItem[],
  facets: readonly Facet[],
  { noun: ofCatalogue, columns }: Pick<Catalogue, 'noun' | 'columns'>,
): Head {
  for (const facet of facets) {
    const head = facet.said.by === 'value' && facet.said.role === 'kind' ? headOfValue(facet.said.value) : undefined;
    if (head) return { ...head, facet };
  }
  const isGenre = facets.some(({ said }) => said.by === 'value' && said.isGenre);
  if (ofCatalogue?.tells) return headOfNoun(ofCatalogue);
  const named = nounOfNames(items);
  if (named) return { ...headOfNoun(named), isOfNames: true };
  return headOfValues(items, columns) ?? headOfNoun(ofCatalogue ?? (isGenre ? title : undefined));
}

const headOfNoun = (noun: ItemNoun | undefined): Head => ({
  noun: noun?.plural,
  tells: noun?.tells ?? false,
  stem: noun && stemOf(noun.plural),
  isOfNames: false,
});

/** What has a genre is a title, be it of a film, a book or a game. */
const title: ItemNoun = { plural: 'titles', tells: true, isVague: true };

/** `Table lamp` becomes `table lamps`; nothing for a value that is no noun for items. */
function headOfValue(value: string): Head | undefined {
  const words = value.toLowerCase().split(' ');
  const stem = stemOf(words.at(-1) ?? '');
  const noun = itemNoun(stem);
  if (noun === undefined || words.length > 3 || words.some((word) => !/^\p{L}[\p{L}’'-]*$/u.test(word)))
    return undefined;
  return { noun: [...words.slice(0, -1), noun.plural].join(' '), tells: noun.tells, stem, isOfNames: false };
}

function nounOfNames(items: readonly ThemeItem[]): ItemNoun | undefined {
  const counts = new Map<ItemNoun, number>();
  for (const { name } of items) {
    const tokens = tokensOf(name ?? '');
    // Of a desk lamp, the last noun says what it is.
    const isLast = (n: number) => tokens[n + 1]?.breaks !== false || itemNoun(tokens[n + 1].stem) === undefined;
    for (const noun of new Set(tokens.map(({ stem }, n) => (isLast(n) ? itemNoun(stem) : undefined)))) {
      if (noun) counts.set(noun, (counts.get(noun) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] >= groupShare * items.length ? most[0] : undefined;
}

/** By the value that most of the items have, of those that are nouns for items. */
function headOfValues(items: readonly ThemeItem[], { categories }: ThemeColumns): Head | undefined {
  const counts = new Map<string, { readonly head: Head; count: number }>();
  for (const { values } of items) {
    values.forEach((own, column) => {
      if (roleOf(categories[column]) !== 'kind') return;
      for (const value of own) {
        const term = valueTerm(column, value);
        const known = counts.get(term);
        const head = known ? known.head : headOfValue(value);
        if (known) known.count++;
        else if (head) counts.set(term, { head: { ...head, term }, count: 1 });
      }
    });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most && most.count >= groupShare * items.length ? most.head : undefined;
}
