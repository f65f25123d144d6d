import type { ViewKey } from '../../data/views/view.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Filter, filterKind } from '../filters/filter-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { allResources, findResource } from '../resources/resource-store.ts';
import type { DeploymentOwner, OwnedDeployment } from './deployment-owner.ts';

type ExpectedGroupsParts = Pick<ControlParts, 'database' | 'clock'> & { readonly owners: Owners };

/** Those to which a filter or a deployment has come last, as each takes memory. */
const mostGroups = 8;
/** Where no request has come by then, none is expected any more. */
const expectedForMs = 30 * 60_000;

/** A dataset group of which requests with filters are expected. */
export type ExpectedGroup = {
  readonly key: ViewKey;
  /** Its ACTIVE filters, at least one. */
  readonly filters: readonly Filter[];
  /** Prefix of a model that answers from it. */
  readonly model: string;
};

/**
 * The dataset groups of which requests with filters are expected, so that what these need is read ahead of them: groups
 * with an ACTIVE filter and a deployment, for half an hour since the server has started or one of the two has come.
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
    const deployments = filters.length > 0 ? await owners.deployments.all(database) : [];
    const present = [...filters, ...deployments.map(({ owner }) => owner)];
    const now = clock.now();
    this.#seen = new Map(present.map(({ sequence }) => [sequence, this.#seen.get(sequence) ?? now]));
    const since = now - expectedForMs;
    if (![...this.#seen.values()].some((seenAt) => seenAt > since)) return [];

    const groups: (ExpectedGroup & { readonly seenAt: number })[] = [];
    for (const [arn, deployed] of await this.#byGroup(deployments)) {
      const ofGroup = filters.filter(({ parent }) => parent === arn);
      const seenAt = Math.max(...[...ofGroup, ...deployed].map(({ sequence }) => this.#seen.get(sequence) ?? 0));
      const group = ofGroup.length > 0 && seenAt > since && (await findResource(database, datasetGroupKind, arn));
      const model = deployed.at(-1)?.document.deployment?.model;
      if (!group || model === undefined) continue;
      groups.push({ key: { arn, sequence: group.sequence }, filters: ofGroup, model, seenAt });
    }
    return groups.sort((one, other) => other.seenAt - one.seenAt).slice(0, mostGroups);
  }

  /** The owners of deployments by the dataset group from which they answer. */
  async #byGroup(deployments: readonly OwnedDeployment[]): Promise<ReadonlyMap<string, readonly DeploymentOwner[]>> {
    const { database, owners } = this.#parts;
    const groups = new Map<string, DeploymentOwner[]>();
    for (const { owner, modelOwnerArn } of deployments) {
      const model = await owners.models.find(database, modelOwnerArn);
      if (!model) continue;
      const { datasetGroupArn } = model.plan;
      groups.set(datasetGroupArn, [...(groups.get(datasetGroupArn) ?? []), owner]);
    }
    return groups;
  }
}
