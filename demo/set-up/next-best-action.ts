import {
  CreateCampaignCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  paginateListCampaigns,
  paginateListSolutions,
  paginateListSolutionVersions,
} from '@aws-sdk/client-personalize';
import { answered } from '../../src/quickstart/steps.ts';
import type { World } from '../world/world.ts';
import { ensureDataset, ensureGroup, type Group } from './datasets.ts';
import { awaited, ensure, firstOf, found, tryAgain } from './ensure.ts';
import { ensureTracker } from './recommenders.ts';
import { retailFields } from './schemas.ts';
import type { Service } from './service.ts';

/** What asks for actions and tells what became of them. */
export type NextBestAction = {
  readonly campaignArn: string;
  /** Of what visitors do with items. */
  readonly trackingId: string;
  /** Of what they do with actions. */
  readonly actionTrackingId: string;
};

/**
 * Next best action. Actions live in custom dataset groups alone, so there is a second group, with the same users and
 * interactions.
 */
export async function ensureNextBestAction(
  service: Service,
  name: string,
  tables: Required<World['tables']>,
): Promise<NextBestAction> {
  const { personalize } = service;
  const group = await ensureGroup(service, name);
  const { interactions, users, actions, actionInteractions } = retailFields;
  await ensureDataset(service, group, {
    datasetType: 'Interactions',
    fields: interactions,
    table: tables.interactions,
  });
  await ensureDataset(service, group, { datasetType: 'Users', fields: users, table: tables.users });
  await ensureDataset(service, group, { datasetType: 'Actions', fields: actions, table: tables.actions });
  const datasetArn = await ensureDataset(service, group, {
    datasetType: 'Action_Interactions',
    fields: actionInteractions,
    table: tables.actionInteractions,
  });
  const { dataset } = await personalize.send(new DescribeDatasetCommand({ datasetArn }));
  return {
    trackingId: await ensureTracker(service, group),
    actionTrackingId: answered(dataset?.trackingId, 'trackingId'),
    campaignArn: await ensureCampaign(
      service,
      group,
      await ensureVersion(service, await ensureSolution(service, group)),
    ),
  };
}

async function ensureSolution(service: Service, group: Group): Promise<string> {
  const { personalize } = service;
  return await ensure(service, {
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListSolutions({ client: personalize }, { datasetGroupArn: group.arn }),
          ({ solutions }) => solutions,
          ({ name }) => name === group.name,
        )
      )?.solutionArn,
    create: async () => {
      const recipeArn = 'arn:aws:personalize:::recipe/aws-next-best-action';
      const settings = { name: group.name, datasetGroupArn: group.arn, recipeArn, performAutoTraining: false };
      return (await personalize.send(new CreateSolutionCommand(settings))).solutionArn;
    },
    describe: async (solutionArn) => (await personalize.send(new DescribeSolutionCommand({ solutionArn }))).solution,
  });
}

async function ensureVersion(service: Service, solutionArn: string): Promise<string> {
  const { personalize } = service;
  const arn = await found({
    find: async () =>
      (
        await firstOf(
          paginateListSolutionVersions({ client: personalize }, { solutionArn }),
          ({ solutionVersions }) => solutionVersions,
          ({ status }) => status === 'ACTIVE' || (status?.startsWith('CREATE ') === true && status !== 'CREATE FAILED'),
        )
      )?.solutionVersionArn,
    create: async () => (await personalize.send(new CreateSolutionVersionCommand({ solutionArn }))).solutionVersionArn,
  });
  await awaited(service, arn, {
    label: 'Next best action',
    advice: tryAgain,
    describe: async (solutionVersionArn) =>
      (await personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion,
  });
  return arn;
}

async function ensureCampaign(service: Service, group: Group, solutionVersionArn: string): Promise<string> {
  const { personalize } = service;
  return await ensure(service, {
    label: 'Campaign of actions',
    advice: tryAgain,
    find: async () =>
      (
        await firstOf(
          paginateListCampaigns({ client: personalize }, {}),
          ({ campaigns }) => campaigns,
          ({ name }) => name === group.name,
        )
      )?.campaignArn,
    create: async () => {
      const settings = { name: group.name, solutionVersionArn, minProvisionedTPS: 1 };
      return (await personalize.send(new CreateCampaignCommand(settings))).campaignArn;
    },
    describe: async (campaignArn) => (await personalize.send(new DescribeCampaignCommand({ campaignArn }))).campaign,
  });
}
