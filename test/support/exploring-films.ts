import { active, clients, eventsClient, steps } from './personalize.ts';
import { putObject, schemas, twoTastes, twoTastesItems } from './two-tastes.ts';

/** Films of two tastes, with what records and requests need. */
export type Films = {
  readonly itemsArn: string;
  readonly trackingId: string;
  /** A campaign that serves a version of the recipe. */
  campaign(name: string, version: string, itemExplorationConfig?: Record<string, string>): Promise<string>;
  /** Imports more items. */
  addItems(csv: string): Promise<void>;
  /** A trained version. */
  version(name: string, recipe: string): Promise<string>;
};

/** @param server its address, and where `s3://bucket/key` leads */
export async function bringFilms({ url, buckets }: { readonly url: string; readonly buckets: string }): Promise<Films> {
  const { personalize } = clients(url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const add = async (datasetArn: string, name: string, content: string, mode: 'FULL' | 'INCREMENTAL') => {
    const location = await putObject(buckets, 'films', `${name}.csv`, content);
    const job = await create.importJob(await create.startImport(datasetArn, name, location, mode));
    if (job?.status !== 'ACTIVE') throw new Error(job?.failureReason);
  };
  const bring = async (datasetType: string, name: 'interactions' | 'items', content: string) => {
    const datasetArn = await create.dataset(group, datasetType, name, schemas[name]);
    await add(datasetArn, name, content, 'FULL');
    return datasetArn;
  };
  await bring('Interactions', 'interactions', twoTastes({ usersATaste: 100 }));
  const itemsArn = await bring('Items', 'items', twoTastesItems());
  const tracker = await personalize.createEventTracker({ name: 'clicks', datasetGroupArn: group });
  const { eventTrackerArn, trackingId = '' } = tracker;
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  return {
    itemsArn,
    trackingId,
    addItems: (csv) => add(itemsArn, 'more-items', csv, 'INCREMENTAL'),
    async version(name, recipe) {
      const version = await create.startVersion(await create.solution(group, name, recipe));
      const { status, failureReason } = (await create.version(version)) ?? {};
      if (status !== 'ACTIVE') throw new Error(failureReason);
      return version;
    },
    async campaign(name, solutionVersionArn, itemExplorationConfig) {
      const campaignConfig = itemExplorationConfig && { itemExplorationConfig };
      const { campaignArn = '' } = await personalize.createCampaign({ name, solutionVersionArn, campaignConfig });
      await active(async () => (await personalize.describeCampaign({ campaignArn })).campaign);
      return campaignArn;
    },
  };
}

/** A visitor of a server. */
export function visiting(url: string, { itemsArn, trackingId }: Films) {
  const ask = async (campaignArn: string, userId: string, numResults = 10) =>
    await clients(url).runtime.getRecommendations({ campaignArn, userId, numResults });
  return {
    ask,
    /** Answers to users one after another: the ids of each list. */
    async lists(campaignArn: string, count: number): Promise<string[][]> {
      const answers = [];
      for (let n = 0; n < count; n++) {
        const { itemList = [] } = await ask(campaignArn, `ua${n % 50}`);
        answers.push(itemList.map(({ itemId = '' }) => itemId));
      }
      return answers;
    },
    putItem: (itemId: string) =>
      eventsClient(url).putItems({
        datasetArn: itemsArn,
        items: [{ itemId, properties: JSON.stringify({ genre: 'Comedy' }) }],
      }),
    watch: (userId: string, itemId: string, shown: { recommendationId?: string | undefined; impression?: string[] }) =>
      eventsClient(url).putEvents({
        trackingId,
        sessionId: `session of ${userId}`,
        userId,
        eventList: [{ eventType: 'watch', itemId, sentAt: new Date(), ...shown }],
      }),
  };
}

/** Of the lists, the share with an item. */
export const shareWith = (id: string, lists: readonly (readonly string[])[]) =>
  lists.filter((items) => items.includes(id)).length / lists.length;
