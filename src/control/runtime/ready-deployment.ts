import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { GroupKey } from '../../data/encryption/group-key.ts';
import type { RequestId } from '../../learn/recipes/recipe.ts';
import { type RuntimeOperation, recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { Deployment } from '../../serve/serving.ts';
import type { Context } from '../context.ts';
import type { DeploymentEntry } from '../deployments/deployment-cache.ts';
import type { Caller } from '../handler.ts';
import { titleFor, wordsFor } from '../resources/kind.ts';

/** What is known of a deployment that answers. */
export type ReadyDeployment = DeploymentEntry & {
  readonly deployment: Deployment;
  /** What the model is sealed with, if it is. */
  readonly sealing?: GroupKey | undefined;
};

type Requested = {
  readonly operation: RuntimeOperation;
  readonly ids: { readonly [Id in RequestId]?: string | undefined };
};

/**
 * The deployment that a request asks.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException if nothing is there to serve, the operation
 *   is not for the recipe, or an id that it needs is missing; KeyError if the key of the model cannot be used
 */
export async function readyDeployment(
  { answers: { deployments }, keys }: Pick<Context, 'answers' | 'keys'>,
  arn: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  { operation, ids }: Requested,
): Promise<ReadyDeployment> {
  const entry = await deployments.find(arn);
  if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
  const { kind, status } = entry;
  if (status !== 'ACTIVE' || !isServed(entry)) {
    throw invalidInput(`${titleFor(kind)} ${arn} is in status ${status}; it must be ACTIVE.`);
  }
  const { recipeType } = entry.deployment;
  const facts = recipeTypes[recipeType];
  if (facts.operation !== operation) {
    throw invalidInput(
      `${operation} does not apply to ${wordsFor(kind)} ${arn}, whose recipe is of type ${recipeType}.`,
    );
  }
  const { useCase, recipeName, keyId } = entry;
  const missing = (useCase ?? facts).requiredIds.find((id) => !ids[id]);
  if (missing) {
    const recipes = useCase ? `recipe ${recipeName}` : `recipes of type ${recipeType}`;
    throw invalidInput(`${missing} is required for ${recipes}.`);
  }
  return keyId === undefined || !keys ? entry : { ...entry, sealing: await keys.byId(keyId) };
}

/** The context that a request may have: that of most use cases counts for nothing (spec domains.md §2.3). */
export const contextOf = <Context>(
  { useCase }: Pick<ReadyDeployment, 'useCase'>,
  { context }: { readonly context?: Context },
): Context | undefined => (useCase === undefined || useCase.takesContext ? context : undefined);

const isServed = (entry: DeploymentEntry): entry is ReadyDeployment => entry.deployment !== undefined;
