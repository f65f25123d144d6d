import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { addressOf, unrememberedId } from '../../data/records/impressions.ts';
import type { ExplainQuery } from '../../learn/model/explanation.ts';
import type { Trend } from '../../learn/model/model.ts';
import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { CandidateExploration } from '../../serve/exploration/explorer.ts';
import type { ClauseCount } from '../../serve/filters/clause-count.ts';
import type { Context } from '../context.ts';
import { askedList } from './asked-list.ts';
import { exploringOf } from './exploring.ts';
import { promotedItems, promotionOf } from './promoted-items.ts';
import { contextOf, type ReadyDeployment } from './ready-deployment.ts';
import { type ListKeepers, recommendedList } from './recommended-list.ts';
import { type CountedClauses, clausesOf, eligibleBy, type FilterWish, filterNamed } from './request-eligibility.ts';
import { streamedOf } from './user-history.ts';

type Request = Input<'Explain'>;

/** A filter of the request, and what each of its clauses does. */
export type CountedFilter = { readonly arn: string; readonly clauses: readonly ClauseCount[] };

/** An item of a list, and who put it there. */
export type AnsweredItem = {
  readonly id: string;
  readonly origin: 'model' | 'exploration' | 'promotion' | 'trend';
  /** Of one that is there because it trends. */
  readonly trend?: Trend | undefined;
  /** Where a live view compares texts: which number it is among the most similar, from 1. */
  readonly textRank?: number | undefined;
};

/** A list as the user would get it, and what it takes to ask why it is as it is; disposed of once that is answered. */
export type AnsweredList = Disposable & {
  readonly items: readonly AnsweredItem[];
  /** What the list and the promotion might have had. */
  readonly query: Pick<ExplainQuery, 'streamed' | 'eligible' | 'isRanking'>;
  readonly promotedQuery: Pick<ExplainQuery, 'streamed' | 'eligible'>;
  readonly exploring?: CandidateExploration | undefined;
  readonly filter?: CountedFilter | undefined;
  /** What the use case leaves out of the list by itself. */
  readonly automaticFilter?: CountedClauses['automatic'];
  readonly promotionFilter?: CountedFilter | undefined;
  readonly hasPromotion: boolean;
  /** Items to rank that the filter drops. */
  readonly dropped: readonly string[];
};

/** Nobody is shown the list: it is no impression, and no choice of exploration is written down. */
const nowhere: ListKeepers = {
  impressions: {
    remember(list) {
      const id = unrememberedId();
      if (typeof list === 'function') list(addressOf(id));
      return id;
    },
    unremembered: unrememberedId,
  },
};

/** The list of a recommendation, as GetRecommendations makes it. @throws ServiceError as it does */
export async function listToExplain(
  context: Context,
  ready: ReadyDeployment,
  input: Request,
  count: number,
): Promise<AnsweredList> {
  const { userId, itemId } = input;
  const streamed = await streamedOf(context, ready, userId);
  const own = filterNamed(input, 'filterValues');
  const { eligible, filter, automaticFilter } = await filtered(context, ready, input, own);
  const query = { userId, itemId, context: contextOf(ready, input), count, streamed };
  const exploring = exploringOf(context, ready, eligible);
  const asked = askedList(context, ready, { query, eligible, exploring });
  const promotion = promotionOf(input);
  const promoted = promotion && (await promotedItems(context, { ready, caller: ready, promotion, query }, asked));
  const answer = await asked;
  const { itemList } = recommendedList(nowhere, ready, { answer, count, userId, eligible, promoted });
  const ofPromotion = promotion && filterNamed(promotion, 'promotions.filterValues');
  const chosenFrom = promotion ? await filtered(context, ready, input, ofPromotion) : {};
  const explored = new Set(answer.explored?.map((position) => answer.items[position]));
  const trends = new Map(answer.trends?.map((trend, position) => [answer.items[position], trend]));
  const textRanks = new Map(answer.textRanks?.map((rank, position) => [answer.items[position], rank]));
  const itemOf = (id: string): AnsweredItem => {
    if (promoted?.some(({ itemId: other }) => other === id)) return { id, origin: 'promotion' };
    const trend = trends.get(id);
    if (trend) return { id, origin: 'trend', trend };
    return { id, origin: explored.has(id) ? 'exploration' : 'model', textRank: textRanks.get(id) };
  };
  return {
    items: itemList.map(({ itemId }) => itemOf(itemId)),
    query: { streamed, eligible: eligible?.items },
    promotedQuery: { streamed, eligible: chosenFrom.eligible?.items },
    exploring,
    filter,
    automaticFilter,
    promotionFilter: chosenFrom.filter,
    hasPromotion: promotion !== undefined,
    dropped: [],
    [Symbol.dispose]() {
      eligible?.[Symbol.dispose]();
      chosenFrom.eligible?.[Symbol.dispose]();
    },
  };
}

/** Items in order, as GetPersonalizedRanking puts them. @throws ServiceError as it does */
export async function rankingToExplain(
  context: Context,
  ready: ReadyDeployment,
  input: Request & { readonly inputList: readonly string[] },
): Promise<AnsweredList> {
  if (input.promotions?.length) throw invalidInput('promotions are for campaigns that recommend.');
  const { userId, inputList } = input;
  const given = [...new Set(inputList)];
  const streamed = await streamedOf(context, ready, userId);
  const { eligible, filter } = await filtered(context, ready, input, filterNamed(input, 'filterValues'));
  const items = eligible ? given.filter((id) => eligible.allows(id)) : given;
  const query = { userId, streamed, items, context: input.context };
  const ranked = items.length === 0 ? [] : (await context.serving.rank(ready.deployment, query)).items;
  return {
    items: ranked.map((id) => ({ id, origin: 'model' })),
    query: { streamed, isRanking: true },
    promotedQuery: {},
    filter,
    hasPromotion: false,
    dropped: given.filter((id) => !items.includes(id)),
    [Symbol.dispose]: () => eligible?.[Symbol.dispose](),
  };
}

type Filtered = {
  readonly eligible?: (Eligible & Disposable) | undefined;
  readonly filter?: CountedFilter | undefined;
  readonly automaticFilter?: CountedClauses['automatic'];
};

async function filtered(
  context: Context,
  ready: ReadyDeployment,
  ids: Request,
  wish: FilterWish | undefined,
): Promise<Filtered> {
  const eligible = await eligibleBy(context, ready, ready, wish, ids);
  const { named, automatic } = await clausesOf(context, ready, ready, wish, ids);
  return { eligible, filter: wish && { arn: wish.arn, clauses: named }, automaticFilter: automatic };
}
