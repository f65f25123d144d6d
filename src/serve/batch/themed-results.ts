import type { Ranking } from '../../learn/model/model.ts';
import type { Theme, Themes } from '../themes/themes.ts';
import type { LineResult } from './line.ts';

/** What lines get with themes: the items of each in the order of how well they fit it (spec batch.md §4). */
export async function themedResults(
  themes: Pick<Themes, 'of'>,
  answered: readonly ({ readonly answer: Pick<Ranking, 'items'> } | { readonly error: string })[],
): Promise<LineResult[]> {
  const found = await themes.of(answered.flatMap((each) => ('error' in each ? [] : [each.answer.items])));
  let next = 0;
  return answered.map((each): LineResult => {
    if ('error' in each) return each;
    const theme = found[next++];
    if (!theme) throw new Error(`${next} lists got ${found.length} themes.`);
    return { output: themedOutput(theme) };
  });
}

const themedOutput = ({ items, theme, relevances }: Theme): string =>
  JSON.stringify({ recommendedItems: items, theme, itemsThemeRelevanceScores: relevances });
