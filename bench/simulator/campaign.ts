import { active, clients } from '../../test/support/personalize.ts';
import type { Arm } from './arms.ts';
import type { Prepared } from './prepared-home.ts';

/** What answers, and how it is brought up to date. */
export type Campaign = {
  readonly campaignArn: string;
  /** Has the model take in what has come since its training, where the recipe lets one say so. */
  update(): Promise<void>;
};

/** Deploys the version that was trained on the log, as an arm has it. */
export async function deploy(url: string, { solutions }: Prepared, arm: Arm): Promise<Campaign> {
  const { personalize } = clients(url);
  const { recipe, explorationWeight } = arm;
  const { solutionArn, solutionVersionArn } = solutions[recipe];
  const campaignConfig =
    explorationWeight === undefined
      ? undefined
      : { itemExplorationConfig: { explorationWeight: String(explorationWeight) } };
  const settings = { name: 'arm', solutionVersionArn, campaignConfig };
  const { campaignArn = '' } = await personalize.createCampaign(settings);
  const describe = async () => (await personalize.describeCampaign({ campaignArn })).campaign;
  await active(describe);
  return {
    campaignArn,
    async update() {
      if (recipe !== 'v1') return;
      const made = await personalize.createSolutionVersion({ solutionArn, trainingMode: 'UPDATE' });
      const { solutionVersionArn = '' } = made;
      await active(async () => (await personalize.describeSolutionVersion({ solutionVersionArn })).solutionVersion);
      await personalize.updateCampaign({ campaignArn, solutionVersionArn, campaignConfig });
      await active(async () => (await describe())?.latestCampaignUpdate);
    },
  };
}
