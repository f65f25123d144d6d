import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AdminOperationName, OperationName } from '../contract/operations.ts';
import { operations, serviceOperations } from '../contract/operations.ts';
import { validate } from '../contract/validate.ts';
import { type Bench, caller, itemsSchema, openBench, recipeArn } from './control.fixture.ts';
import { made, naming, nobodys, shapeOf, usualOf } from './tenants.fixture.ts';

const [ada, bob] = ['111111111111', '222222222222'];
const region = 'eu-west-1';

let bench: Bench;
/** What each of the two accounts has: the same, under the same names, by the member that names it. */
let owned: Readonly<Record<string, Readonly<Record<string, string>>>>;
beforeAll(async () => {
  bench = await openBench();
  owned = { [ada]: await furnish(ada), [bob]: await furnish(bob) };
});
afterAll(() => bench.close());

async function furnish(account: string): Promise<Record<string, string>> {
  const as = { account, region };
  const arn = (path: string) => `arn:aws:personalize:${region}:${account}:${path}`;
  const settle = async (path: string) => {
    await bench.settled(arn(path));
    return arn(path);
  };
  await bench.call('CreateDatasetGroup', { name: 'films' }, as);
  const datasetGroupArn = await settle('dataset-group/films');
  const fields = ['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' }));
  const schema = JSON.stringify({
    ...{ type: 'record', name: 'Interactions', namespace: 'com.amazonaws.personalize.schema', version: '1.0' },
    fields: [...fields, { name: 'TIMESTAMP', type: 'long' }],
  });
  await bench.call('CreateSchema', { name: 'events', schema }, as);
  await bench.call('CreateSchema', { name: 'items', schema: itemsSchema() }, as);
  const of = { name: 'data', datasetGroupArn };
  await bench.call('CreateDataset', { ...of, schemaArn: arn('schema/events'), datasetType: 'Interactions' }, as);
  await bench.call('CreateDataset', { ...of, schemaArn: arn('schema/items'), datasetType: 'Items' }, as);
  const datasetArn = await settle('dataset/films/INTERACTIONS');
  const dataSource = { dataLocation: 's3://data/rows.csv' };
  await bench.call('CreateDatasetImportJob', { jobName: 'first', datasetArn, dataSource }, as);
  const datasetImportJobArn = await settle('dataset-import-job/first');
  const tracker = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn }, as);
  const filterExpression = 'INCLUDE ItemID WHERE Items.GENRES IN ("Drama")';
  await bench.call('CreateFilter', { name: 'drama', datasetGroupArn, filterExpression }, as);
  const filterArn = await settle('filter/drama');
  const metrics = [{ eventType: 'buy', metricName: 'sales', expression: 'SAMPLECOUNT()' }];
  const metricsOutputConfig = { roleArn: `arn:aws:iam::${account}:role/any` };
  await bench.call('CreateMetricAttribution', { name: 'shop', datasetGroupArn, metrics, metricsOutputConfig }, as);
  const metricAttributionArn = await settle('metric-attribution/shop');
  const recipe = recipeArn('aws-user-personalization');
  await bench.call('CreateSolution', { name: 'likes', datasetGroupArn, recipeArn: recipe }, as);
  const solutionArn = await settle('solution/likes');
  const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn }, as);
  await bench.settled(solutionVersionArn);
  await bench.call('CreateCampaign', { name: 'front-page', solutionVersionArn }, as);
  const campaignArn = await settle('campaign/front-page');
  const jobs = await furnishJobs(as, { datasetGroupArn, datasetArn, solutionVersionArn, settle });
  const { eventTrackerArn = '', trackingId = '' } = tracker;
  const domain = 'VIDEO_ON_DEMAND';
  await bench.call('CreateDatasetGroup', { name: 'videos', domain }, as);
  await bench.call('CreateSchema', { name: 'watches', schema, domain }, as);
  const videos = { name: 'data', datasetGroupArn: arn('dataset-group/videos'), schemaArn: arn('schema/watches') };
  await bench.call('CreateDataset', { ...videos, datasetType: 'Interactions' }, as);
  const picks = { name: 'picks', recipeArn: recipeArn('aws-vod-top-picks') };
  await bench.call('CreateRecommender', { ...picks, datasetGroupArn: videos.datasetGroupArn }, as);
  const recommenderArn = await settle('recommender/picks');
  return {
    ...{ datasetGroupArn, datasetArn, datasetImportJobArn, schemaArn: arn('schema/events'), solutionArn, campaignArn },
    ...{ solutionVersionArn, filterArn, eventTrackerArn, trackingId, resourceArn: datasetGroupArn, recommenderArn },
    ...{ job: datasetImportJobArn, dataset: datasetArn, datasetGroup: datasetGroupArn, metricAttributionArn },
    ...jobs,
  };
}

/** A job of each kind that leads to files. */
async function furnishJobs(
  as: { readonly account: string; readonly region: string },
  { datasetGroupArn, datasetArn, solutionVersionArn, settle }: JobSubjects,
): Promise<Record<string, string>> {
  const roleArn = `arn:aws:iam::${as.account}:role/any`;
  const { jobInput, jobOutput } = usualOf(as.account);
  const lines = { jobName: 'first', jobInput, jobOutput, roleArn };
  await bench.call('CreateBatchInferenceJob', { ...lines, solutionVersionArn }, as);
  const segments = { name: 'segments', datasetGroupArn, recipeArn: recipeArn('aws-item-affinity') };
  const { solutionArn = '' } = await bench.call('CreateSolution', segments, as);
  const version = (await bench.call('CreateSolutionVersion', { solutionArn }, as)).solutionVersionArn ?? '';
  await bench.settled(version);
  await bench.call('CreateBatchSegmentJob', { ...lines, solutionVersionArn: version }, as);
  await bench.call('CreateDatasetExportJob', { jobName: 'first', datasetArn, jobOutput, roleArn }, as);
  const dataSource = { dataLocation: 's3://data/rows.csv' };
  await bench.call('CreateDataDeletionJob', { jobName: 'first', datasetGroupArn, dataSource, roleArn }, as);
  return {
    batchInferenceJobArn: await settle('batch-inference-job/first'),
    batchSegmentJobArn: await settle('batch-segment-job/first'),
    datasetExportJobArn: await settle('dataset-export-job/first'),
    dataDeletionJobArn: await settle('data-deletion-job/first'),
  };
}

type JobSubjects = {
  readonly datasetGroupArn: string;
  readonly datasetArn: string;
  readonly solutionVersionArn: string;
  settle(path: string): Promise<string>;
};

const usual = usualOf(bob);

/** What another account is answered: an output, or code and message. */
async function answerTo<O extends OperationName>(name: O, input: unknown): Promise<string> {
  try {
    const { control } = bench;
    const output = await control.dispatch(name, validate(name, input), { ...caller, account: bob, region });
    return JSON.stringify(output);
  } catch (error) {
    return String(error);
  }
}

const admin: readonly AdminOperationName[] = ['ListEvents', 'ListImports', 'ListAttributionCounts', 'Explain'];
/** Operations whose input names nothing that an account has made. Any other one must be asked about such a thing. */
const namesNothing = [
  ...['CreateDatasetGroup', 'ListDatasetGroups', 'CreateSchema', 'ListSchemas'],
  ...['ListRecipes', 'DescribeRecipe', 'DescribeAlgorithm', 'DescribeFeatureTransformation'],
];

const names = [...Object.keys(serviceOperations), ...admin].filter((name): name is OperationName => name in operations);

const rowsOf = async (account: string) => {
  const { database } = bench.parts;
  const resources = await database.selectFrom('resources').selectAll().where('account', '=', account).execute();
  const tags = await database.selectFrom('tags').selectAll().where('resource_arn', 'like', `%${account}%`).execute();
  const log = await database.selectFrom('record_log').select(['dataset_arn', 'records']).execute();
  const records = log.filter(({ dataset_arn }) => dataset_arn.includes(account));
  return JSON.stringify([resources, tags, records]);
};

it('answers what names things of another account as what names nothing, and changes nothing there', async () => {
  const before = await rowsOf(ada);
  const [hers = {}, his = {}] = [owned[ada], owned[bob]];
  const asked: string[] = [];
  for (const name of names) {
    const shape = shapeOf(name);
    for (const member of naming(shape, hers)) {
      const at = hers[member] ?? '';
      const none = nobodys(member, at);
      // All else is the caller's own.
      const alone = admin.some((operation) => operation === name);
      const own = Object.fromEntries(naming(shape, hers).map((other) => [other, his[other] ?? '']));
      const others = { ...usual, ...(!alone && own) };
      const foreign = await answerTo(name, made(shape, { ...others, [member]: at }));
      const missing = await answerTo(name, made(shape, { ...others, [member]: none }));
      expect(foreign.replaceAll(at, '…'), `${name} with ${member}`).toBe(missing.replaceAll(none, '…'));
      asked.push(`${name} ${member}`);
    }
  }
  const unasked = names.filter((name) => !asked.some((each) => each.startsWith(`${name} `)));
  // One that is added must get something of each account above.
  expect(unasked.toSorted()).toEqual(namesNothing.toSorted());
  expect(asked.length).toBeGreaterThan(70);
  expect(asked).toContain('GetRecommendations filterArn');
  expect(asked).toContain('PutEvents trackingId');
  expect(await rowsOf(ada)).toBe(before);
});

it('lists nothing of another account', async () => {
  for (const name of names.filter((each) => each.startsWith('List'))) {
    const shape = shapeOf(name);
    expect(await answerTo(name, made(shape, {})), name).not.toContain(ada);
  }
});
