import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { Database } from '../../data/database/database.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { defineKind, type ResourceOf, type Update, use } from '../resources/kind.ts';
import { creationLife, type LifeCycle, liveStatuses, updateSteps } from '../resources/lifecycle.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import { type Solution, solutionKind, solutionsOf } from '../solutions/solution-kind.ts';
import type { DeploymentDocument } from './deployment-owner.ts';

export type CampaignConfig = NonNullable<Input<'CreateCampaign'>['campaignConfig']>;

/** What a campaign is asked to be. */
export type CampaignSettings = {
  /** The concrete version, also where the caller said `$LATEST`. */
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS: number;
  readonly campaignConfig?: CampaignConfig;
};

export type CampaignUpdateStatus = keyof typeof updateSteps;

/** Nothing is served until the campaign has been ACTIVE. */
type CampaignDocument = DeploymentDocument &
  CampaignSettings & {
    readonly latestUpdate?: Update<CampaignUpdateStatus, CampaignSettings>;
  };

/** A failed campaign comes to life by a successful update. */
const life = {
  first: creationLife.first,
  steps: { ...creationLife.steps, 'CREATE FAILED': ['ACTIVE'] },
  updateSteps,
} as const satisfies LifeCycle;

export const campaignKind = defineKind<CampaignDocument>()({
  name: 'campaign',
  arnPath: arnPaths.campaign,
  life,
  isTaggable: true,
  parent: solutionKind,
  quotas: [{ name: 'campaignsPerDatasetGroup', most: 5, counts: 'live', among: solutionsBeside }],
  uses: [use(solutionKind, campaignsUsing), use(datasetKind, campaignsOn)],
  jobs: {
    'create-campaign': { pool: 'deployment', startsWithResource: true },
    'update-campaign': { pool: 'deployment' },
  },
});

export type Campaign = ResourceOf<typeof campaignKind>;

/** The campaigns of a dataset group count together. */
async function solutionsBeside(db: Database, solutionArn: string): Promise<string[]> {
  const solution = await findResource(db, solutionKind, solutionArn);
  return solution ? await solutionsOf(db, solution, solution.parent ?? '') : [];
}

/** The campaigns that serve a version of the solution, or are about to. */
export async function campaignsUsing(db: Database, { arn, account, region }: Solution): Promise<Campaign[]> {
  const campaigns = await selectResources(db, campaignKind, { account, region });
  return campaigns.filter(
    ({ parent, document }) => parent === arn || document.latestUpdate?.solutionVersionArn.startsWith(`${arn}/`),
  );
}

/** Campaigns of the dataset's group that are or will be ACTIVE (spec datasets.md §10). */
async function campaignsOn(db: Database, dataset: Dataset): Promise<Campaign[]> {
  const { account, region, parent } = dataset;
  const parents = await solutionsOf(db, dataset, parent ?? '');
  return await selectResources(db, campaignKind, { account, region, parents, statuses: liveStatuses(life) });
}
