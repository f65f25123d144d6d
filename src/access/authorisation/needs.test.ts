import { describe, expect, it, test } from 'vitest';
import type { Operation } from '../../contract/operation.ts';
import { adminOperations, serviceOperations } from '../../contract/operations.ts';
import { type Need, needsOf } from './needs.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };
const start = 'arn:aws:personalize:eu-west-1:123456789012:';
const role = 'arn:aws:iam::123456789012:role/service-role/loader';
const group = `${start}dataset-group/films`;

/** Values of members from which needs follow; the members with ARNs of resources come from the operation. */
const members = {
  name: 'new',
  jobName: 'job',
  datasetType: 'Items',
  datasetGroupArn: group,
  roleArn: role,
  metricsOutputConfig: { roleArn: role },
  filterArn: `${start}filter/f`,
  schemaArn: `${start}schema/s`,
  promotions: [{ filterArn: `${start}filter/p` }],
};

const kebab = (words: string) => words.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');

/** An input with everything that the operation takes, and what needs tags could follow from. */
function inputOf({ input, resources }: Operation, more: object = {}) {
  const arns = resources.map((member) => [member, `${start}${kebab(member.replace(/Arn$/, ''))}/films`]);
  const given = Object.entries({ ...members, ...Object.fromEntries(arns), ...more });
  return Object.fromEntries(given.filter(([member]) => member in input.properties));
}

const shown = ({ action, resource }: Need) => `${action.replace('personalize:', '')} ${resource.replace(start, '')}`;
const contract: Record<string, Operation> = serviceOperations;
const needs = (name: string, more: object = {}) => {
  const operation = contract[name];
  return operation ? needsOf(operation, inputOf(operation, more), scope) : [];
};

const passes = `iam:PassRole ${role}`;

/** AWS's service authorization reference, as far as operations do not act on their own resource alone. */
const listed: Readonly<Record<string, readonly string[]>> = {
  CreateSchema: ['CreateSchema schema/new'],
  CreateDatasetGroup: ['CreateDatasetGroup dataset-group/new', passes],
  CreateDataset: ['CreateDataset dataset-group/films', 'CreateDataset dataset/films/ITEMS'],
  CreateDatasetImportJob: [
    'CreateDatasetImportJob dataset/films',
    'CreateDatasetImportJob dataset-import-job/job',
    passes,
  ],
  CreateDatasetExportJob: [
    'CreateDatasetExportJob dataset/films',
    'CreateDatasetExportJob dataset-export-job/job',
    passes,
  ],
  CreateDataDeletionJob: [
    'CreateDataDeletionJob dataset-group/films',
    'CreateDataDeletionJob data-deletion-job/job',
    passes,
  ],
  CreateEventTracker: ['CreateEventTracker dataset-group/films', 'CreateEventTracker event-tracker/*'],
  CreateFilter: ['CreateFilter dataset-group/films', 'CreateFilter filter/new'],
  CreateMetricAttribution: [
    'CreateMetricAttribution dataset-group/films',
    'CreateMetricAttribution metric-attribution/new',
    passes,
  ],
  UpdateMetricAttribution: ['UpdateMetricAttribution metric-attribution/films', passes],
  CreateSolution: ['CreateSolution dataset-group/films', 'CreateSolution solution/new'],
  CreateSolutionVersion: ['CreateSolutionVersion solution/films'],
  CreateCampaign: ['CreateCampaign solution-version/films', 'CreateCampaign campaign/new'],
  CreateRecommender: ['CreateRecommender dataset-group/films', 'CreateRecommender recommender/new'],
  CreateBatchInferenceJob: [
    'CreateBatchInferenceJob solution-version/films',
    'CreateBatchInferenceJob batch-inference-job/job',
    passes,
  ],
  CreateBatchSegmentJob: ['CreateBatchSegmentJob batch-segment-job/job', passes],
  StopSolutionVersionCreation: ['StopSolutionVersionCreation solution-version/films'],
  GetSolutionMetrics: ['GetSolutionMetrics solution-version/films'],
  GetRecommendations: ['GetRecommendations campaign/films', 'GetRecommendations recommender/films'],
  GetPersonalizedRanking: ['GetPersonalizedRanking campaign/films'],
  GetActionRecommendations: ['GetActionRecommendations campaign/films'],
  PutEvents: ['PutEvents *'],
  PutActionInteractions: ['PutActionInteractions *'],
  PutItems: ['PutItems dataset/films'],
  PutUsers: ['PutUsers dataset/films'],
  PutActions: ['PutActions dataset/films'],
  TagResource: ['TagResource resource/films'],
  UntagResource: ['UntagResource resource/films'],
  ListTagsForResource: ['ListTagsForResource resource/films'],
};

/** Lists need `*`; Describe, Delete, Update, Start and Stop need the resource that they are called after. */
function expectedOf(name: string): readonly string[] {
  if (listed[name]) return listed[name];
  return [`${name} ${name.startsWith('List') ? '*' : `${kebab(name.replace(/^[A-Z][a-z]+/, ''))}/films`}`];
}

test.each(Object.keys(serviceOperations))('%s needs what the service authorization reference says', (name) => {
  expect(needs(name).map(shown)).toEqual(expectedOf(name));
});

it('is asked of all 79 operations', () => {
  expect(Object.keys(serviceOperations)).toHaveLength(79);
  expect(Object.keys(listed).filter((name) => !(name in serviceOperations))).toEqual([]);
});

describe('tags', () => {
  const tags = [
    { tagKey: 'Team', tagValue: 'films' },
    { tagKey: 'stage', tagValue: '' },
  ];
  const takingTags = Object.values(contract).filter(({ input, creates }) => creates && 'tags' in input.properties);

  test.each(takingTags.map(({ name }) => name))('of %s need TagResource on the new resource', (name) => {
    const withTags = needs(name, { tags });
    const added = withTags.filter(({ action }) => action === 'personalize:TagResource');
    const created = withTags.findLast(({ action, isThere }) => action === `personalize:${name}` && !isThere);
    expect(added.map(({ resource }) => resource)).toEqual(created ? [created.resource] : []);
    expect(needs(name, { tags: [] })).toEqual(needs(name));
  });

  it('are keys of the request, but not of passing a role', () => {
    const [onDataset, onJob, tagging, passing] = needs('CreateDatasetImportJob', { tags });
    for (const need of [onDataset, onJob, tagging]) {
      expect(Object.fromEntries(need?.keys ?? [])).toEqual({
        'aws:requesttag/team': ['films'],
        'aws:requesttag/stage': [''],
        'aws:tagkeys': ['Team', 'stage'],
      });
    }
    expect(Object.fromEntries(passing?.keys ?? [])).toEqual({ 'iam:passedtoservice': ['personalize.amazonaws.com'] });
  });

  it('that are taken away are keys alone', () => {
    const [need] = needs('UntagResource', { tagKeys: ['Team'] });
    expect(Object.fromEntries(need?.keys ?? [])).toEqual({ 'aws:tagkeys': ['Team'] });
  });
});

it('asks for what is named, and only if it is', () => {
  const named = (name: string, input: object) =>
    contract[name] ? needsOf(contract[name], { ...input }, scope).map(shown) : [];
  expect(named('GetRecommendations', { recommenderArn: `${start}recommender/r` })).toEqual([
    'GetRecommendations recommender/r',
  ]);
  expect(named('GetRecommendations', { userId: 'u' })).toEqual(['GetRecommendations *']);
  expect(named('CreateDatasetGroup', { name: 'new' })).toEqual(['CreateDatasetGroup dataset-group/new']);
  expect(named('UpdateMetricAttribution', { metricAttributionArn: `${start}metric-attribution/m` })).toEqual([
    'UpdateMetricAttribution metric-attribution/m',
  ]);
});

it('builds ARNs in the partition of the region', () => {
  const created = needsOf(serviceOperations.CreateSchema, { name: 'a' }, { account: '1', region: 'cn-north-1' });
  expect(created.map(({ resource }) => resource)).toEqual(['arn:aws-cn:personalize:cn-north-1:1:schema/a']);
});

it('keeps the actions of the server apart from those of the service', () => {
  expect(needsOf(adminOperations.ListEvents, {}, { account: '1' }).map(({ action }) => action)).toEqual([
    'openpersonalize:ListEvents',
  ]);
});
