import { solutionOfLatest } from '../../contract/arn.ts';
import { invalidInput, resourceInUse } from '../../contract/errors.ts';
import { servedType } from '../../learn/recipes/recipe-types.ts';
import type { Caller } from '../handler.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { getActive } from '../resources/checks.ts';
import { getResource, type Queryable } from '../resources/resource-store.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { latestTrainedVersion, type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import type { CampaignConfig } from './campaign-kind.ts';
import { completeSettings } from './deployment-settings.ts';

/**
 * The version that a campaign is to serve: one of a recipe whose models answer requests.
 *
 * @throws ServiceError as `versionNamed` does, InvalidInputException for a recipe that only batch jobs ask
 */
export async function versionToServe(
  db: Queryable,
  arn: string,
  follows: boolean,
  caller: Caller,
): Promise<SolutionVersion> {
  const version = await versionNamed(db, arn, follows, caller);
  const recipe = getRecipe(version.document.recipeArn);
  if (servedType(recipe)) return version;
  throw invalidInput(
    `A campaign cannot serve recipe ${recipe.name} of type ${recipe.recipeType}. Use CreateBatchSegmentJob instead.`,
  );
}

/**
 * The version that an ARN stands for; for `<solution ARN>/$LATEST`, which goes with `follows`, the newest ACTIVE
 * one.
 *
 * @throws ServiceError ResourceNotFoundException, ResourceInUseException if there is none ready, InvalidInputException
 *   if `$LATEST` and `follows` do not agree.
 */
async function versionNamed(db: Queryable, arn: string, follows: boolean, caller: Caller): Promise<SolutionVersion> {
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

/** Fills in the defaults of the recipe that the version was trained with. @throws ServiceError as `completeSettings` */
export const completeConfig = (config: CampaignConfig = {}, version: SolutionVersion): CampaignConfig =>
  completeSettings(config, getRecipe(version.document.recipeArn));

/**
 * What an update that names no settings keeps of the campaign's: not those that the recipe of the new version does not
 * have.
 */
export function keptConfig(config: CampaignConfig = {}, version: SolutionVersion): CampaignConfig {
  const { itemExplorationConfig, rankingInfluence, ...others } = config;
  const { exploration, supportsRankingInfluence } = getRecipe(version.document.recipeArn);
  return {
    ...others,
    ...(exploration && { itemExplorationConfig }),
    ...(supportsRankingInfluence && { rankingInfluence }),
  };
}
