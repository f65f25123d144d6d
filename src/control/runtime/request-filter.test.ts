import { expect, it } from 'vitest';
import { readFilter } from '../../serve/filters/checker.ts';
import { needsOf } from '../../serve/filters/needs.ts';
import { arnFor, caller, refusal } from '../control.fixture.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';
import { type FilterEntry, findFilter } from './request-filter.ts';

const string = { type: 'string', categorical: false, textual: false } as const;
const schemas = {
  ITEMS: { fields: [{ name: 'GENRE', ...string }] },
  USERS: { fields: [{ name: 'TIER', ...string }] },
  INTERACTIONS: { fields: [{ name: 'EVENT_TYPE', ...string }] },
};
const arn = arnFor('filter/dramas');
const group = arnFor('dataset-group/films');
const { account, region } = caller;

type Request = { readonly expression?: string; readonly userId?: string; readonly entry?: Partial<FilterEntry> };

/** Looks a filter up for a campaign of a recipe. */
async function found(recipeType: 'USER_PERSONALIZATION' | 'PERSONALIZED_RANKING' | 'RELATED_ITEMS', request: Request) {
  const { expression = 'INCLUDE ItemID WHERE Items.GENRE IN ("Drama")', userId, entry } = request;
  const filter = readFilter(expression, schemas);
  const groupFacts = { datasetGroupArn: group, datasetGroupSequence: 4 };
  const facts = { account, region, status: 'ACTIVE', sequence: 9, ...groupFacts };
  const filters = { find: async () => ({ ...facts, filter, needs: needsOf(filter), ...entry }) };
  const deployment = { ownerArn: arnFor('campaign/front-page'), recipeType, model: 'models/1/' };
  const ready = { account, region, kind: campaignKind, status: 'ACTIVE', createdAt: 0, deployment, ...groupFacts };
  return await findFilter(filters, arn, caller, ready, userId);
}

const refused = (...[recipeType, request]: Parameters<typeof found>) => refusal(found(recipeType, request));

it('finds a filter of the same dataset group that is about items', async () => {
  expect(await found('USER_PERSONALIZATION', {})).toMatchObject({ sequence: 9, filter: { subject: 'ItemID' } });
});

it('does not know filters of another account or region, and those that are not there', async () => {
  const unknown = `ResourceNotFoundException: Resource Arn ${arn} does not exist.`;
  expect(await refused('USER_PERSONALIZATION', { entry: { account: '210987654321' } })).toBe(unknown);
  expect(await refused('USER_PERSONALIZATION', { entry: { region: 'us-east-1' } })).toBe(unknown);
  const ready = { account, region, kind: campaignKind, status: 'ACTIVE', createdAt: 0 };
  const deployment = { ownerArn: 'arn', recipeType: 'USER_PERSONALIZATION', model: '' } as const;
  const none = { find: async () => undefined };
  expect(await refusal(findFilter(none, arn, caller, { ...ready, deployment }, 'u'))).toBe(unknown);
});

it('says which filters do not fit, and what to do', async () => {
  const other = { datasetGroupArn: arnFor('dataset-group/songs'), datasetGroupSequence: 5 };
  expect(await refused('USER_PERSONALIZATION', { entry: other })).toBe(
    `InvalidInputException: Filter ${arn} is of dataset group ${other.datasetGroupArn}, and campaign ` +
      `${arnFor('campaign/front-page')} of another one; use a filter of ${group}.`,
  );
  expect(await refused('USER_PERSONALIZATION', { entry: { status: 'CREATE FAILED' } })).toBe(
    `InvalidInputException: Filter ${arn} is in status CREATE FAILED; it must be ACTIVE.`,
  );
  const ofUsers = 'INCLUDE UserID WHERE Users.TIER IN ("gold")';
  expect(await refused('PERSONALIZED_RANKING', { expression: ofUsers })).toBe(
    `InvalidInputException: Filter ${arn} is about UserID; GetPersonalizedRanking needs one about ItemID.`,
  );
});

it('wants CurrentItem with related items alone', async () => {
  const expression = 'INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE';
  expect(await found('RELATED_ITEMS', { expression })).toBeDefined();
  expect(await refused('USER_PERSONALIZATION', { expression, userId: 'u' })).toBe(
    `InvalidInputException: Filter ${arn} compares to CurrentItem; only recipes of type RELATED_ITEMS have one, and ` +
      `that of ${arnFor('campaign/front-page')} is of type USER_PERSONALIZATION.`,
  );
});

it('wants the user of a filter that is about one', async () => {
  for (const expression of [
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
    'EXCLUDE ItemID WHERE Items.GENRE IN ("Horror") IF CurrentUser.TIER = "child"',
  ]) {
    expect(await found('RELATED_ITEMS', { expression, userId: 'u' })).toBeDefined();
    for (const userId of [undefined, '']) {
      expect(await refused('RELATED_ITEMS', { expression, userId })).toBe(
        `InvalidInputException: Filter ${arn} is about what a user has or did; give the userId in the request.`,
      );
    }
  }
});
