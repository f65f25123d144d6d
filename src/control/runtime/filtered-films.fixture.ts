import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, steps } from '../control.fixture.ts';

const field = (name: string, type: string | string[], more: object = {}) => ({ name, type, ...more });
const nullable = (type: string) => ['null', type];
const schemaOf = (name: string, fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });

const itemFields = [
  field('ITEM_ID', 'string'),
  field('GENRES', nullable('string'), { categorical: true }),
  field('PRICE', nullable('float')),
  field('TITLE', nullable('string')),
];

export const schemas = {
  interactions: schemaOf('Interactions', [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => field(name, 'string')),
    field('TIMESTAMP', 'long'),
  ]),
  items: schemaOf('Items', itemFields),
  itemsWithYear: schemaOf('Items', [...itemFields, field('YEAR', nullable('int'))]),
  users: schemaOf('Users', [field('USER_ID', 'string'), field('TIER', nullable('string'), { categorical: true })]),
};

/**
 * A dataset group in which the films `a`, `b` and `c`, which every model of a bench recommends in this order, have
 * metadata, and users have been seen to buy some.
 */
export async function filteredFilms(bench: Bench) {
  const { call, settled } = bench;
  const step = steps(bench);
  const group = await step.group();
  await step.dataset(group, await step.schema('interactions', schemas.interactions));
  const items = await step.dataset(group, await step.schema('items', schemas.items), 'Items');
  const users = await step.dataset(group, await step.schema('users', schemas.users), 'Users');
  const { trackingId = '', eventTrackerArn = '' } = await call('CreateEventTracker', {
    name: 'web',
    datasetGroupArn: group,
  });
  await settled(eventTrackerArn);
  let sentAt = 1_700_000_000;
  const films = {
    group,
    items,
    putItem: (itemId: string, properties: object) =>
      call('PutItems', { datasetArn: items, items: [{ itemId, properties: JSON.stringify(properties) }] }),
    putUser: (userId: string, properties: object) =>
      call('PutUsers', { datasetArn: users, users: [{ userId, properties: JSON.stringify(properties) }] }),
    putEvent: (userId: string, eventType: string, itemId: string) =>
      call('PutEvents', {
        trackingId,
        userId,
        sessionId: userId,
        eventList: [{ eventType, itemId, sentAt: sentAt++ }],
      }),
    async filter(filterExpression: string, name = `filter-${++filters}`) {
      await call('CreateFilter', { name, datasetGroupArn: group, filterExpression });
      await settled(arnFor(`filter/${name}`));
      return arnFor(`filter/${name}`);
    },
    async campaign(recipe: string, campaignConfig: Input<'CreateCampaign'>['campaignConfig'] = {}) {
      const name = recipe.replace('aws-', '');
      const solutionVersionArn = await step.version(await step.solution(group, name, recipe));
      await call('CreateCampaign', { name, solutionVersionArn, campaignConfig });
      await settled(arnFor(`campaign/${name}`));
      return arnFor(`campaign/${name}`);
    },
  };
  await films.putItem('a', { genres: 'Comedy|Drama', price: 9.99, title: 'Amélie' });
  await films.putItem('b', { genres: 'Drama', price: 20, title: 'Brazil' });
  await films.putItem('c', { genres: 'Horror', title: 'Carrie' });
  await films.putUser('adult', { tier: 'gold' });
  await films.putUser('child', { tier: 'child' });
  await films.putEvent('adult', 'buy', 'a');
  return films;
}

let filters = 0;
