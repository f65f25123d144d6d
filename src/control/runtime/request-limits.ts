import { invalidInput } from '../../contract/errors.ts';
import type { Quotas } from '../settings.ts';

const defaultResults = 25;

/**
 * How many items an answer has at most.
 *
 * @throws ServiceError InvalidInputException for more than there may be
 */
export function resultCount(numResults: number | undefined, quotas: Quotas, wantsMetadata: boolean): number {
  const most = wantsMetadata ? quotas.recommendationsWithMetadata : quotas.recommendationsPerRequest;
  // 0 is the service's way to say nothing (spec runtime.md §1).
  if (!numResults) return Math.min(defaultResults, most);
  if (numResults <= most) return numResults;
  throw invalidInput(`numResults must be less than or equal to ${most}${withMetadata(wantsMetadata)}.`);
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
