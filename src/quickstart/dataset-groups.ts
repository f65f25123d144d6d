import {
  CreateDatasetGroupCommand,
  type DatasetGroupSummary,
  DeleteCampaignCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DeleteSchemaCommand,
  DeleteSolutionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeSolutionCommand,
  LimitExceededException,
  paginateListCampaigns,
  paginateListDatasetGroups,
  paginateListDatasets,
  paginateListSolutions,
  ResourceInUseException,
} from '@aws-sdk/client-personalize';
import { answered, type Session, untilActive, untilGone } from './steps.ts';

const prefix = 'quickstart-';

/** A name that no earlier quickstart has used: import jobs keep theirs for ever. */
export const newRunName = (now: Date) =>
  prefix + now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

/** Creates the dataset group of a run. Where the account has no room left, the oldest quickstarts make way. */
export async function createDatasetGroup(session: Session, name: string): Promise<string> {
  const { personalize, output } = session;
  for (const earlier of await earlierRuns(session)) {
    try {
      return await createOnce(session, name);
    } catch (error) {
      if (!(error instanceof LimitExceededException)) throw error;
      output.write(`The account is full: the oldest quickstart (${earlier.name}) makes way.\n`);
      await deleteDatasetGroup({ personalize }, answered(earlier.datasetGroupArn, 'datasetGroupArn'));
    }
  }
  return await createOnce(session, name);
}

async function createOnce(session: Session, name: string): Promise<string> {
  const created = await session.personalize.send(new CreateDatasetGroupCommand({ name }));
  const datasetGroupArn = answered(created.datasetGroupArn, 'datasetGroupArn');
  await untilActive(session, { arn: datasetGroupArn, advice: 'Start the quickstart again.' }, async () => {
    const described = await session.personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    return described.datasetGroup;
  });
  return datasetGroupArn;
}

/** Dataset groups of earlier quickstarts, oldest first. */
async function earlierRuns({ personalize }: Session): Promise<DatasetGroupSummary[]> {
  const groups: DatasetGroupSummary[] = [];
  for await (const page of paginateListDatasetGroups({ client: personalize }, {})) {
    groups.push(...(page.datasetGroups ?? []).filter(({ name }) => name?.startsWith(prefix)));
  }
  return groups.sort((a, b) => (a.creationDateTime?.getTime() ?? 0) - (b.creationDateTime?.getTime() ?? 0));
}

/** Deletes a dataset group with all that hangs on it, in the order that the service asks for. */
async function deleteDatasetGroup(
  { personalize }: Pick<Session, 'personalize'>,
  datasetGroupArn: string,
): Promise<void> {
  for await (const page of paginateListSolutions({ client: personalize }, { datasetGroupArn })) {
    for (const { solutionArn } of page.solutions ?? []) {
      await deleteCampaigns({ personalize }, answered(solutionArn, 'solutionArn'));
      await personalize.send(new DeleteSolutionCommand({ solutionArn }));
      await untilGone(() => personalize.send(new DescribeSolutionCommand({ solutionArn })));
    }
  }
  for await (const page of paginateListDatasets({ client: personalize }, { datasetGroupArn })) {
    for (const { datasetArn } of page.datasets ?? []) {
      const { dataset } = await personalize.send(new DescribeDatasetCommand({ datasetArn }));
      await personalize.send(new DeleteDatasetCommand({ datasetArn }));
      await untilGone(() => personalize.send(new DescribeDatasetCommand({ datasetArn })));
      await deleteSchema({ personalize }, answered(dataset?.schemaArn, 'schemaArn'));
    }
  }
  await personalize.send(new DeleteDatasetGroupCommand({ datasetGroupArn }));
  await untilGone(() => personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
}

async function deleteCampaigns({ personalize }: Pick<Session, 'personalize'>, solutionArn: string): Promise<void> {
  for await (const page of paginateListCampaigns({ client: personalize }, { solutionArn })) {
    for (const { campaignArn } of page.campaigns ?? []) {
      await personalize.send(new DeleteCampaignCommand({ campaignArn }));
      await untilGone(() => personalize.send(new DescribeCampaignCommand({ campaignArn })));
    }
  }
}

async function deleteSchema({ personalize }: Pick<Session, 'personalize'>, schemaArn: string): Promise<void> {
  try {
    await personalize.send(new DeleteSchemaCommand({ schemaArn }));
  } catch (error) {
    // Somebody has put another dataset on this schema: it stays with that one.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
