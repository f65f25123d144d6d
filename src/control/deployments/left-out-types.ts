import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import type { OwnedDeployment } from './deployment-owner.ts';

type LeftOutParts = Pick<ControlParts, 'database'> & { readonly owners: Owners };

/** By dataset group, the event types in lower case by which use cases leave items out of answers. */
export type LeftOutTypes = ReadonlyMap<string, ReadonlySet<string>>;

/** Those of the deployments that answer now. */
export async function leftOutTypes(parts: LeftOutParts): Promise<LeftOutTypes> {
  return leftOutBy(await deploymentPlans(parts, 'recommenders'));
}

/** A deployment, with the dataset group that it answers from and what its use case leaves out. */
export type DeploymentPlan = Pick<OwnedDeployment, 'owner'> & {
  readonly datasetGroupArn: string;
  readonly leavesOut: string | undefined;
};

/**
 * Those of the deployments that answer now.
 *
 * @param which only recommenders have use cases, and they serve models of their own
 */
export async function deploymentPlans(
  { database, owners }: LeftOutParts,
  which: 'all' | 'recommenders',
): Promise<DeploymentPlan[]> {
  const plans: DeploymentPlan[] = [];
  for (const { owner, modelOwnerArn } of await owners.deployments.all(database)) {
    if (which === 'recommenders' && modelOwnerArn !== owner.arn) continue;
    const { plan } = (await owners.models.find(database, modelOwnerArn)) ?? {};
    if (!plan) continue;
    const { datasetGroupArn, recipe } = plan;
    plans.push({ owner, datasetGroupArn, leavesOut: recipe.useCase?.leavesOut });
  }
  return plans;
}

export function leftOutBy(plans: readonly DeploymentPlan[]): LeftOutTypes {
  const types = new Map<string, Set<string>>();
  for (const { datasetGroupArn, leavesOut } of plans) {
    if (leavesOut === undefined) continue;
    const known = types.get(datasetGroupArn) ?? new Set();
    types.set(datasetGroupArn, known.add(leavesOut.toLowerCase()));
  }
  return types;
}
