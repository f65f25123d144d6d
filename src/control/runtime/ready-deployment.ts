import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import { type RecipeTypeFacts, type RequestId, recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { Deployment } from '../../serve/serving.ts';
import type { DeploymentEntry } from '../deployments/deployment-cache.ts';
import type { Caller } from '../handler.ts';
import { titleFor, wordsFor } from '../resources/kind.ts';
import type { ResourceCache } from '../resources/resource-cache.ts';

/** What is known of a deployment that answers. */
export type ReadyDeployment = DeploymentEntry & { readonly deployment: Deployment };

type Requested = {
  readonly operation: RecipeTypeFacts['operation'];
  readonly ids: { readonly [Id in RequestId]?: string | undefined };
};

/**
 * The deployment that a request asks.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException if nothing is there to serve, the operation
 *   is not for the recipe, or an id that it needs is missing
 */
export async function readyDeployment(
  deployments: ResourceCache<DeploymentEntry>,
  arn: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  { operation, ids }: Requested,
): Promise<ReadyDeployment> {
  const entry = await deployments.find(arn);
  if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
  const { kind, status } = entry;
  if (status !== 'ACTIVE' || !answers(entry)) {
    throw invalidInput(`${titleFor(kind)} ${arn} is in status ${status}; it must be ACTIVE.`);
  }
  const { recipeType } = entry.deployment;
  const facts = recipeTypes[recipeType];
  if (facts.operation !== operation) {
    throw invalidInput(
      `${operation} does not apply to ${wordsFor(kind)} ${arn}, whose recipe is of type ${recipeType}.`,
    );
  }
  const missing = facts.requiredIds.find((id) => !ids[id]);
  if (missing) throw invalidInput(`${missing} is required for recipes of type ${recipeType}.`);
  return entry;
}

const answers = (entry: DeploymentEntry): entry is ReadyDeployment => entry.deployment !== undefined;
