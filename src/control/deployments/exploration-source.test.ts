import { afterEach, beforeEach, expect, it } from 'vitest';
import { arnFor, type Bench, openBench, steps, withData } from '../control.fixture.ts';
import { families } from '../families.ts';
import { ownersAmong } from '../owners.ts';
import { explorationSourceOf } from './exploration-source.ts';

const owners = ownersAmong(families);

let bench: Bench;
let group: string;
beforeEach(async () => {
  bench = await openBench();
  group = (await withData(bench)).group;
});
afterEach(() => bench.close());

const versionOf = async (recipe: string) => {
  const step = steps(bench);
  return await step.version(await step.solution(group, recipe.replace('aws-', ''), recipe));
};

async function sourceOf(campaign: string) {
  const { database } = bench.parts;
  const found = await owners.deployments.find(database, arnFor(`campaign/${campaign}`));
  return found && (await explorationSourceOf(owners, database, found));
}

const day = 86_400;

it('explores as much as the campaign says, from its next update on', async () => {
  const solutionVersionArn = await versionOf('aws-user-personalization');
  const explores = async (name: string, itemExplorationConfig: Record<string, string>) => {
    await bench.call('CreateCampaign', { name, solutionVersionArn, campaignConfig: { itemExplorationConfig } });
    expect(await bench.settled(arnFor(`campaign/${name}`))).toBe('ACTIVE');
    return await sourceOf(name);
  };
  const common = {
    sequence: expect.any(Number),
    datasetGroupArn: group,
    itemAgeSeconds: 30 * day,
    givesReasons: false,
  };
  expect(await explores('default', {})).toEqual({ ...common, rate: expect.closeTo(0.09, 10) });
  expect(await explores('always', { explorationWeight: '1', explorationItemAgeCutOff: '1.5' })).toEqual({
    ...common,
    rate: 1,
    itemAgeSeconds: 1.5 * day,
  });
  const { itemAgeSeconds } = (await explores('whatever-age', { explorationItemAgeCutOff: '1e308' })) ?? {};
  expect(itemAgeSeconds).toBe(Number.MAX_SAFE_INTEGER);
  expect(await explores('never', { explorationWeight: '0' })).toBeUndefined();

  const campaignConfig = { itemExplorationConfig: { explorationWeight: '0.5' } };
  await bench.call('UpdateCampaign', { campaignArn: arnFor('campaign/never'), campaignConfig });
  await bench.settled(arnFor('campaign/never'));
  expect(await sourceOf('never')).toEqual({ ...common, rate: 0.25 });
});

it('explores by itself with v2, and not at all with recipes that do not', async () => {
  for (const recipe of [
    'aws-user-personalization-v2',
    'aws-popularity-count',
    'aws-sims',
    'aws-personalized-ranking',
  ]) {
    await steps(bench).campaign(await versionOf(recipe), recipe);
  }
  expect(await sourceOf('aws-user-personalization-v2')).toEqual({
    sequence: expect.any(Number),
    datasetGroupArn: group,
    rate: 0.01,
    itemAgeSeconds: 30 * day,
    givesReasons: true,
  });
  for (const recipe of ['aws-popularity-count', 'aws-sims', 'aws-personalized-ranking']) {
    expect(await sourceOf(recipe)).toBeUndefined();
  }
});
