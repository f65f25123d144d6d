import { addressOf, type Impressions } from '../../data/records/impressions.ts';
import { reasonsOf } from '../../serve/answers/reasons.ts';
import { toppedUp } from '../../serve/answers/topped-up.ts';
import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { ExploredRanking } from '../../serve/exploration/explorer.ts';
import type { PropensityLog } from '../../serve/exploration/propensity-log.ts';
import { type PredictedItem, predictedItems } from './predicted-item.ts';
import { choicesBeside, withPromoted } from './promotions.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

/** Who keeps what exploration has to know of a list. */
export type ListKeepers = {
  readonly impressions: Pick<Impressions, 'remember' | 'unremembered'>;
  readonly propensities?: Pick<PropensityLog, 'add'> | undefined;
};

/** What an answer of GetRecommendations is made of. */
export type ListParts = {
  /** The model's list, with what exploration put into it. */
  readonly answer: ExploredRanking;
  /** How many items are wanted. */
  readonly count: number;
  readonly userId?: string | undefined;
  /** What the list may have; undefined where no filter says so. */
  readonly eligible?: Pick<Eligible, 'others'> | undefined;
  /** Promoted items, best first; undefined where the request has no promotion. */
  readonly promoted?: readonly PredictedItem[] | undefined;
};

/** Items in the order in which they are shown, and the id by which events say so. */
export type RecommendedList = { readonly itemList: PredictedItem[]; readonly recommendationId: string };

/** Puts promoted items among the others, marks the items, and keeps what exploration has to know of the list. */
export function recommendedList(
  keepers: ListKeepers,
  ready: Pick<ReadyDeployment, 'deployment' | 'exploration' | 'sealing' | 'useCase'>,
  parts: ListParts,
): RecommendedList {
  const { promoted, count } = parts;
  const givesReasons = ready.exploration?.givesReasons === true;
  const answer = givesReasons ? toppedUp(parts) : parts.answer;
  const hidesScores = ready.useCase !== undefined;
  let itemList = predictedItems(
    answer,
    hidesScores,
    givesReasons ? reasonsOf(answer, parts.eligible !== undefined) : undefined,
  );
  const arranged = promoted
    ? (address: string) => {
        itemList = withPromoted(promoted, itemList, { count, address });
        return itemList.map(({ itemId }) => itemId);
      }
    : answer.items;
  const recommendationId = idOf(keepers, ready, arranged);
  const list = { itemList, recommendationId };
  noteChoices(keepers, ready, parts, list);
  return list;
}

/** Lists are remembered where it helps to explore that events say what was shown. */
function idOf(
  { impressions }: ListKeepers,
  { deployment: { ownerArn }, exploration, sealing }: Pick<ReadyDeployment, 'deployment' | 'exploration' | 'sealing'>,
  list: Parameters<Impressions['remember']>[0],
): string {
  if (exploration) return impressions.remember(list, ownerArn, sealing);
  const id = impressions.unremembered(ownerArn);
  if (typeof list === 'function') list(addressOf(id));
  return id;
}

/** Writes down what exploration chose, and how likely that was: not of an encrypted dataset group. */
function noteChoices(
  { propensities }: ListKeepers,
  { deployment: { ownerArn }, exploration, sealing }: Pick<ReadyDeployment, 'deployment' | 'exploration' | 'sealing'>,
  { answer, userId = '', promoted }: ListParts,
  { itemList, recommendationId }: RecommendedList,
): void {
  if (!propensities || !exploration || sealing) return;
  const { choices = [], history } = answer;
  propensities.add({
    recommendationId,
    ownerArn,
    userId: history?.userId ?? userId,
    rate: exploration.rate,
    choices: promoted ? choicesBeside(promoted, choices, itemList) : choices,
  });
}
