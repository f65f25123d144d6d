import { builtInName, solutionOfLatest } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { isDecimal } from '../../util/decimal.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Caller } from '../handler.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { getActive } from '../resources/checks.ts';
import { getResource, type Queryable } from '../resources/resource-store.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { latestTrainedVersion, type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import type { CampaignConfig } from './campaign-kind.ts';

/** @throws ServiceError InvalidInputException if the settings ask for what this version does not have. */
export function refuseUnavailableCampaign(config: CampaignConfig = {}): void {
  refuseUnavailable({
    enableMetadataWithRecommendations: config.enableMetadataWithRecommendations === true,
    rankingInfluence: Object.keys(config.rankingInfluence ?? {}).length > 0,
  });
}

/**
 * The version that a campaign is to serve; for `<solution ARN>/$LATEST`, which goes with `follows`, the newest ACTIVE
 * one.
 *
 * @throws ServiceError ResourceNotFoundException, ResourceInUseException if there is none ready, InvalidInputException
 *   if `$LATEST` and `follows` do not agree.
 */
export async function versionToServe(
  db: Queryable,
  arn: string,
  follows: boolean,
  caller: Caller,
): Promise<SolutionVersion> {
  const solutionArn = solutionOfLatest(arn);
  if (solutionArn === undefined) {
    if (follows) {
      throw invalidInput('syncWithLatestSolutionVersion needs a solutionVersionArn of the form SolutionArn/$LATEST.');
    }
    return await getActive(db, solutionVersionKind, arn, caller);
  }
  if (!follows) throw invalidInput('$LATEST needs syncWithLatestSolutionVersion to be true.');
  const solution = await getResource(db, solutionKind, solutionArn, caller);
  const latest = await latestTrainedVersion(db, solution);
  if (!latest) throw resourceInUse(`Solution ${solutionArn} has no solution version in status ACTIVE.`);
  return latest;
}

/**
 * Fills in the defaults of the recipe that the version was trained with.
 *
 * @throws ServiceError InvalidInputException for exploration settings that are wrong or that the recipe does not have.
 */
export function completeConfig(config: CampaignConfig = {}, version: SolutionVersion): CampaignConfig {
  const { itemExplorationConfig: given = {} } = config;
  const defaults = explorationOf(version);
  if (!defaults) {
    if (Object.keys(given).length > 0) {
      const recipe = builtInName(version.document.recipeArn, 'recipe');
      throw invalidInput(`itemExplorationConfig does not apply to the recipe ${recipe}.`);
    }
    return config;
  }
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(defaults, key));
  if (unknown !== undefined) throw invalidInput(`${unknown} is not a member of itemExplorationConfig.`);
  checkNumber('explorationWeight', given.explorationWeight, 0, 1);
  checkNumber('explorationItemAgeCutOff', given.explorationItemAgeCutOff, 1, Number.MAX_VALUE);
  return { ...config, itemExplorationConfig: { ...defaults, ...given } };
}

/**
 * What an update that names no settings keeps of the campaign's: not those that the recipe of the new version does not
 * have.
 */
export function keptConfig(config: CampaignConfig = {}, version: SolutionVersion): CampaignConfig {
  const { itemExplorationConfig, ...others } = config;
  return explorationOf(version) ? config : others;
}

/** What a campaign may say of the exploration of new items. */
const explorationOf = ({ document }: SolutionVersion) => getRecipe(document.recipeArn).exploration;

function checkNumber(name: string, text: string | undefined, min: number, max: number): void {
  if (text === undefined) return;
  const value = Number(text);
  if (isDecimal(text) && value >= min && value <= max) return;
  const range = max === Number.MAX_VALUE ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
  throw invalidInput(`${name} ${text} is invalid; it must be ${range}.`);
}
