import { interactionsByItem, uniqueUsersByItem } from '../../histories/histories.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { byCount } from './popular-items.ts';

/** The items that the most different users had. */
export async function learnByUsers({ histories, itemCount, progress }: LearningTask): Promise<LearnedModel> {
  progress.report(0, 'counting users by item');
  return rankingOf(uniqueUsersByItem(histories, itemCount));
}

/** The items with most interactions. */
export async function learnByInteractions({ histories, itemCount, progress }: LearningTask): Promise<LearnedModel> {
  progress.report(0, 'counting interactions by item');
  return rankingOf(interactionsByItem(histories, itemCount));
}

const rankingOf = (counts: Uint32Array): LearnedModel => ({
  tensors: { popular: { shape: [counts.length], data: byCount(counts) } },
  constants: {},
});
