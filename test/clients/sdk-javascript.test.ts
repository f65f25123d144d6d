import {
  InvalidInputException,
  InvalidNextTokenException,
  paginateListRecipes,
  paginateListSolutions,
  ResourceAlreadyExistsException,
  ResourceInUseException,
  ResourceNotFoundException,
  TooManyTagsException,
} from '@aws-sdk/client-personalize';
import { ResourceNotFoundException as RuntimeNotFound } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { active, clients, gone, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes, twoTastesItems } from '../support/two-tastes.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('the AWS SDK for JavaScript goes from data to recommendations and cleans up', async () => {
  const { personalize, runtime } = clients(server.url);
  const create = steps({ personalize });

  const datasetGroupArn = await create.datasetGroup('films');
  await expect(personalize.createDatasetGroup({ name: 'films' })).rejects.toThrow(ResourceAlreadyExistsException);
  const interactions = await create.dataset(datasetGroupArn, 'Interactions', 'watches', schemas.interactions);
  const items = await create.dataset(datasetGroupArn, 'Items', 'films', schemas.items);
  const [watched, known] = await Promise.all([
    putObject(server.buckets, 'films', 'watched/part-1.csv', twoTastes()),
    putObject(server.buckets, 'films', 'items.csv', twoTastesItems()),
  ]);
  const imports = await Promise.all([
    create.startImport(interactions, 'watches', watched.replace('part-1.csv', '')),
    create.startImport(items, 'films', known),
  ]);
  for (const arn of imports) expect((await create.importJob(arn))?.status).toBe('ACTIVE');

  const missing = await create.startImport(items, 'nowhere', 's3://films/nowhere.csv');
  const failed = await create.importJob(missing);
  expect(failed?.status).toBe('CREATE FAILED');
  expect(failed?.failureReason).toContain('s3://films/nowhere.csv');

  const solutionArn = await create.solution(datasetGroupArn, 'personal', 'aws-user-personalization', {
    algorithmHyperParameters: { hidden_dimension: '32' },
  });
  const refused = create.solution(datasetGroupArn, 'refused', 'aws-user-personalization', {
    algorithmHyperParameters: { hidden_dimension: '1' },
  });
  await expect(refused).rejects.toThrow(InvalidInputException);
  const solutionVersionArn = await create.startVersion(solutionArn);
  const version = await create.version(solutionVersionArn);
  expect(version).toMatchObject({
    status: 'ACTIVE',
    trainingMode: 'FULL',
    trainingType: 'MANUAL',
    solutionConfig: { algorithmHyperParameters: { hidden_dimension: '32' } },
  });
  expect(version?.creationDateTime).toBeInstanceOf(Date);
  const { metrics } = await personalize.getSolutionMetrics({ solutionVersionArn });
  expect(metrics?.normalized_discounted_cumulative_gain_at_25).toBeGreaterThan(0);

  const stopped = await create.startVersion(solutionArn);
  await personalize.stopSolutionVersionCreation({ solutionVersionArn: stopped });
  expect((await create.version(stopped))?.status).toBe('CREATE STOPPED');

  const campaignArn = await create.campaign('personal', solutionVersionArn);
  const { itemList = [], recommendationId } = await runtime.getRecommendations({
    campaignArn,
    userId: 'ua1',
    numResults: 10,
  });
  expect(recommendationId).toMatch(/^RID-[\da-f-]{36}$/);
  expect(itemList).toHaveLength(10);
  expect(itemList.filter(({ itemId }) => itemId?.startsWith('a')).length).toBeGreaterThanOrEqual(8);
  await expect(runtime.getRecommendations({ campaignArn: `${campaignArn}-gone`, userId: 'ua1' })).rejects.toThrow(
    RuntimeNotFound,
  );

  // The campaign follows the solution's newest version by itself.
  await personalize.updateCampaign({
    campaignArn,
    solutionVersionArn: `${solutionArn}/$LATEST`,
    campaignConfig: { syncWithLatestSolutionVersion: true },
  });
  const update = async () => (await personalize.describeCampaign({ campaignArn })).campaign;
  await active(async () => (await update())?.latestCampaignUpdate);
  const newest = await create.startVersion(solutionArn);
  expect((await create.version(newest))?.status).toBe('ACTIVE');
  await expect.poll(async () => (await update())?.solutionVersionArn).toBe(newest);

  await expect(personalize.listCampaigns({ nextToken: 'no token of yours' })).rejects.toThrow(
    InvalidNextTokenException,
  );
  await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count');
  const names: (string | undefined)[] = [];
  const client = personalize;
  for await (const page of paginateListSolutions({ client, pageSize: 1 }, { datasetGroupArn })) {
    names.push(...(page.solutions ?? []).map(({ name }) => name));
  }
  expect(names.sort()).toEqual(['personal', 'popular']);
  for await (const { recipes = [] } of paginateListRecipes({ client, pageSize: 2 }, {})) {
    for (const { status } of recipes) expect(status).toBe('ACTIVE');
  }

  const tags = Array.from({ length: 51 }, (_, i) => ({ tagKey: `key-${i}`, tagValue: '' }));
  await expect(personalize.tagResource({ resourceArn: campaignArn, tags })).rejects.toThrow(TooManyTagsException);
  await personalize.tagResource({ resourceArn: campaignArn, tags: tags.slice(0, 2) });
  await personalize.untagResource({ resourceArn: campaignArn, tagKeys: ['key-0'] });
  expect((await personalize.listTagsForResource({ resourceArn: campaignArn })).tags).toEqual([
    { tagKey: 'key-1', tagValue: '' },
  ]);

  await expect(personalize.deleteSolution({ solutionArn })).rejects.toThrow(ResourceInUseException);
  await personalize.deleteCampaign({ campaignArn });
  await gone(() => personalize.describeCampaign({ campaignArn }));
  const { solutions = [] } = await personalize.listSolutions({ datasetGroupArn });
  for (const { solutionArn } of solutions) {
    await personalize.deleteSolution({ solutionArn });
    await gone(() => personalize.describeSolution({ solutionArn }));
  }
  await expect(personalize.describeSolutionVersion({ solutionVersionArn })).rejects.toThrow(ResourceNotFoundException);
  for (const datasetArn of [interactions, items]) {
    const schemaArn = (await personalize.describeDataset({ datasetArn })).dataset?.schemaArn;
    await personalize.deleteDataset({ datasetArn });
    await gone(() => personalize.describeDataset({ datasetArn }));
    await personalize.deleteSchema({ schemaArn });
  }
  await personalize.deleteDatasetGroup({ datasetGroupArn });
  await gone(() => personalize.describeDatasetGroup({ datasetGroupArn }));
  expect((await personalize.listDatasetGroups({})).datasetGroups).toEqual([]);
});
