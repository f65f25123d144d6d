import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { RecommendQuery } from '../../learn/model/model.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { exploringOf } from './exploring.ts';
import { type PredictedItem, predictedItems } from './predicted-item.ts';
import { promotedCount } from './promotions.ts';
import { type ReadyDeployment, readyDeployment } from './ready-deployment.ts';
import { recommendedList } from './recommended-list.ts';
import { noteAnswer, streamedOf } from './user-history.ts';

type Promotion = NonNullable<Input<'GetRecommendations'>['promotions']>[number];

export function recommendationHandlers(context: Context): HandlersOf<'GetRecommendations'> {
  const { answers, propensities, serving, settings } = context;
  const keepers = { impressions: context.records.impressions, propensities };

  /** The best items that are promoted, while the list itself is made. */
  async function promotedItems(
    { deployment, exploration }: ReadyDeployment,
    { name, percent }: CheckedPromotion,
    query: RecommendQuery,
    list: Promise<unknown>,
  ): Promise<PredictedItem[]> {
    const asked = serving.recommend(deployment, { ...query, count: promotedCount(percent, query.count) });
    const [ranked] = await Promise.all([asked, list]);
    const items = predictedItems(ranked, exploration?.givesReasons ? () => 'Promoted item' : undefined);
    return name === undefined ? items : items.map((item) => ({ ...item, promotionName: name }));
  }

  return {
    async GetRecommendations(input, caller) {
      const { campaignArn, userId, itemId } = input;
      refuseUnavailable({
        recommenderArn: input.recommenderArn !== undefined && campaignArn === undefined,
        ...filterFeatures(input),
        'promotions.filterArn': input.promotions?.[0]?.filterArn !== undefined,
      });
      if (campaignArn === undefined || input.recommenderArn !== undefined) {
        throw invalidInput('Exactly one of campaignArn and recommenderArn must be given.');
      }
      const count = countOf(input.numResults, settings.quotas.recommendationsPerRequest);
      const promotion = checkedPromotion(input.promotions);
      const requested = { operation: 'GetRecommendations', ids: { userId, itemId } } as const;
      const ready = await readyDeployment(answers.deployments, campaignArn, caller, requested);
      const query = {
        userId,
        itemId,
        context: input.context,
        count,
        streamed: await streamedOf(context, ready, userId),
      };
      const asked = serving.recommend(ready.deployment, query, exploringOf(context, ready));
      const promoted = promotion && (await promotedItems(ready, promotion, query, asked));
      const answer = await asked;
      noteAnswer(context, ready, answer);
      return recommendedList(keepers, ready, { answer, count, userId, promoted });
    },
  };
}

/** What this version does not have yet of filters and metadata. */
export const filterFeatures = ({ filterArn, metadataColumns = {} }: Partial<Input<'GetPersonalizedRanking'>>) => ({
  filterArn: filterArn !== undefined,
  metadataColumns: Object.keys(metadataColumns).length > 0,
});

const defaultResults = 25;

/** 0 is the service's way to say nothing (spec runtime.md §1). */
function countOf(numResults: number | undefined, most: number): number {
  if (!numResults) return Math.min(defaultResults, most);
  if (numResults > most) throw invalidInput(`numResults must be less than or equal to ${most}.`);
  return numResults;
}

type CheckedPromotion = Omit<Promotion, 'percentPromotedItems'> & { readonly percent: number };

/** The contract lets a request have one at most. */
function checkedPromotion([promotion]: readonly Promotion[] = []): CheckedPromotion | undefined {
  if (!promotion) return undefined;
  const { percentPromotedItems: percent, ...others } = promotion;
  if (percent === undefined) throw invalidInput('promotions.percentPromotedItems is required.');
  return { ...others, percent };
}
