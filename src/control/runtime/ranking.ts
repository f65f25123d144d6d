import { invalidInput } from '../../contract/errors.ts';
import { unrememberedId } from '../../data/records/impressions.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { predictedItems } from './predicted-item.ts';
import { readyDeployment } from './ready-deployment.ts';
import { filterFeatures } from './recommendations.ts';
import { noteAnswer, streamedOf } from './user-history.ts';

export function rankingHandlers(context: Context): HandlersOf<'GetPersonalizedRanking'> {
  const { answers, serving, settings } = context;
  return {
    async GetPersonalizedRanking(input, caller) {
      const { campaignArn, userId, inputList } = input;
      refuseUnavailable(filterFeatures(input));
      const limit = settings.quotas.itemsPerRanking;
      if (inputList.length === 0) throw invalidInput('inputList must name at least one item.');
      if (inputList.length > limit) throw invalidInput(`inputList must name no more than ${limit} items.`);
      const requested = { operation: 'GetPersonalizedRanking', ids: { userId } } as const;
      const ready = await readyDeployment(answers.deployments, campaignArn, caller, requested);
      const items = [...new Set(inputList)];
      const streamed = await streamedOf(context, ready, userId);
      const ranked = await serving.rank(ready.deployment, { userId, streamed, items, context: input.context });
      noteAnswer(context, ready, ranked);
      return { personalizedRanking: predictedItems(ranked), recommendationId: unrememberedId() };
    },
  };
}
