import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { askedArn } from './asked-arn.ts';
import { askedList } from './asked-list.ts';
import { exploringOf } from './exploring.ts';
import { metadataAdder } from './item-metadata.ts';
import { wantedColumns } from './metadata.ts';
import { promotedItems, promotionOf } from './promoted-items.ts';
import { contextOf, readyDeployment } from './ready-deployment.ts';
import { recommendedList } from './recommended-list.ts';
import { eligibleBy, filterNamed } from './request-eligibility.ts';
import { resultCount } from './request-limits.ts';
import { answeredId, noteAnswer, streamedOf } from './user-history.ts';

export function recommendationHandlers(context: Context): HandlersOf<'GetRecommendations'> {
  const { propensities, settings } = context;
  const keepers = { impressions: context.records.impressions, propensities };

  return {
    async GetRecommendations(input, caller) {
      const { itemId } = input;
      const asked = askedArn(input);
      const wanted = wantedColumns(input.metadataColumns, settings.quotas.metadataColumnsPerRequest);
      const count = resultCount(input.numResults, settings.quotas, wanted !== undefined);
      const promotion = promotionOf(input);
      const requested = { operation: 'GetRecommendations', ids: { userId: input.userId, itemId } } as const;
      const ready = await readyDeployment(context, asked, caller, requested);
      const userId = answeredId(context, ready, input.userId);
      const addMetadata = wanted && (await metadataAdder(context, ready, wanted));
      const filter = filterNamed(input, 'filterValues');
      using eligible = await eligibleBy(context, ready, caller, filter, { userId, itemId });
      const streamed = await streamedOf(context, ready, userId);
      const query = { userId, itemId, context: contextOf(ready, input), count, streamed };
      const list = askedList(context, ready, { query, eligible, exploring: exploringOf(context, ready, eligible) });
      const promoted = promotion && (await promotedItems(context, { ready, caller, promotion, query }, list));
      const answer = await list;
      noteAnswer(context, ready, answer);
      const recommended = recommendedList(keepers, ready, { answer, count, userId, eligible, promoted });
      return addMetadata ? { ...recommended, itemList: addMetadata(recommended.itemList) } : recommended;
    },
  };
}
