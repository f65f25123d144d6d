import { afterEach, beforeEach, expect, it } from 'vitest';
import { arnFor, type Bench, openBench, steps, withData } from '../control.fixture.ts';
import { families } from '../families.ts';
import { ownersAmong } from '../owners.ts';
import { deploymentCache } from './deployment-cache.ts';

let bench: Bench;
let group: string;
beforeEach(async () => {
  bench = await openBench();
  group = (await withData(bench)).group;
});
afterEach(() => bench.close());

const entryOf = (campaignArn: string) => deploymentCache(bench.parts, ownersAmong(families)).find(campaignArn);

async function campaign(recipe: string, enableMetadataWithRecommendations?: boolean) {
  const step = steps(bench);
  const name = `${recipe}-${enableMetadataWithRecommendations}`;
  const solutionVersionArn = await step.version(await step.solution(group, name, recipe));
  const campaignConfig = { enableMetadataWithRecommendations };
  await bench.call('CreateCampaign', { name, solutionVersionArn, campaignConfig });
  await bench.settled(arnFor(`campaign/${name}`));
  return arnFor(`campaign/${name}`);
}

it('knows the dataset group of the model, and which one of its name it is', async () => {
  const { database } = bench.parts;
  const row = await database.selectFrom('resources').selectAll().where('arn', '=', group).executeTakeFirst();
  expect(await entryOf(await campaign('aws-sims'))).toMatchObject({
    datasetGroupArn: group,
    datasetGroupSequence: row?.sequence,
  });
});

it('gives metadata by itself with the v2 recipes, and with others where the campaign says so', async () => {
  const gives = async (recipe: string, enabled?: boolean) =>
    (await entryOf(await campaign(recipe, enabled)))?.givesMetadata;
  expect(await gives('aws-user-personalization-v2')).toBe(true);
  expect(await gives('aws-personalized-ranking-v2')).toBe(true);
  expect(await gives('aws-sims')).toBe(false);
  expect(await gives('aws-sims', true)).toBe(true);
  expect(await gives('aws-user-personalization-v2', false)).toBe(false);
});
