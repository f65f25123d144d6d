import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal, steps, withData } from '../control.fixture.ts';
import { WorkFailed } from '../jobs/job.ts';

let bench: Bench;
let group: string;
let solutionArn: string;
let version: string;
beforeEach(async () => {
  bench = await openBench();
  group = (await withData(bench)).group;
  solutionArn = await steps(bench).solution(group);
  version = await steps(bench).version(solutionArn);
});
afterEach(() => bench.close());

const campaignArn = arnFor('campaign/front-page');
const create = (more: Partial<Input<'CreateCampaign'>> = {}) =>
  bench.call('CreateCampaign', { name: 'front-page', solutionVersionArn: version, ...more });
const update = (more: Partial<Input<'UpdateCampaign'>>) => bench.call('UpdateCampaign', { campaignArn, ...more });
const describeCampaign = async () => (await bench.call('DescribeCampaign', { campaignArn })).campaign;
const servedModel = async () => {
  await bench.call('GetRecommendations', { campaignArn, userId: 'u' });
  return bench.asked.at(-1);
};
const latest = () => ({
  solutionVersionArn: `${solutionArn}/$LATEST`,
  campaignConfig: { syncWithLatestSolutionVersion: true },
});

it('serves its version once the model is loaded', async () => {
  bench.preparing.hold();
  expect(await create({ minProvisionedTPS: 3 })).toEqual({ campaignArn });
  expect(await refusal(bench.call('GetRecommendations', { campaignArn, userId: 'u' }))).toMatch(
    /^InvalidInputException: Campaign .* is in status CREATE (PENDING|IN_PROGRESS); it must be ACTIVE\.$/,
  );
  bench.preparing.release();
  expect(await bench.settled(campaignArn)).toBe('ACTIVE');
  expect(bench.prepared).toHaveLength(1);
  const campaign = await describeCampaign();
  expect(campaign).toMatchObject({
    name: 'front-page',
    status: 'ACTIVE',
    solutionVersionArn: version,
    minProvisionedTPS: 3,
    campaignConfig: { itemExplorationConfig: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' } },
  });
  expect(campaign?.latestCampaignUpdate).toBeUndefined();
  expect((await bench.call('ListCampaigns', { solutionArn })).campaigns).toMatchObject([{ campaignArn }]);
  expect((await bench.call('ListCampaigns', { solutionArn: arnFor('solution/x') })).campaigns).toEqual([]);
});

it('goes on with the old version until the new one is loaded, and then answers from the new one at once', async () => {
  await steps(bench).campaign(version);
  const old = await servedModel();
  const second = await steps(bench).version(solutionArn);
  bench.preparing.hold();
  await update({ solutionVersionArn: second });
  await expect.poll(async () => (await describeCampaign())?.latestCampaignUpdate?.status).toBe('CREATE IN_PROGRESS');
  expect(await describeCampaign()).toMatchObject({ status: 'ACTIVE', solutionVersionArn: version });
  expect(await servedModel()).toEqual(old);
  expect(await refusal(update({ minProvisionedTPS: 2 }))).toMatch(/^ResourceInUseException/);
  expect(await refusal(bench.call('DeleteCampaign', { campaignArn }))).toMatch(/^ResourceInUseException/);
  expect(await refusal(bench.call('DeleteSolution', { solutionArn }))).toMatch(/^ResourceInUseException/);
  bench.preparing.release();
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    solutionVersionArn: second,
    latestCampaignUpdate: { status: 'ACTIVE', solutionVersionArn: second },
  });
  await expect.poll(servedModel).not.toEqual(old);
  expect(bench.released).toEqual([`${campaignArn} ${bench.prepared.at(-1)}`]);
});

it('leaves the exploration settings behind when it moves to a recipe that has none', async () => {
  await steps(bench).campaign(version);
  const popular = await steps(bench).solution(group, 'popular', 'aws-popularity-count');
  const solutionVersionArn = await steps(bench).version(popular);
  await update({ solutionVersionArn });
  await bench.settled(campaignArn);
  const moved = await describeCampaign();
  expect(moved).toMatchObject({ status: 'ACTIVE', solutionVersionArn });
  expect(moved?.campaignConfig).toEqual({});
  await update({ solutionVersionArn: version });
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    campaignConfig: { itemExplorationConfig: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' } },
  });
});

it('keeps that its answers may have metadata, until an update says otherwise', async () => {
  const metadata = (enableMetadataWithRecommendations: boolean) => ({
    campaignConfig: { enableMetadataWithRecommendations, rankingInfluence: {} },
  });
  await create(metadata(true));
  await bench.settled(campaignArn);
  expect((await describeCampaign())?.campaignConfig).toMatchObject({ enableMetadataWithRecommendations: true });
  await update({ minProvisionedTPS: 2 });
  await bench.settled(campaignArn);
  expect((await describeCampaign())?.campaignConfig).toMatchObject({ enableMetadataWithRecommendations: true });
  await update({ campaignConfig: {} });
  await bench.settled(campaignArn);
  expect((await describeCampaign())?.campaignConfig).not.toHaveProperty('enableMetadataWithRecommendations');
});

it('keeps what it serves when an update fails', async () => {
  await steps(bench).campaign(version);
  const old = await servedModel();
  const second = await steps(bench).version(solutionArn);
  const models = await modelsOf(second);
  await bench.parts.database.updateTable('resources').set({ document: models }).where('arn', '=', second).execute();
  await update({ solutionVersionArn: second });
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    status: 'ACTIVE',
    solutionVersionArn: version,
    latestCampaignUpdate: { status: 'CREATE FAILED', failureReason: `Solution version ${second} has no model.` },
  });
  expect(await servedModel()).toEqual(old);
});

it('comes to life by an update when its creation has failed', async () => {
  bench.preparing.hold();
  await create();
  bench.preparing.release(new WorkFailed('The model is larger than the memory.'));
  expect(await bench.settled(campaignArn)).toBe('CREATE FAILED');
  expect((await describeCampaign())?.failureReason).toBe('The model is larger than the memory.');
  expect(await refusal(servedModel())).toMatch(/^InvalidInputException/);
  bench.preparing.hold();
  bench.preparing.release();
  await update({ minProvisionedTPS: 2 });
  expect(await bench.settled(campaignArn)).toBe('ACTIVE');
  const campaign = await describeCampaign();
  expect(campaign?.failureReason).toBeUndefined();
  expect(await servedModel()).toMatchObject({ ownerArn: campaignArn });
});

/** The version's document without its model. */
async function modelsOf(arn: string): Promise<string> {
  const query = bench.parts.database.selectFrom('resources').select('document').where('arn', '=', arn);
  const { document } = await query.executeTakeFirstOrThrow();
  return JSON.stringify({ ...JSON.parse(document), model: undefined });
}

it('follows its solution if asked to', async () => {
  await create(latest());
  await bench.settled(campaignArn);
  expect((await describeCampaign())?.solutionVersionArn).toBe(version);
  const second = await steps(bench).version(solutionArn);
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({ solutionVersionArn: second, status: 'ACTIVE' });
  expect(bench.prepared).toHaveLength(2);
});

it.each(['creation', 'update'])('catches up with a version that became ACTIVE during a %s that fails', async (work) => {
  if (work === 'update') {
    await create(latest());
    await bench.settled(campaignArn);
  }
  bench.preparing.hold();
  const failing = work === 'update' ? await steps(bench).version(solutionArn) : version;
  if (work === 'creation') await create(latest());
  const inProgress = async () => {
    const campaign = await describeCampaign();
    return campaign?.latestCampaignUpdate?.status ?? campaign?.status;
  };
  await expect.poll(inProgress).toBe('CREATE IN_PROGRESS');
  const newest = await steps(bench).version(solutionArn);
  expect((await describeCampaign())?.solutionVersionArn).not.toBe(newest);
  expect(newest).not.toBe(failing);
  bench.preparing.release(new WorkFailed('The model is larger than the memory.'));
  bench.preparing.hold();
  bench.preparing.release();
  await expect.poll(async () => (await describeCampaign())?.solutionVersionArn).toBe(newest);
  expect((await describeCampaign())?.status).toBe('ACTIVE');
});

it('does not try a version again by itself that it could not load', async () => {
  await create(latest());
  await bench.settled(campaignArn);
  bench.preparing.hold();
  await steps(bench).version(solutionArn);
  bench.preparing.release(new WorkFailed('The model is larger than the memory.'));
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    status: 'ACTIVE',
    solutionVersionArn: version,
    latestCampaignUpdate: { status: 'CREATE FAILED' },
  });
});

it('catches up with a version that became ACTIVE while it was busy', async () => {
  bench.preparing.hold();
  await create(latest());
  await expect.poll(async () => (await describeCampaign())?.status).toBe('CREATE IN_PROGRESS');
  const second = await steps(bench).version(solutionArn);
  bench.preparing.release();
  await expect.poll(async () => (await describeCampaign())?.solutionVersionArn).toBe(second);
});

it('wants $LATEST and syncWithLatestSolutionVersion together', async () => {
  expect(await refusal(create({ ...latest(), campaignConfig: undefined }))).toBe(
    'InvalidInputException: $LATEST needs syncWithLatestSolutionVersion to be true.',
  );
  expect(await refusal(create({ campaignConfig: { syncWithLatestSolutionVersion: true } }))).toBe(
    'InvalidInputException: syncWithLatestSolutionVersion needs a solutionVersionArn of the form SolutionArn/$LATEST.',
  );
  const step = steps(bench);
  const empty = await step.solution(arnFor('dataset-group/films'), 'untrained');
  expect(await refusal(create({ ...latest(), solutionVersionArn: `${empty}/$LATEST` }))).toBe(
    `ResourceInUseException: Solution ${empty} has no solution version in status ACTIVE.`,
  );
  await create();
  await bench.settled(campaignArn);
  await update(latest());
  await bench.settled(campaignArn);
  await update({ minProvisionedTPS: 4 });
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    minProvisionedTPS: 4,
    campaignConfig: { syncWithLatestSolutionVersion: true },
  });
  await update({ campaignConfig: { syncWithLatestSolutionVersion: false } });
  await bench.settled(campaignArn);
  expect(await describeCampaign()).toMatchObject({
    solutionVersionArn: version,
    campaignConfig: { syncWithLatestSolutionVersion: false },
  });
});

it('refuses versions that are not ACTIVE, bare solutions, taken names and settings that it does not have', async () => {
  bench.training.hold();
  const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn });
  expect(await refusal(create({ solutionVersionArn }))).toMatch(
    /^ResourceInUseException: Resource .* must be ACTIVE\.$/,
  );
  bench.training.release();
  expect(await refusal(create({ solutionVersionArn: solutionArn }))).toBe(
    `ResourceNotFoundException: Resource Arn ${solutionArn} does not exist.`,
  );
  const influences: { [key: string]: number }[] = [{ POPULARITY: 0.5 }, { FRESHNESS: 0 }];
  for (const rankingInfluence of influences) {
    expect(await refusal(create({ campaignConfig: { rankingInfluence } }))).toBe(
      'InvalidInputException: rankingInfluence does not apply to the recipe aws-user-personalization.',
    );
  }
  const twice = { rankingInfluence: { POPULARITY: 2 } };
  expect(await refusal(create({ campaignConfig: twice }))).toContain(
    "'campaignConfig.rankingInfluence.POPULARITY' failed to satisfy constraint: Member must have value less than or equal to 1",
  );
  const exploring = (itemExplorationConfig: { [key: string]: string }) =>
    refusal(create({ campaignConfig: { itemExplorationConfig } }));
  for (const explorationWeight of ['1.1', '', ' 0.5 ', '0x1']) {
    expect(await exploring({ explorationWeight })).toBe(
      `InvalidInputException: explorationWeight ${explorationWeight} is invalid; it must be a number from 0 to 1.`,
    );
  }
  for (const explorationItemAgeCutOff of ['0.5', '0x10', ' 30', '1e999']) {
    expect(await exploring({ explorationItemAgeCutOff })).toBe(
      `InvalidInputException: explorationItemAgeCutOff ${explorationItemAgeCutOff} is invalid; it must be a number of at least 1.`,
    );
  }
  expect(await exploring({ curiosity: '1' })).toMatch(/^InvalidInputException: curiosity is not a member/);
  await create();
  expect(await refusal(create())).toMatch(/^ResourceAlreadyExistsException/);
  expect(await refusal(update({}))).toMatch(/^InvalidInputException/);
});

it('is one of at most five of its group', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await create({ name });
  expect(await refusal(create())).toBe(
    'LimitExceededException: Cannot create a campaign. More than 5 resources in ACTIVE state. Please delete some and try again.',
  );
});

it('answers no more once it is deleted, and its model leaves memory', async () => {
  await steps(bench).campaign(version);
  await servedModel();
  await bench.control.stop();
  await bench.call('DeleteCampaign', { campaignArn });
  const gone = `ResourceNotFoundException: Resource Arn ${campaignArn} does not exist.`;
  expect(await refusal(servedModel())).toBe(gone);
  expect(bench.released).toEqual([`${campaignArn} all`]);
  expect(await refusal(bench.call('DeleteCampaign', { campaignArn }))).toBe(gone);
});

it('can be deleted neither while it is created nor while it is updated', async () => {
  const remove = () => refusal(bench.call('DeleteCampaign', { campaignArn }));
  bench.preparing.hold();
  await create();
  expect(await remove()).toMatch(/^ResourceInUseException: .* is in status CREATE (PENDING|IN_PROGRESS)/);
  bench.preparing.release();
  await bench.settled(campaignArn);
  bench.preparing.hold();
  await update({ minProvisionedTPS: 2 });
  expect(await remove()).toMatch(/^ResourceInUseException: .* has an update in status CREATE (PENDING|IN_PROGRESS)/);
  bench.preparing.release();
  await bench.settled(campaignArn);
});

describe('on another node', () => {
  const removeElsewhere = () => bench.parts.database.deleteFrom('resources').where('arn', '=', campaignArn).execute();

  it('shows a change within a second or so of requests', async () => {
    await steps(bench).campaign(version);
    await servedModel();
    await removeElsewhere();
    bench.advance(1500);
    await servedModel();
    await expect.poll(() => refusal(servedModel())).toMatch(/^ResourceNotFoundException/);
  });

  it('shows a change to the first request after a pause', async () => {
    await steps(bench).campaign(version);
    await servedModel();
    await removeElsewhere();
    bench.advance(2500);
    expect(await refusal(servedModel())).toMatch(/^ResourceNotFoundException/);
  });

  it('answers as last known while the database does not', async () => {
    await steps(bench).campaign(version);
    const model = await servedModel();
    const { schema } = bench.parts.database;
    await schema.alterTable('resources').renameTo('away').execute();
    bench.advance(60_000);
    expect(await servedModel()).toEqual(model);
    await schema.alterTable('away').renameTo('resources').execute();
    await removeElsewhere();
    bench.advance(60_000);
    expect(await refusal(servedModel())).toMatch(/^ResourceNotFoundException/);
  });
});

it('serves no recipe of segments', async () => {
  const name = 'segments';
  const settings = { datasetGroupArn: group, recipeArn: recipeArn('aws-item-affinity'), performAutoTraining: false };
  await bench.call('CreateSolution', { name, ...settings });
  const solutionVersionArn = await steps(bench).version(arnFor(`solution/${name}`));
  expect(await refusal(bench.call('CreateCampaign', { name, solutionVersionArn }))).toBe(
    'InvalidInputException: A campaign cannot serve recipe aws-item-affinity of type USER_SEGMENTATION. Use CreateBatchSegmentJob instead.',
  );
});
