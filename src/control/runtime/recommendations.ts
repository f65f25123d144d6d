import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { askedList } from './asked-list.ts';
import { exploringOf } from './exploring.ts';
import { metadataAdder } from './item-metadata.ts';
import { wantedColumns } from './metadata.ts';
import { promotedItems, promotionOf } from './promoted-items.ts';
import { readyDeployment } from './ready-deployment.ts';
import { recommendedList } from './recommended-list.ts';
import { eligibleBy, filterNamed } from './request-eligibility.ts';
import { resultCount } from './request-limits.ts';
import { noteAnswer, streamedOf } from './user-history.ts';

export function recommendationHandlers(context: Context): HandlersOf<'GetRecommendations'> {
  const { propensities, settings } = context;
  const keepers = { impressions: context.records.impressions, propensities };

  return {
    async GetRecommendations(input, caller) {
      const { userId, itemId } = input;
      const campaignArn = campaignOf(input);
      const wanted = wantedColumns(input.metadataColumns, settings.quotas.metadataColumnsPerRequest);
      const count = resultCount(input.numResults, settings.quotas, wanted !== undefined);
      const promotion = promotionOf(input);
      const requested = { operation: 'GetRecommendations', ids: { userId, itemId } } as const;
      const ready = await readyDeployment(context, campaignArn, caller, requested);
      const addMetadata = wanted && (await metadataAdder(context, ready, wanted));
      const filter = filterNamed(input, 'filterValues');
      using eligible = filter && (await eligibleBy(context, ready, caller, filter, requested.ids));
      const streamed = await streamedOf(context, ready, userId);
      const query = { userId, itemId, context: input.context, count, streamed };
      const asked = askedList(context, ready, { query, eligible, exploring: exploringOf(context, ready, eligible) });
      const promoted = promotion && (await promotedItems(context, { ready, caller, promotion, query }, asked));
      const answer = await asked;
      noteAnswer(context, ready, answer);
      const list = recommendedList(keepers, ready, { answer, count, userId, eligible, promoted });
      return addMetadata ? { ...list, itemList: addMetadata(list.itemList) } : list;
    },
  };
}

function campaignOf({ campaignArn, recommenderArn }: Input<'GetRecommendations'>): string {
  refuseUnavailable({ recommenderArn: recommenderArn !== undefined && campaignArn === undefined });
  if (campaignArn !== undefined && recommenderArn === undefined) return campaignArn;
  throw invalidInput('Exactly one of campaignArn and recommenderArn must be given.');
}
