import type { Recipe } from '../../learn/recipes/recipe.ts';
import { getRecipe } from '../recipes/recipe.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';
import type { Campaign, CampaignConfig } from './campaign-kind.ts';

/** How the answers of a campaign are explored. */
export type ExplorationSource = {
  /** Which campaign of its ARN: one that was deleted and created again explores from the beginning. */
  readonly sequence: number;
  /** The dataset group whose records tell of items. */
  readonly datasetGroupArn: string;
  /** The chance of each place of a list to be explored, above 0. */
  readonly rate: number;
  /** How old an item may be, in seconds. */
  readonly itemAgeSeconds: number;
  /** Whether answers say which items exploration has brought. */
  readonly givesReasons: boolean;
};

const secondsPerDay = 86_400;

/** Undefined where answers are the model's own, or nothing is served. */
export async function explorationSourceOf(
  db: Queryable,
  { sequence, document: { deployment, solutionVersionArn, campaignConfig } }: Campaign,
): Promise<ExplorationSource | undefined> {
  const version = deployment && (await findResource(db, solutionVersionKind, solutionVersionArn));
  if (!version) return undefined;
  const { recipeArn, datasetGroupArn } = version.document;
  const settings = settingsOf(getRecipe(recipeArn), campaignConfig);
  return settings && settings.rate > 0 ? { sequence, datasetGroupArn, ...settings } : undefined;
}

/**
 * The square of the weight of all places is explored: at the service's default of 0.3 one in eleven, at 1 every one. What such a place then
 * shows is up to what is known of the items.
 */
function settingsOf(
  { exploration, managedExploration }: Recipe,
  { itemExplorationConfig = {} }: CampaignConfig = {},
): Omit<ExplorationSource, 'sequence' | 'datasetGroupArn'> | undefined {
  if (managedExploration) {
    const { rate, itemAgeDays } = managedExploration;
    return { rate, itemAgeSeconds: itemAgeDays * secondsPerDay, givesReasons: true };
  }
  if (!exploration) return undefined;
  const { explorationWeight, explorationItemAgeCutOff } = { ...exploration, ...itemExplorationConfig };
  return {
    rate: Number(explorationWeight) ** 2,
    itemAgeSeconds: Math.min(Number(explorationItemAgeCutOff) * secondsPerDay, Number.MAX_SAFE_INTEGER),
    givesReasons: false,
  };
}
