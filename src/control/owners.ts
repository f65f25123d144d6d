import { type DeploymentOwnerKind, DeploymentOwners } from './deployments/deployment-owner.ts';
import { type ModelOwnerKind, ModelOwners } from './models/model-owner.ts';

/**
 * Who owns models and deployments. What is done with either knows the ARN of its owner and asks the owner's kind: a
 * resource may own a model, a deployment, or both.
 */
export type Owners = { readonly models: ModelOwners; readonly deployments: DeploymentOwners };

/** What a family says of the kinds of its that own models or deployments. */
export type OwnerKinds = {
  readonly modelOwners?: readonly ModelOwnerKind[];
  readonly deploymentOwners?: readonly DeploymentOwnerKind[];
};

export const ownersAmong = (families: readonly OwnerKinds[]): Owners => ({
  models: new ModelOwners(families.flatMap(({ modelOwners = [] }) => modelOwners)),
  deployments: new DeploymentOwners(families.flatMap(({ deploymentOwners = [] }) => deploymentOwners)),
});
