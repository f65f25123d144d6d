import { setTimeout as sleep } from 'node:timers/promises';
import { Personalize } from '@aws-sdk/client-personalize';
import type { Input } from '../../src/contract/operations.ts';
import type { Call } from '../serving/load.ts';

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
export const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: [
    ...[field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')],
    ...[field('EVENT_TYPE', 'string'), field('EVENT_VALUE', 'float', 'null'), field('DEVICE', 'string', 'null')],
  ],
});

/** Makes a dataset group with an Interactions dataset and an event tracker; gives its tracking id. */
export async function openTracker(endpoint: string): Promise<string> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const personalize = new Personalize({ endpoint, region: 'us-east-1', credentials });
  const until = async (status: () => Promise<string | undefined>) => {
    while ((await status()) !== 'ACTIVE') await sleep(20);
  };
  const { schemaArn } = await personalize.createSchema({ name: 'events', schema });
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name: 'events' });
  await until(async () => (await personalize.describeDatasetGroup({ datasetGroupArn })).datasetGroup?.status);
  const { datasetArn } = await personalize.createDataset({
    name: 'events',
    schemaArn,
    datasetGroupArn,
    datasetType: 'Interactions',
  });
  await until(async () => (await personalize.describeDataset({ datasetArn })).dataset?.status);
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({
    name: 'events',
    datasetGroupArn,
  });
  await until(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker?.status);
  return trackingId;
}

/** Calls as a web shop would make them, one a user. */
export const putEventsCalls = (
  trackingId: string,
  eventsPerCall: number,
  users = 1000,
): (Call & { readonly input: Input<'PutEvents'> })[] =>
  Array.from({ length: users }, (_, user) => ({
    path: '/events',
    input: {
      trackingId,
      userId: `user-${user}`,
      sessionId: `session-${user * 7919}`,
      eventList: Array.from({ length: eventsPerCall }, (_, n) => ({
        eventId: `event-${user}-${n}-5f1c7a`,
        eventType: 'watch',
        itemId: `item-${(user * 31 + n * 7) % 27_000}`,
        sentAt: 1_700_000_000 + user * 60 + n,
        eventValue: n / 4,
        properties: '{"device":"phone"}',
      })),
    },
  }));
