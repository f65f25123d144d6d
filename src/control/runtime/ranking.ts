import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { metadataAdder } from './item-metadata.ts';
import { wantedColumns } from './metadata.ts';
import { predictedItems } from './predicted-item.ts';
import { readyDeployment } from './ready-deployment.ts';
import { eligibleBy, filterNamed } from './request-eligibility.ts';
import { itemsToRank } from './request-limits.ts';
import { answeredId, noteAnswer, streamedOf } from './user-history.ts';

export function rankingHandlers(context: Context): HandlersOf<'GetPersonalizedRanking'> {
  const { serving, settings, records } = context;

  return {
    async GetPersonalizedRanking(input, caller) {
      const { campaignArn, inputList } = input;
      const wanted = wantedColumns(input.metadataColumns, settings.quotas.metadataColumnsPerRequest);
      const given = itemsToRank(inputList, settings.quotas, wanted !== undefined);
      const requested = { operation: 'GetPersonalizedRanking', ids: { userId: input.userId } } as const;
      const ready = await readyDeployment(context, campaignArn, caller, requested);
      const userId = answeredId(context, ready, input.userId);
      const addMetadata = wanted && (await metadataAdder(context, ready, wanted));
      const filter = filterNamed(input, 'filterValues');
      using eligible = await eligibleBy(context, ready, caller, filter, { userId });
      const items = eligible ? given.filter((id) => eligible.allows(id)) : given;
      const recommendationId = records.impressions.unremembered(ready.deployment.ownerArn);
      if (items.length === 0) return { personalizedRanking: [], recommendationId };
      const streamed = await streamedOf(context, ready, userId);
      const ranked = await serving.rank(ready.deployment, { userId, streamed, items, context: input.context });
      noteAnswer(context, ready, ranked);
      const list = predictedItems(ranked, false);
      return { personalizedRanking: addMetadata ? addMetadata(list) : list, recommendationId };
    },
  };
}
