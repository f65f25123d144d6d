import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { RecipeType } from '../../learn/recipes/recipe.ts';
import { type CommonDocument, defineKind, type ResourceOf, type Update } from '../resources/kind.ts';
import { creationLife, type LifeCycle, updateSteps } from '../resources/lifecycle.ts';
import { solutionKind } from '../solutions/solution-kind.ts';

export type CampaignConfig = NonNullable<Input<'CreateCampaign'>['campaignConfig']>;

/** What a campaign is asked to be. */
export type CampaignSettings = {
  /** The concrete version, also where the caller said `$LATEST`. */
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS: number;
  readonly campaignConfig?: CampaignConfig;
};

/** What answers a campaign's requests. */
export type ServedModel = {
  readonly recipeType: RecipeType;
  /** Prefix of the model. */
  readonly model: string;
  /** Up to which position of the record log the model has seen the events. */
  readonly watermark?: number | undefined;
};

export type CampaignUpdateStatus = keyof typeof updateSteps;

type CampaignDocument = CommonDocument &
  CampaignSettings & {
    /** Absent until the campaign has been ACTIVE. */
    readonly deployment?: ServedModel;
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
});

export type Campaign = ResourceOf<typeof campaignKind>;
