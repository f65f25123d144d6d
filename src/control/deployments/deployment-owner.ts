import type { RankingInfluence } from '../../learn/model/requests.ts';
import type { ServedType } from '../../learn/recipes/recipe.ts';
import type { Deployment } from '../../serve/serving.ts';
import type { CommonDocument, Kind, Resource } from '../resources/kind.ts';
import { allResources, findResourceAmong, type Queryable, selectResources } from '../resources/resource-store.ts';

/** What answers an owner's requests. */
export type DeployedModel = {
  readonly recipeType: ServedType;
  /** Prefix of the model. */
  readonly model: string;
  /** Up to which position of the record log the model has seen the events. */
  readonly watermark?: number | undefined;
};

/** What a resource that owns a deployment, such as a campaign, keeps of it in its document. */
export type DeploymentDocument = CommonDocument & {
  /** Absent for as long as nothing is served. */
  readonly deployment?: DeployedModel | undefined;
};

export type DeploymentOwner = Resource<DeploymentDocument>;

/** What an owner says of the exploration of new items, as the API writes it. */
export type ItemExplorationConfig = Readonly<Record<string, string>>;

/** A kind of resources that own deployments. */
export type DeploymentOwnerKind<Owner extends DeploymentOwner = DeploymentOwner> = {
  readonly kind: Kind<DeploymentDocument>;
  /** ARN of the owner of the model that is served; its own where it owns that too. */
  modelOwnerOf(owner: Owner): string;
  /** Undefined where the recipe's defaults hold. */
  explorationOf(owner: Owner): ItemExplorationConfig | undefined;
  /** Whether answers may have metadata of items; undefined where the recipe's default holds. */
  metadataOf(owner: Owner): boolean | undefined;
  /** How much popularity and freshness weigh in the order of answers; undefined where they do not. */
  influenceOf?(owner: Owner): RankingInfluence | undefined;
};

/** An owner, with what its kind says of its deployment. */
export type OwnedDeployment = {
  readonly owner: DeploymentOwner;
  readonly modelOwnerArn: string;
  readonly exploration: ItemExplorationConfig | undefined;
  readonly metadata: boolean | undefined;
  readonly rankingInfluence: RankingInfluence | undefined;
};

/** Finds who owns a deployment, of whatever kind. */
export class DeploymentOwners {
  readonly #kinds: readonly DeploymentOwnerKind[];

  constructor(kinds: readonly DeploymentOwnerKind[]) {
    this.#kinds = kinds;
  }

  get #resourceKinds() {
    return this.#kinds.map(({ kind }) => kind);
  }

  async find(db: Queryable, arn: string): Promise<OwnedDeployment | undefined> {
    const owner = await findResourceAmong(db, this.#resourceKinds, arn);
    return owner && this.#owned(owner);
  }

  /** Every owner that serves something, in any account. */
  async all(db: Queryable): Promise<OwnedDeployment[]> {
    const owners = await allResources(db, this.#resourceKinds);
    return owners.filter(({ document }) => document.deployment !== undefined).map((owner) => this.#owned(owner));
  }

  /** The deployments that answer from a model of this owner, and what exactly answers now. */
  async serving(
    db: Queryable,
    { arn, account, region }: Pick<Resource, 'arn' | 'account' | 'region'>,
  ): Promise<{ readonly owner: DeploymentOwner; readonly deployed: DeployedModel }[]> {
    const owners = await Promise.all(this.#kinds.map(({ kind }) => selectResources(db, kind, { account, region })));
    return owners.flat().flatMap((owner) => {
      const { deployment } = owner.document;
      return deployment && this.#owned(owner).modelOwnerArn === arn ? [{ owner, deployed: deployment }] : [];
    });
  }

  #owned(owner: DeploymentOwner): OwnedDeployment {
    const kind = this.#kinds.find((candidate) => candidate.kind === owner.kind);
    if (!kind) throw new Error(`${owner.arn} owns no deployment.`);
    return {
      owner,
      modelOwnerArn: kind.modelOwnerOf(owner),
      exploration: kind.explorationOf(owner),
      metadata: kind.metadataOf(owner),
      rankingInfluence: kind.influenceOf?.(owner),
    };
  }
}

/** As people are told who answers: a recommender has the model that it serves. */
export function shownOwners(ownerArn: string, modelOwnerArn: string | undefined) {
  if (modelOwnerArn === ownerArn) return { recommenderArn: ownerArn };
  return { campaignArn: ownerArn, solutionVersionArn: modelOwnerArn };
}

export const deploymentOf = (ownerArn: string, { recipeType, model }: DeployedModel): Deployment => ({
  ownerArn,
  recipeType,
  model,
});
