import type { ViewKey } from '../../data/views/view.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Filter, filterKind } from '../filters/filter-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { allResources, findResource } from '../resources/resource-store.ts';
import type { DeploymentOwner } from './deployment-owner.ts';
import { type DeploymentPlan, deploymentPlans, leftOutBy } from './left-out-types.ts';

type ExpectedGroupsParts = Pick<ControlParts, 'database' | 'clock'> & { readonly owners: Owners };

/** Those to which a filter or a deployment has come last, as each takes memory. */
const mostGroups = 8;
/** Where no request has come by then, none is expected any more. */
const expectedForMs = 30 * 60_000;

/** A dataset group for which requests with filters are expected. */
export type ExpectedGroup = {
  readonly key: ViewKey;
  /** Its ACTIVE filters. */
  readonly filters: readonly Filter[];
  /** Event types by which its deployments leave items out, in lower case. Without filters at least one. */
  readonly leftOut: ReadonlySet<string>;
  /** Prefix of a model that answers from it. */
  readonly model: string;
};

/**
 * The dataset groups for which requests with filters are expected, so that what these need is read ahead of them:
 * groups with an ACTIVE filter and a deployment, or a deployment that filters by itself, for half an hour since the
 * server has started or one of the two has come.
 */
export class ExpectedGroups {
  readonly #parts: ExpectedGroupsParts;
  /** When a filter or a deployment was first seen, by the sequence of the filter or of the deployment's owner. */
  #seen: ReadonlyMap<number, number> = new Map();

  constructor(parts: ExpectedGroupsParts) {
    this.#parts = parts;
  }

  async now(): Promise<ExpectedGroup[]> {
    const { database, clock, owners } = this.#parts;
    const filters = (await allResources(database, [filterKind])).filter(({ status }) => status === 'ACTIVE');
    const deployments = await deploymentPlans({ database, owners }, filters.length > 0 ? 'all' : 'recommenders');
    const leftOut = leftOutBy(deployments);
    const present = [...filters, ...deployments.map(({ owner }) => owner)];
    const now = clock.now();
    this.#seen = new Map(present.map(({ sequence }) => [sequence, this.#seen.get(sequence) ?? now]));
    const since = now - expectedForMs;
    if (![...this.#seen.values()].some((seenAt) => seenAt > since)) return [];

    const groups: (ExpectedGroup & { readonly seenAt: number })[] = [];
    for (const [arn, deployed] of byGroup(deployments)) {
      const types = leftOut.get(arn) ?? new Set();
      const ofGroup = filters.filter(({ parent }) => parent === arn);
      const seenAt = Math.max(...[...ofGroup, ...deployed].map(({ sequence }) => this.#seen.get(sequence) ?? 0));
      const isFiltered = ofGroup.length > 0 || types.size > 0;
      const group = isFiltered && seenAt > since && (await findResource(database, datasetGroupKind, arn));
      const model = deployed.at(-1)?.document.deployment?.model;
      if (!group || model === undefined) continue;
      groups.push({ key: { arn, sequence: group.sequence }, filters: ofGroup, leftOut: types, model, seenAt });
    }
    return groups.sort((one, other) => other.seenAt - one.seenAt).slice(0, mostGroups);
  }
}

/** The owners of deployments by the dataset group from which they answer. */
function byGroup(deployments: readonly DeploymentPlan[]): ReadonlyMap<string, readonly DeploymentOwner[]> {
  const groups = new Map<string, DeploymentOwner[]>();
  for (const { owner, datasetGroupArn } of deployments) {
    groups.set(datasetGroupArn, [...(groups.get(datasetGroupArn) ?? []), owner]);
  }
  return groups;
}
