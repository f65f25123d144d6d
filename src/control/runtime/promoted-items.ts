import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { RecommendQuery } from '../../learn/model/model.ts';
import { toppedUp } from '../../serve/answers/topped-up.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../handler.ts';
import { askedList } from './asked-list.ts';
import { type PredictedItem, predictedItems } from './predicted-item.ts';
import { promotedCount } from './promotions.ts';
import type { ReadyDeployment } from './ready-deployment.ts';
import { eligibleBy, filterNamed } from './request-eligibility.ts';

type Promotion = NonNullable<Input<'GetRecommendations'>['promotions']>[number];

/** A promotion that says how many items it is for. */
export type SizedPromotion = Promotion & { readonly percentPromotedItems: number };

/**
 * The promotion of a request: the contract lets it have one at most.
 *
 * @throws ServiceError InvalidInputException for one that does not say how many items it is for
 */
export function promotionOf({
  promotions = [],
}: Pick<Input<'GetRecommendations'>, 'promotions'>): SizedPromotion | undefined {
  const [promotion] = promotions;
  if (promotion && !isSized(promotion)) throw invalidInput('promotions.percentPromotedItems is required.');
  return promotion;
}

const isSized = (promotion: Promotion): promotion is SizedPromotion => promotion.percentPromotedItems !== undefined;

type PromotionRequest = {
  readonly ready: ReadyDeployment;
  readonly caller: Pick<Caller, 'account' | 'region'>;
  readonly promotion: SizedPromotion;
  /** That of the list. */
  readonly query: RecommendQuery;
};

/**
 * The items that are promoted: the best for the user, or beside the item, of the query, marked as the API has it.
 *
 * @param list the list itself, which is made meanwhile; should it fail, so does this
 * @throws ServiceError as `eligibleBy` does
 */
export async function promotedItems(
  context: Pick<Context, 'answers' | 'records' | 'serving'>,
  { ready, caller, promotion, query }: PromotionRequest,
  list: Promise<unknown>,
): Promise<PredictedItem[]> {
  const { name, percentPromotedItems } = promotion;
  const givesReasons = ready.exploration?.givesReasons === true;
  const ask = async () => {
    const filter = filterNamed(promotion, 'promotions.filterValues');
    using eligible = await eligibleBy(context, ready, caller, filter, query);
    const count = promotedCount(percentPromotedItems, query.count);
    const answer = await askedList(context, ready, { query: { ...query, count }, eligible });
    // What a promotion is for is often too new for the model.
    return givesReasons ? toppedUp({ answer, count, eligible }) : answer;
  };
  const asked = ask();
  // Neither ends before the other: the mask of the list is used for other requests from then on.
  await Promise.allSettled([asked, list]);
  const [ranked] = await Promise.all([asked, list]);
  const items = predictedItems(ranked, ready.useCase !== undefined, givesReasons ? () => 'Promoted item' : undefined);
  return name === undefined ? items : items.map((item) => ({ ...item, promotionName: name }));
}
