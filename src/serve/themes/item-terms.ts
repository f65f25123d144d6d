import { forEachPhrase } from './phrases.ts';
import { type ThemeItem, wholeText } from './theme-columns.ts';
import { type Token, tokensOf } from './tokens.ts';

/** The term of a value of a column, by the column's position among the categories. */
export const valueTerm = (column: number, value: string): string => `=${column} ${value.toLowerCase()}`;

/** The term of a decade, such as 1960, whichever column says it. */
export const decadeTerm = (decade: number): string => `@${decade}`;

/** The decade of a value such as `1964` or `1960s`. */
export function decadeOf(value: string): number | undefined {
  const [, year] = /^(1[0-9]\d\d|20\d\d)s?$/.exec(value) ?? [];
  return year === undefined ? undefined : Math.floor(Number(year) / 10) * 10;
}

export const decadesOf = ({ values, years }: ThemeItem): readonly number[] => [
  ...new Set(
    [
      ...years.map((year) => (year === undefined ? undefined : Math.floor(year / 10) * 10)),
      ...values.flat().map(decadeOf),
    ].filter((decade) => decade !== undefined),
  ),
];

/** All terms of an item by which groups are told from the catalogue; some more than once. */
export function termsOf(item: ThemeItem, tokens: readonly Token[] = tokensOf(wholeText(item))): string[] {
  const terms = decadesOf(item).map(decadeTerm);
  item.values.forEach((values, column) => {
    for (const value of values) terms.push(valueTerm(column, value));
  });
  forEachPhrase(tokens, (_first, _last, term) => terms.push(term));
  return terms;
}
