import { clients } from './personalize.ts';

/** ARNs of campaigns by name. */
export type Campaigns = Readonly<Record<string, string>>;

/** What a server says of its resources, and what its campaigns answer. */
export type Answers = {
  /** Status by ARN. */
  readonly resources: Readonly<Record<string, string | undefined>>;
  readonly campaigns: Campaigns;
  /** The first items by campaign and user. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
};

/** Known to every training; seen in events before the trainings; seen in events after them. */
const users = ['ua3', 'ub4', 'newcomer-1', 'late'];
const some = ['b1', 'a1', 'b7', 'a7', 'a20', 'b20'];

export async function answersOf(url: string, campaigns: Campaigns): Promise<Answers> {
  const { runtime } = clients(url);
  const lists: Record<string, string[]> = {};
  for (const [name, campaignArn] of Object.entries(campaigns)) {
    for (const userId of users) {
      const { itemList = [] } = name.startsWith('ranking')
        ? await rank({ campaignArn, userId })
        : await runtime.getRecommendations({ campaignArn, userId, itemId: 'a2', numResults: 8 });
      lists[`${name} for ${userId}`] = itemList.map(({ itemId = '' }) => itemId);
    }
  }
  return { resources: await statuses(url), campaigns, lists };

  async function rank(request: { campaignArn: string; userId: string }) {
    const { personalizedRanking } = await runtime.getPersonalizedRanking({ ...request, inputList: some });
    return { itemList: personalizedRanking };
  }
}

async function statuses(url: string): Promise<Record<string, string | undefined>> {
  const { personalize } = clients(url);
  const { schemas = [] } = await personalize.listSchemas({});
  const { datasetGroups = [] } = await personalize.listDatasetGroups({});
  const { datasets = [] } = await personalize.listDatasets({});
  const { datasetImportJobs = [] } = await personalize.listDatasetImportJobs({});
  const { eventTrackers = [] } = await personalize.listEventTrackers({});
  const { solutions = [] } = await personalize.listSolutions({});
  const { solutionVersions = [] } = await personalize.listSolutionVersions({});
  const { campaigns = [] } = await personalize.listCampaigns({});
  // When a schedule trains depends on the day.
  const created = solutionVersions.filter(({ trainingType }) => trainingType !== 'AUTOMATIC');
  return Object.fromEntries([
    ...schemas.map(({ schemaArn }) => [schemaArn, 'ACTIVE']),
    ...datasetGroups.map(({ datasetGroupArn, status }) => [datasetGroupArn, status]),
    ...datasets.map(({ datasetArn, status }) => [datasetArn, status]),
    ...datasetImportJobs.map(({ datasetImportJobArn, status }) => [datasetImportJobArn, status]),
    ...eventTrackers.map(({ eventTrackerArn, status }) => [eventTrackerArn, status]),
    ...solutions.map(({ solutionArn, status }) => [solutionArn, status]),
    ...created.map(({ solutionVersionArn, status }) => [solutionVersionArn, status]),
    ...campaigns.map(({ campaignArn, status }) => [campaignArn, status]),
  ]);
}
