import { join } from 'node:path';
import { active, clients, steps } from '../../test/support/personalize.ts';
import { putObject } from '../../test/support/two-tastes.ts';
import { startServerProcess } from '../serving/server-process.ts';
import type { Click } from './log.ts';
import { beginningOf, takenAt } from './times.ts';
import type { World } from './world.ts';

export const recipes = { v1: 'aws-user-personalization', v2: 'aws-user-personalization-v2' } as const;
export type RecipeName = keyof typeof recipes;

/** What a home holds in which a world's log was imported and trained on. */
export type Prepared = {
  readonly trackingId: string;
  readonly itemsArn: string;
  readonly solutions: Readonly<Record<RecipeName, Solution>>;
};

export type Solution = { readonly solutionArn: string; readonly solutionVersionArn: string };

const schema = (name: string, fields: readonly object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });
const interactionsSchema = schema('Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
]);
const itemsSchema = schema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'GENRES', type: 'string', categorical: true },
  { name: 'CREATION_TIMESTAMP', type: 'long' },
]);

export const eventType = 'take';
export const userIdOf = (user: number): string => `user-${user}`;

/**
 * Imports what is known on day 0 into a new home and trains both recipes on it, all through the API. The server is
 * stopped then.
 */
export async function prepareHome(home: string, world: World, log: readonly Click[]): Promise<Prepared> {
  const server = await startServerProcess(['--home', home]);
  try {
    const { personalize } = clients(server.url);
    const create = steps({ personalize });
    const group = await create.datasetGroup('world');
    const bring = async (type: string, document: string, csv: string): Promise<string> => {
      const name = type.toLowerCase();
      const datasetArn = await create.dataset(group, type, name, document);
      const location = await putObject(join(home, 'buckets'), 'world', `${name}.csv`, csv);
      const job = await create.importJob(await create.startImport(datasetArn, name, location));
      if (job?.status !== 'ACTIVE') throw new Error(`The import of ${name} failed: ${job?.failureReason}`);
      return datasetArn;
    };
    await bring('Interactions', interactionsSchema, interactionsCsv(world, log));
    const itemsArn = await bring('Items', itemsSchema, itemsCsv(world));
    const tracker = await personalize.createEventTracker({ name: 'visits', datasetGroupArn: group });
    const { eventTrackerArn, trackingId = '' } = tracker;
    await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
    const train = async (name: RecipeName): Promise<Solution> => {
      const solutionArn = await create.solution(group, name, recipes[name]);
      const solutionVersionArn = await create.startVersion(solutionArn);
      const described = () => personalize.describeSolutionVersion({ solutionVersionArn });
      await active(async () => (await described()).solutionVersion, trainingWithinMs);
      return { solutionArn, solutionVersionArn };
    };
    return { trackingId, itemsArn, solutions: { v1: await train('v1'), v2: await train('v2') } };
  } finally {
    await server.stop();
  }
}

const trainingWithinMs = 600_000;

function interactionsCsv(world: World, log: readonly Click[]): string {
  const rows = log.map(
    ({ visit, item, page }, n) =>
      `${userIdOf(visit.user)},${world.items[item]?.id},${eventType},${takenAt(visit, page, n % 10)}`,
  );
  return `USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n${rows.join('\n')}\n`;
}

/** The first catalogue: it has been there since long before the log. */
function itemsCsv(world: World): string {
  const createdAt = beginningOf(-365);
  const rows = world.arrivals(-1).map(({ id, told }) => `${id},${told.join('|')},${createdAt}`);
  return `ITEM_ID,GENRES,CREATION_TIMESTAMP\n${rows.join('\n')}\n`;
}
