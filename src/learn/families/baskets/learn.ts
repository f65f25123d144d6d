import { ofEventType } from '../../histories/event-types.ts';
import { type Histories, interactionsByItem } from '../../histories/histories.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { byCount } from '../popularity/popular-items.ts';
import { learnRelations, type RelationDesign } from '../similar-items/learn.ts';
import { basketSignals } from './basket-signals.ts';
import { holdOutBaskets } from './held-out-baskets.ts';

const sharedBaskets: RelationDesign = {
  holdOut: holdOutBaskets,
  moreSignals: basketSignals,
  choices: likelyPurchases,
  ranking: (histories, itemCount) => byCount(purchases(histories, itemCount)),
};

/**
 * What was bought together: by the signals of baskets, and by those of all events, which stand in where baskets are
 * few. How much each counts is what puts the items of held-out baskets first.
 */
export const learnBoughtTogether = (task: LearningTask): Promise<LearnedModel> => learnRelations(task, sharedBaskets);

const purchases = (histories: Histories, itemCount: number) =>
  interactionsByItem(ofEventType(histories, 'Purchase'), itemCount);

/** The purchases of each item, and as many again, spread over its other events. */
function likelyPurchases(histories: Histories, itemCount: number): Float32Array {
  const all = interactionsByItem(histories, itemCount);
  const bought = purchases(histories, itemCount);
  const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);
  const rate = sum(bought) / Math.max(sum(all), 1);
  return Float32Array.from(bought, (count, item) => count + rate * all[item]);
}
