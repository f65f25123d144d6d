import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ options: ['--update-hours', '0'] });
});
afterAll(() => server[Symbol.asyncDispose]());

test('answers come while a training is under way, and from the old model after one that failed', async () => {
  const { personalize, runtime } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const bring = async (name: string, csv: string) => {
    const location = await putObject(server.buckets, 'films', `${name}.csv`, csv);
    expect(await create.importJob(await create.startImport(datasetArn, name, location))).toMatchObject({
      status: 'ACTIVE',
    });
  };
  await bring('all', twoTastes({ usersATaste: 1500 }));
  const solutionArn = await create.solution(datasetGroupArn, 'similar', 'aws-sims');
  const first = await create.startVersion(solutionArn);
  expect(await create.version(first)).toMatchObject({ status: 'ACTIVE' });
  const { campaignArn } = await personalize.createCampaign({
    name: 'similar',
    solutionVersionArn: `${solutionArn}/$LATEST`,
    campaignConfig: { syncWithLatestSolutionVersion: true },
  });
  const served = async () => {
    const { itemList = [] } = await runtime.getRecommendations({ campaignArn, itemId: 'a3' });
    return itemList.map(({ itemId }) => itemId);
  };
  await expect.poll(() => served().catch(() => [])).toHaveLength(25);
  const before = await served();

  const slow = await create.solution(datasetGroupArn, 'slow', 'aws-user-personalization-v2');
  const training = await create.startVersion(slow);
  const status = async () =>
    (await personalize.describeSolutionVersion({ solutionVersionArn: training })).solutionVersion?.status;
  await expect.poll(status).toBe('CREATE IN_PROGRESS');
  for (let n = 0; n < 20; n++) expect(await served()).toEqual(before);
  expect(await status()).toBe('CREATE IN_PROGRESS');
  await personalize.stopSolutionVersionCreation({ solutionVersionArn: training });

  await bring('few', twoTastes({ usersATaste: 10 }));
  const failed = await create.version(await create.startVersion(solutionArn));
  expect(failed).toMatchObject({ status: 'CREATE FAILED', failureReason: expect.stringContaining('1000') });
  expect(await served()).toEqual(before);
  const { campaign } = await personalize.describeCampaign({ campaignArn });
  expect(campaign).toMatchObject({ status: 'ACTIVE', solutionVersionArn: first });
});
