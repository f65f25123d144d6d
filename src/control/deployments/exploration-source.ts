import type { Recipe } from '../../learn/recipes/recipe.ts';
import type { Owners } from '../owners.ts';
import type { Queryable } from '../resources/resource-store.ts';
import type { ItemExplorationConfig, OwnedDeployment } from './deployment-owner.ts';

/** How the answers of a deployment are explored. */
export type ExplorationSource = {
  /** Which owner of its ARN: one that was deleted and created again explores from the beginning. */
  readonly sequence: number;
  /** The dataset group whose records say what items there are. */
  readonly datasetGroupArn: string;
  /** The chance of each position of a list to be explored, above 0. */
  readonly rate: number;
  /** How old an item may be, in seconds. */
  readonly itemAgeSeconds: number;
  /** Whether answers say which items exploration has brought. */
  readonly givesReasons: boolean;
};

const secondsPerDay = 86_400;

/** Undefined where answers are the model's own, or nothing is served. */
export async function explorationSourceOf(
  owners: Owners,
  db: Queryable,
  { owner: { sequence, document }, modelOwnerArn, exploration }: OwnedDeployment,
): Promise<ExplorationSource | undefined> {
  const { plan } = (document.deployment && (await owners.models.find(db, modelOwnerArn))) ?? {};
  const settings = plan && explorationSettings(plan.recipe, exploration);
  if (!settings || settings.rate <= 0) return undefined;
  return { sequence, datasetGroupArn: plan.datasetGroupArn, ...settings };
}

/**
 * How a recipe explores; undefined where it does not. What a deployment says of it, in `config`, goes before defaults.
 *
 * The square of the weight of all positions is explored: at the service's default of 0.3 one in eleven, at 1 every one.
 * What such a position then shows is up to what is known of the items.
 */
export function explorationSettings(
  { exploration, managedExploration }: Recipe,
  config: ItemExplorationConfig = {},
): Omit<ExplorationSource, 'sequence' | 'datasetGroupArn'> | undefined {
  if (managedExploration) {
    const { rate, itemAgeDays } = managedExploration;
    return { rate, itemAgeSeconds: itemAgeDays * secondsPerDay, givesReasons: true };
  }
  if (!exploration) return undefined;
  const { explorationWeight, explorationItemAgeCutOff } = { ...exploration, ...config };
  return {
    rate: Number(explorationWeight) ** 2,
    itemAgeSeconds: Math.min(Number(explorationItemAgeCutOff) * secondsPerDay, Number.MAX_SAFE_INTEGER),
    givesReasons: false,
  };
}
