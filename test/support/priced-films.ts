import type { CampaignConfig } from '@aws-sdk/client-personalize';
import { active, clients, eventsClient, steps } from './personalize.ts';
import { avro, putObject, schemas, twoTastes } from './two-tastes.ts';

/** What is said of a film. */
export type Film = { readonly genre: string; readonly price: number; readonly title: string };

const itemsSchema = avro('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'GENRE', type: ['null', 'string'], categorical: true },
  { name: 'PRICE', type: ['null', 'float'] },
  { name: 'TITLE', type: ['null', 'string'] },
]);

/** Films of two tastes: every fourth is a thriller, too, and the titles are for people. */
export const pricedFilms: ReadonlyMap<string, Film> = new Map(
  ['a', 'b'].flatMap((taste) =>
    Array.from({ length: 40 }, (_, n): [string, Film] => {
      const genre = `${taste === 'a' ? 'Comedy' : 'Drama|Crime'}${n % 4 === 3 ? '|Thriller' : ''}`;
      return [
        `${taste}${n}`,
        { genre, price: (499 + 100 * (n % 20)) / 100, title: `“${taste.toUpperCase()}”, part ${n}` },
      ];
    }),
  ),
);

/**
 * A dataset group with these films, and what tests do with it.
 *
 * @param server which is asked each time, as one that starts again has another address
 */
export async function bringPricedFilms(server: () => { readonly url: string; readonly buckets: string }) {
  const { buckets } = server();
  const personalize = () => clients(server().url).personalize;
  const create = () => steps(clients(server().url));
  const group = await create().datasetGroup('films');
  const add = async (datasetArn: string, name: string, content: string, mode: 'FULL' | 'INCREMENTAL' = 'FULL') => {
    const location = await putObject(buckets, 'films', `${name}.csv`, content);
    const job = await create().importJob(await create().startImport(datasetArn, name, location, mode));
    if (job?.status !== 'ACTIVE') throw new Error(job?.failureReason);
  };
  const interactionsArn = await create().dataset(group, 'Interactions', 'interactions', schemas.interactions);
  const interactions = twoTastes({ usersATaste: 100 });
  await add(interactionsArn, 'interactions', interactions);
  const itemsArn = await create().dataset(group, 'Items', 'items', itemsSchema);
  const lines = Array.from(pricedFilms, ([id, { genre, price, title }]) => `${id},${genre},${price},"${title}"`);
  await add(itemsArn, 'items', `ITEM_ID,GENRE,PRICE,TITLE\n${lines.join('\n')}\n`);
  const { eventTrackerArn, trackingId } = await personalize().createEventTracker({
    name: 'clicks',
    datasetGroupArn: group,
  });
  await active(async () => (await personalize().describeEventTracker({ eventTrackerArn })).eventTracker);
  return {
    group,
    /** The imported interactions, as CSV. */
    interactions,
    importItems: (name: string, content: string) => add(itemsArn, name, content, 'INCREMENTAL'),
    putItem: (itemId: string, properties: object) =>
      eventsClient(server().url).putItems({
        datasetArn: itemsArn,
        items: [{ itemId, properties: JSON.stringify(properties) }],
      }),
    putEvent: (userId: string, eventType: string, itemId: string) =>
      eventsClient(server().url).putEvents({
        trackingId,
        userId,
        sessionId: `session of ${userId}`,
        eventList: [{ eventType, itemId, sentAt: new Date() }],
      }),
    async filter(name: string, filterExpression: string): Promise<string> {
      const { filterArn = '' } = await personalize().createFilter({ name, datasetGroupArn: group, filterExpression });
      return filterArn;
    },
    /** A trained version. */
    async version(recipe: string): Promise<string> {
      const name = recipe.replace('aws-', '');
      const version = await create().startVersion(await create().solution(group, name, recipe));
      const { status, failureReason } = (await create().version(version)) ?? {};
      if (status !== 'ACTIVE') throw new Error(failureReason);
      return version;
    },
    campaign: (name: string, version: string, config: CampaignConfig = {}) => create().campaign(name, version, config),
  };
}
