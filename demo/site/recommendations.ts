import {
  GetActionRecommendationsCommand,
  type GetActionRecommendationsCommandInput,
  GetRecommendationsCommand,
  type GetRecommendationsCommandInput,
} from '@aws-sdk/client-personalize-runtime';
import { percentPromoted } from '../plan.ts';
import type { Service } from '../set-up/service.ts';
import type { Demo } from '../set-up/set-up.ts';
import type { ActionAnswer, Call, RowAnswer, RowQuestion, Visitor } from './messages.ts';

const itemsARow = 12;
/** More than any price or length. */
const anyMeasure = 100_000;

/** A visitor without a name is asked for by the session: the events of that session are the history. */
export const userOf = ({ userId, sessionId }: Visitor) => userId ?? sessionId;

/** Answers one row of a page. */
export async function askRow({ runtime }: Service, demo: Demo, question: RowQuestion): Promise<RowAnswer> {
  const input = rowInput(demo, question);
  const started = performance.now();
  const { itemList = [], recommendationId } = await runtime.send(new GetRecommendationsCommand(input));
  const milliseconds = performance.now() - started;
  const items = itemList.flatMap(({ itemId, promotionName }) =>
    itemId === undefined ? [] : [{ id: itemId, isPromoted: promotionName !== undefined }],
  );
  const promoted = items.filter(({ isPromoted }) => isPromoted).length;
  const answer = `${items.length} items${promoted > 0 ? `, ${promoted} promoted` : ''}`;
  return { items, recommendationId, calls: [{ operation: 'GetRecommendations', input, milliseconds, answer }] };
}

function rowInput({ plan, resources }: Demo, question: RowQuestion): GetRecommendationsCommandInput {
  const { row: key, itemId, category, most = anyMeasure } = question;
  const { filters } = resources;
  const filterValues = {
    MOST: String(most),
    ...(category === undefined ? {} : { CATEGORY: JSON.stringify(category) }),
  };
  const row = plan.rows.find((each) => each.key === key);
  const promotion = {
    name: 'demo',
    percentPromotedItems: percentPromoted,
    filterArn: filters[category === undefined ? 'promoted' : 'promoted-category'],
    filterValues,
  };
  return {
    recommenderArn: resources.recommenders.get(key),
    userId: userOf(question),
    ...(itemId === undefined ? {} : { itemId }),
    numResults: itemsARow,
    filterArn: filters[category === undefined ? 'all' : 'category'],
    filterValues,
    ...(row?.isPromoted ? { promotions: [promotion] } : {}),
  };
}

/** What to ask the visitor to do next; nothing where a demo has no actions. */
export async function askActions({ runtime }: Service, { resources }: Demo, visitor: Visitor): Promise<ActionAnswer> {
  if (resources.actions === undefined) return { actions: [], calls: [] };
  const { campaignArn } = resources.actions;
  const input: GetActionRecommendationsCommandInput = { campaignArn, userId: userOf(visitor), numResults: 3 };
  const started = performance.now();
  const { actionList = [], recommendationId } = await runtime.send(new GetActionRecommendationsCommand(input));
  const milliseconds = performance.now() - started;
  const actions = actionList.flatMap(({ actionId, score }) =>
    actionId === undefined ? [] : [{ id: actionId, score }],
  );
  const answer = actions.map(({ id, score = 0 }) => `${id} ${score.toFixed(2)}`).join(', ') || 'nothing to ask';
  const call: Call = { operation: 'GetActionRecommendations', input, milliseconds, answer };
  return { actions, recommendationId, calls: [call] };
}
