import { afterEach, beforeEach, expect, it } from 'vitest';
import { arnFor, type Bench, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ quotas: { tagsPerResource: 3 } });
});
afterEach(() => bench.close());

const tag = (tagKey: string, tagValue = '') => ({ tagKey, tagValue });
const resourceArn = arnFor('dataset-group/films');
const listed = async (arn = resourceArn) => (await bench.call('ListTagsForResource', { resourceArn: arn })).tags;
const add = (...tags: { tagKey: string; tagValue: string }[]) => bench.call('TagResource', { resourceArn, tags });

it('comes with a resource and can be added, overwritten and removed', async () => {
  await bench.call('CreateDatasetGroup', { name: 'films', tags: [tag('team', 'search'), tag('Team', 'ads')] });
  await bench.settled(resourceArn);
  expect(await listed()).toEqual([tag('Team', 'ads'), tag('team', 'search')]);
  expect(await add(tag('team', 'feed'), tag('stage', 'test'))).toEqual({});
  expect(await listed()).toEqual([tag('Team', 'ads'), tag('stage', 'test'), tag('team', 'feed')]);
  expect(await bench.call('UntagResource', { resourceArn, tagKeys: ['Team', 'none'] })).toEqual({});
  expect(await listed()).toEqual([tag('stage', 'test'), tag('team', 'feed')]);
});

it('counts tags in all', async () => {
  const three = [tag('a'), tag('b'), tag('c')];
  expect(await refusal(bench.call('CreateDatasetGroup', { name: 'films', tags: [...three, tag('d')] }))).toBe(
    'TooManyTagsException: A resource cannot have more than 3 tags.',
  );
  await bench.call('CreateDatasetGroup', { name: 'films', tags: three });
  expect(await refusal(add(tag('d')))).toBe('TooManyTagsException: A resource cannot have more than 3 tags.');
  await add(tag('a', 'new'));
  expect(await refusal(bench.call('UntagResource', { resourceArn, tagKeys: ['a', 'b', 'c', 'd'] }))).toBe(
    'TooManyTagKeysException: No more than 3 tag keys can be removed at a time.',
  );
});

it('refuses reserved and repeated keys', async () => {
  await bench.call('CreateDatasetGroup', { name: 'films' });
  expect(await refusal(add(tag('aws:stack')))).toBe(
    'InvalidInputException: Tag key aws:stack is invalid: the prefix aws: is reserved.',
  );
  expect(await refusal(add(tag('a'), tag('a')))).toBe('InvalidInputException: Tag key a is given more than once.');
});

it('is for resources that exist and may have tags', async () => {
  const none = arnFor('dataset-group/none');
  const notFound = `ResourceNotFoundException: Resource Arn ${none} does not exist.`;
  expect(await refusal(listed(none))).toBe(notFound);
  expect(await refusal(bench.call('TagResource', { resourceArn: none, tags: [] }))).toBe(notFound);
  const schemaArn = await steps(bench).schema();
  const builtIn = ['recipe/aws-sims', 'algorithm/aws-sims', 'feature-transformation/JSON-percentile-filtering'];
  for (const arn of [schemaArn, ...builtIn.map((path) => `arn:aws:personalize:::${path}`)]) {
    expect(await refusal(listed(arn))).toBe(`InvalidInputException: Resource ${arn} cannot be tagged.`);
  }
});

it('goes with its resource, and with what that one takes along', async () => {
  await bench.call('CreateDatasetGroup', { name: 'films', tags: [tag('team', 'search')] });
  await bench.call('DeleteDatasetGroup', { datasetGroupArn: resourceArn });
  const { group, dataset, schema } = await withData(bench);
  expect(await listed()).toEqual([]);
  const importJob = arnFor('dataset-import-job/first');
  const solution = await steps(bench).solution(group);
  const version = await steps(bench).version(solution);
  for (const arn of [importJob, version]) {
    await bench.call('TagResource', { resourceArn: arn, tags: [tag('team', 'search')] });
  }
  await bench.call('DeleteSolution', { solutionArn: solution });
  await bench.call('DeleteDataset', { datasetArn: dataset });
  expect(await bench.parts.database.selectFrom('tags').selectAll().execute()).toEqual([]);
  await steps(bench).imported(await steps(bench).dataset(group, schema));
  expect(await listed(importJob)).toEqual([]);
});

it('can be on every kind that the service tags', async () => {
  const { group, dataset } = await withData(bench);
  const step = steps(bench);
  const solution = await step.solution(group);
  const version = await step.version(solution);
  const campaign = await step.campaign(version);
  for (const arn of [dataset, arnFor('dataset-import-job/first'), solution, version, campaign]) {
    await bench.call('TagResource', { resourceArn: arn, tags: [tag('team', 'search')] });
    expect(await listed(arn)).toEqual([tag('team', 'search')]);
  }
});
