import { Personalize } from '@aws-sdk/client-personalize';
import type { Input } from '../../src/contract/operations.ts';
import type { Call } from '../serving/load.ts';

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schema = JSON.stringify({
  type: 'record',
  name: 'ActionInteractions',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: [
    ...['USER_ID', 'ACTION_ID', 'EVENT_TYPE'].map((name) => field(name, 'string')),
    ...[field('TIMESTAMP', 'long'), field('DEVICE', 'string', 'null')],
  ],
});

/** Makes an Action_Interactions dataset in a dataset group of its own; gives its tracking id. */
export async function openActionTracker(endpoint: string): Promise<string> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const personalize = new Personalize({ endpoint, region: 'us-east-1', credentials });
  const { schemaArn } = await personalize.createSchema({ name: 'action-events', schema });
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name: 'actions' });
  const { datasetArn } = await personalize.createDataset({
    name: 'action-events',
    schemaArn,
    datasetGroupArn,
    datasetType: 'Action_Interactions',
  });
  const { dataset } = await personalize.describeDataset({ datasetArn });
  return dataset?.trackingId ?? '';
}

/** Calls as a web shop would make them, one a user: ten actions were shown, and one was taken. */
export const putActionInteractionsCalls = (
  trackingId: string,
  eventsPerCall: number,
  users = 1000,
): (Call & { readonly input: Input<'PutActionInteractions'> })[] =>
  Array.from({ length: users }, (_, user) => ({
    path: '/action-interactions',
    input: {
      trackingId,
      actionInteractions: Array.from({ length: eventsPerCall }, (_, n) => ({
        userId: `user-${user}`,
        sessionId: `session-${user * 7919}`,
        eventId: `event-${user}-${n}-5f1c7a`,
        eventType: n === 0 ? 'Taken' : 'Viewed',
        actionId: `action-${(user * 31 + n * 7) % 1000}`,
        timestamp: 1_700_000_000 + user * 60 + n,
        properties: '{"device":"phone"}',
      })),
    },
  }));
