import { afterEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { decodeLines, type Layout } from '../../data/records/layout.ts';
import type { LogEntry } from '../../data/records/record-log.ts';
import type { ActionsQuery, LiveActionView } from '../../learn/model/live-view.ts';
import { popularityCount } from '../../learn/recipes/popularity-count.ts';
import type { RecipeOf } from '../../learn/recipes/recipe.ts';
import { arnFor, type Bench, caller, openBench, recipeArn, refusal, steps, withData } from '../control.fixture.ts';
import { families } from '../families.ts';
import { openTemple } from '../toy-owner.fixture.ts';

let bench: Bench;
afterEach(() => bench.close());

/** Recommends the actions of the record log, as they came. */
class AsTheyCame implements LiveActionView {
  readonly bytes = 1;
  readonly model: string;
  readonly #actions = new Set<string>();

  constructor(model: string) {
    this.model = model;
  }

  async read(): Promise<void> {}

  apply({ body }: LogEntry, layout: Layout): void {
    const id = layout.findIndex(({ name }) => name === 'ACTION_ID');
    for (const values of decodeLines(body)) this.#actions.add(values[id] ?? '');
  }

  async recommendActions({ count, allows = () => true }: ActionsQuery) {
    const ids = [...this.#actions].filter(allows).slice(0, count);
    return { actions: ids.map((id, n) => ({ id, score: 1 / (n + 3) })) };
  }
}

const recipe: RecipeOf<'PERSONALIZED_ACTIONS'> = {
  name: 'toy-actions',
  recipeType: 'PERSONALIZED_ACTIONS',
  description: 'Recommends every action.',
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2030, 0, 1),
  datasets: { INTERACTIONS: 'required', ACTIONS: 'required', ACTION_INTERACTIONS: 'optional' },
  usesHistory: true,
  learn: popularityCount.learn,
  open: () => Promise.reject(new Error('no model is opened')),
  live: { follows: { ACTIONS: 'streamed' }, create: async ({ model }) => new AsTheyCame(model) },
};

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schemaOf = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });

/** A dataset group with five actions, of which `a4` has no record that a filter could look at, and who did what. */
async function open(quotas: Readonly<Record<string, number>> = {}) {
  const temple = openTemple(recipe);
  bench = await openBench({ families: [...families, temple.family], quotas });
  const { call } = bench;
  const step = steps(bench);
  const { group } = await withData(bench);
  const actionFields = [
    field('ACTION_ID', 'string'),
    { ...field('KIND', 'null', 'string'), categorical: true },
    field('VALUE', 'null', 'long'),
    field('REPEAT_FREQUENCY', 'null', 'long'),
    field('ACTION_EXPIRATION_TIMESTAMP', 'null', 'long'),
  ];
  const eventFields = ['USER_ID', 'ACTION_ID', 'EVENT_TYPE'].map((name) => field(name, 'string'));
  const tier = { ...field('TIER', 'string'), categorical: true };
  const users = schemaOf('Users', field('USER_ID', 'string'), tier);
  const actionsArn = await step.dataset(group, await step.schema('a', schemaOf('Actions', ...actionFields)), 'Actions');
  const eventsSchema = await step.schema(
    'e',
    schemaOf('ActionInteractions', ...eventFields, field('TIMESTAMP', 'long')),
  );
  const eventsArn = await step.dataset(group, eventsSchema, 'Action_Interactions');
  const usersArn = await step.dataset(group, await step.schema('u', users), 'Users');
  const { trackingId = '' } = (await call('DescribeDataset', { datasetArn: eventsArn })).dataset ?? {};
  const putAction = (actionId: string, properties: object = {}) =>
    call('PutActions', { datasetArn: actionsArn, actions: [{ actionId, properties: JSON.stringify(properties) }] });
  const campaignArn = await temple.oracles.create(group, recipeArn('aws-popularity-count'), caller);
  expect(await bench.settled(campaignArn)).toBe('ACTIVE');
  // From its first request on, the toy view hears of actions.
  await call('GetActionRecommendations', { campaignArn, userId: 'u1' });
  for (const [id, kind, value] of [
    ['a1', 'x', 9],
    ['a2', 'x|y', 2],
    ['a3', 'y', 5],
  ] as const) {
    await putAction(id, { kind, value });
  }
  await putAction('a4');
  await putAction('a5', { kind: 'z' });
  let filters = 0;
  let timestamp = 1_700_000_000;
  return {
    group,
    campaignArn,
    putAction,
    putUser: (userId: string, own: string) =>
      call('PutUsers', { datasetArn: usersArn, users: [{ userId, properties: JSON.stringify({ tier: own }) }] }),
    putEvent: (userId: string, eventType: string, actionId: string) => {
      const event = { userId, sessionId: `s-${userId}`, eventType, actionId, timestamp: timestamp++ };
      return call('PutActionInteractions', { trackingId, actionInteractions: [event] });
    },
    async filter(filterExpression: string) {
      const name = `filter-${++filters}`;
      await call('CreateFilter', { name, datasetGroupArn: group, filterExpression });
      return arnFor(`filter/${name}`);
    },
    async asked(request: Partial<Input<'GetActionRecommendations'>> = {}) {
      const { actionList = [] } = await call('GetActionRecommendations', { campaignArn, userId: 'u1', ...request });
      return actionList.map(({ actionId }) => actionId).join(' ');
    },
  };
}

it('answers with actions and their scores, five unless asked for others', async () => {
  const { campaignArn, putAction, asked } = await open();
  const answer = await bench.call('GetActionRecommendations', { campaignArn, userId: 'u1', numResults: 2 });
  expect(answer.actionList).toEqual([
    { actionId: 'a1', score: 0.3333333 },
    { actionId: 'a2', score: 0.25 },
  ]);
  expect(answer.recommendationId).toMatch(/^RID-.{36}$/);
  await putAction('a6');
  expect(await asked()).toBe('a1 a2 a3 a4 a5');
  expect(await asked({ numResults: 0 })).toBe('a1 a2 a3 a4 a5');
  expect(await asked({ numResults: 100 })).toBe('a1 a2 a3 a4 a5 a6');
});

it('says what a request lacks, or asks that cannot be', async () => {
  const { campaignArn, asked, filter, group } = await open();
  expect(await refusal(asked({ userId: undefined }))).toBe(
    'InvalidInputException: userId is required for recipes of type PERSONALIZED_ACTIONS.',
  );
  expect(await refusal(asked({ userId: '' }))).toMatch(/^InvalidInputException: userId is required/);
  expect(await refusal(asked({ campaignArn: undefined }))).toBe('InvalidInputException: campaignArn is required.');
  expect(await refusal(asked({ numResults: 101 }))).toBe(
    'InvalidInputException: numResults must be less than or equal to 100.',
  );
  expect(await refusal(asked({ campaignArn: arnFor('campaign/none') }))).toMatch(/^ResourceNotFoundException/);
  const forItems = bench.call('GetRecommendations', { campaignArn, userId: 'u1' });
  expect(await refusal(forItems)).toMatch(
    /^InvalidInputException: GetRecommendations does not apply to .* of type PERS/,
  );
  const step = steps(bench);
  const ofItems = await step.campaign(await step.version(await step.solution(group)));
  expect(await refusal(asked({ campaignArn: ofItems }))).toMatch(
    /^InvalidInputException: GetActionRecommendations does not apply to .* USER_PERSONALIZATION/,
  );
  const filterArn = await filter('INCLUDE UserID WHERE Users.TIER IN ("gold")');
  expect(await refusal(asked({ filterArn }))).toBe(
    `InvalidInputException: Filter ${filterArn} is about UserID; GetActionRecommendations needs one about ActionID.`,
  );
  expect(await refusal(asked({ filterArn: arnFor('filter/none') }))).toMatch(/^ResourceNotFoundException/);
  const withValues = await filter('INCLUDE ActionID WHERE Actions.VALUE > $LEAST');
  expect(await refusal(asked({ filterArn: withValues }))).toMatch(/^InvalidInputException: filterValues does not fit/);
  expect(await refusal(asked({ filterArn: withValues, filterValues: { LEAST: '"many"' } }))).toMatch(
    /^InvalidInputException: filterValues does not fit/,
  );
});

it('refuses filters of actions that the service applies itself, and those that mix datasets', async () => {
  const { filter } = await open();
  const refused = async (where: string) => await refusal(filter(`EXCLUDE ActionID WHERE ${where}`));
  expect(await refused('Actions.REPEAT_FREQUENCY > 3')).toContain('is applied without a filter');
  expect(await refused('Actions.ACTION_EXPIRATION_TIMESTAMP > 3')).toContain('is applied without a filter');
  expect(await refused('Action_Interactions.EVENT_TYPE IN ("*")')).toContain('Interactions alone');
  expect(await refused('Action_Interactions.TIMESTAMP > 3')).toContain('EVENT_TYPE is the only field');
  expect(await refused('Items.KIND = "x"')).toMatch(/^InvalidInputException/);
  expect(await refused('Actions.VALUE > 3 AND Action_Interactions.EVENT_TYPE IN ("Taken")')).toContain('two clauses');
});

it('filters by what is said of actions, as of the last PutActions', async () => {
  const { asked, filter, putAction, putUser } = await open();
  const valuable = await filter('INCLUDE ActionID WHERE Actions.VALUE > $LEAST');
  const atLeast = (least: number) => asked({ filterArn: valuable, filterValues: { LEAST: `${least}` } });
  expect(await atLeast(4)).toBe('a1 a3');
  await putAction('a2', { value: 7 });
  expect(await atLeast(4)).toBe('a1 a2 a3');
  await putAction('a3');
  await putAction('a7', { value: 10 });
  expect(await atLeast(4)).toBe('a1 a2 a7');
  const kinds = await filter('EXCLUDE ActionID WHERE Actions.KIND IN ("y", "z")');
  expect(await asked({ filterArn: kinds, numResults: 20 })).toBe('a1 a2 a3 a4 a7');
  const forGold = await filter('INCLUDE ActionID WHERE Actions.KIND IN ("x") IF CurrentUser.TIER = "gold"');
  expect(await asked({ filterArn: forGold, numResults: 2 })).toBe('a1 a2');
  await putUser('u1', 'gold');
  expect(await asked({ filterArn: forGold })).toBe('a1');
  expect(await asked({ filterArn: forGold, userId: 'other', numResults: 2 })).toBe('a1 a2');
});

it('filters by what the user did with actions, as of the last PutActionInteractions', async () => {
  const { asked, filter, putEvent } = await open();
  const untouched = await filter('EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken", "Not Taken")');
  const seen = await filter('INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ($TYPES)');
  expect(await asked({ filterArn: untouched })).toBe('a1 a2 a3 a4 a5');
  const TYPES = '"viewed"';
  expect(await asked({ filterArn: seen, filterValues: { TYPES } })).toBe('');
  await putEvent('u1', 'taken', 'a1');
  await putEvent('u1', 'NOT_TAKEN', 'a4');
  await putEvent('u1', 'Viewed', 'a5');
  await putEvent('u2', 'Taken', 'a5');
  expect(await asked({ filterArn: untouched })).toBe('a2 a3 a5');
  expect(await asked({ filterArn: seen, filterValues: { TYPES } })).toBe('a5');
  expect(await asked({ filterArn: seen, filterValues: { TYPES: '"not taken", "taken"' } })).toBe('a1 a4');
  expect(await asked({ filterArn: untouched, userId: 'u2' })).toBe('a1 a2 a3 a4');
});

it('considers the newest events of a user and type alone, as many as the quota says', async () => {
  const { asked, filter, putEvent } = await open({ actionInteractionsPerEventType: 2 });
  const untaken = await filter('EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken")');
  for (const action of ['a1', 'a2', 'a3']) await putEvent('u1', 'Taken', action);
  expect(await asked({ filterArn: untaken })).toBe('a1 a4 a5');
});

it('has read what filters of actions need before the first request, and nothing for filters of items', async () => {
  const { filter } = await open();
  await filter('EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken")');
  const views = () => bench.control.views().map(({ view }) => view);
  await expect.poll(views).toEqual(expect.arrayContaining(['action-attributes', 'action-events-by-type']));
  expect(views()).not.toContain('item-attributes');
  expect(views()).not.toContain('user-attributes');
});
