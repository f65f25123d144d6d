import { invalidInput } from '../../contract/errors.ts';
import type { Quotas } from '../settings.ts';

const defaultResults = 25;
const defaultActions = 5;

/**
 * How many items an answer has at most.
 *
 * @throws ServiceError InvalidInputException for more than there may be
 */
export function resultCount(numResults: number | undefined, quotas: Quotas, wantsMetadata: boolean): number {
  const most = wantsMetadata ? quotas.recommendationsWithMetadata : quotas.recommendationsPerRequest;
  return countUpTo(most, numResults, defaultResults, withMetadata(wantsMetadata));
}

/**
 * How many actions an answer has at most.
 *
 * @throws ServiceError InvalidInputException for more than there may be
 */
export const actionCount = (numResults: number | undefined, quotas: Quotas): number =>
  countUpTo(quotas.actionsPerRequest, numResults, defaultActions);

function countUpTo(most: number, wanted: number | undefined, unlessGiven: number, where = ''): number {
  // 0 is the service's way to say nothing (spec runtime.md §1).
  if (!wanted) return Math.min(unlessGiven, most);
  if (wanted <= most) return wanted;
  throw invalidInput(`numResults must be less than or equal to ${most}${where}.`);
}

/**
 * The items that are to be ranked, each once.
 *
 * @throws ServiceError InvalidInputException for none, or more than there may be
 */
export function itemsToRank(inputList: readonly string[], quotas: Quotas, wantsMetadata: boolean): readonly string[] {
  const most = wantsMetadata ? quotas.itemsPerRankingWithMetadata : quotas.itemsPerRanking;
  if (inputList.length === 0) throw invalidInput('inputList must name at least one item.');
  if (inputList.length <= most) return [...new Set(inputList)];
  throw invalidInput(`inputList must name no more than ${most} items${withMetadata(wantsMetadata)}.`);
}

const withMetadata = (wantsMetadata: boolean) => (wantsMetadata ? ' where metadataColumns is given' : '');
