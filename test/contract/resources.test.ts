import { describe, expect, test } from 'vitest';
import { arnPaths } from '../../src/contract/arn.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { serviceOperations } from '../../src/contract/operations.ts';
import { type ServiceModel, serviceModels } from './service-model.ts';

type Member = { readonly path: string; readonly pattern: string };

/** The members of a shape that hold an ARN, as paths from it: by their pattern, or by what they are called. */
function arnMembers(model: ServiceModel, name: string, path: string): Member[] {
  const { type, pattern = '', members = {}, member, value } = model.shapes[name] ?? {};
  if (type === 'string') return pattern.startsWith('arn:') || /arns?$/i.test(path) ? [{ path, pattern }] : [];
  const inner = member ?? value;
  if (inner !== undefined) return arnMembers(model, inner, `${path}.*`);
  return Object.entries(members).flatMap(([key, of]) =>
    arnMembers(model, typeof of === 'string' ? of : of.shape, path === '' ? key : `${path}.${key}`),
  );
}

const contract: Record<string, Operation> = serviceOperations;
const modelled = serviceModels.flatMap((model) =>
  Object.entries(model.operations).map(([name, { input }]) => ({
    name,
    members: input === undefined ? [] : arnMembers(model, input, ''),
  })),
);

/** Of the ARNs in the models, those of keys belong to KMS, whose own policies guard them. */
const services = { personalize: ':personalize:', iam: ':iam:', kms: ':kms:' };
const pathsOf = (members: readonly Member[], service: string) =>
  members.filter(({ pattern }) => pattern.includes(service)).map(({ path }) => path);

describe.each(modelled)('$name', ({ name, members }) => {
  const { resources = [], refersTo = [], passesRole } = contract[name] ?? {};

  test('accounts for every ARN of its input', () => {
    expect([...resources, ...refersTo].sort()).toEqual(pathsOf(members, services.personalize).sort());
    expect(passesRole === undefined ? [] : [passesRole]).toEqual(pathsOf(members, services.iam));
    const known = Object.values(services).flatMap((service) => pathsOf(members, service));
    expect(known.sort()).toEqual(members.map(({ path }) => path).sort());
  });

  test('acts on the resources that AWS’s service authorization reference lists', () => {
    expect(actsOn(name).sort()).toEqual(expectedOf(name).sort());
  });
});

/** The types of resources on which a policy is asked: a version lies under its solution. */
function actsOn(name: string): string[] {
  const { resources = [], creates } = contract[name] ?? {};
  const named = resources.map((member) => kebab(member.replace(/Arn$/, '')).replace('solution-version', 'solution'));
  return creates === undefined ? named : [creates, ...named];
}

const kebab = (words: string) => words.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');

const listed: Readonly<Record<string, readonly string[]>> = {
  CreateSchema: ['schema'],
  CreateDatasetGroup: ['dataset-group'],
  CreateDataset: ['dataset', 'dataset-group'],
  CreateDatasetImportJob: ['dataset', 'dataset-import-job'],
  CreateDatasetExportJob: ['dataset', 'dataset-export-job'],
  CreateDataDeletionJob: ['data-deletion-job', 'dataset-group'],
  CreateEventTracker: ['dataset-group', 'event-tracker'],
  CreateFilter: ['dataset-group', 'filter'],
  CreateMetricAttribution: ['dataset-group', 'metric-attribution'],
  CreateSolution: ['dataset-group', 'solution'],
  CreateSolutionVersion: ['solution'],
  CreateCampaign: ['campaign', 'solution'],
  CreateRecommender: ['dataset-group', 'recommender'],
  CreateBatchInferenceJob: ['batch-inference-job', 'solution'],
  CreateBatchSegmentJob: ['batch-segment-job'],
  DescribeSolutionVersion: ['solution'],
  StopSolutionVersionCreation: ['solution'],
  GetSolutionMetrics: ['solution'],
  ListTagsForResource: ['resource'],
  TagResource: ['resource'],
  UntagResource: ['resource'],
  GetRecommendations: ['campaign', 'recommender'],
  GetPersonalizedRanking: ['campaign'],
  GetActionRecommendations: ['campaign'],
  PutEvents: [],
  PutActionInteractions: [],
  PutItems: ['dataset'],
  PutUsers: ['dataset'],
  PutActions: ['dataset'],
};

/** List operations name no resource; Delete, Describe, Update, Start and Stop name the resource itself. */
const expectedOf = (name: string): string[] => [
  ...(listed[name] ?? (name.startsWith('List') ? [] : [kebab(name.replace(/^[A-Z][a-z]+/, ''))])),
];

test('the ARN of what an operation creates follows from its input, save for the ids that the server chooses', () => {
  const missing = Object.entries(contract).flatMap(([name, { creates, input, resources }]) => {
    const parts =
      creates === undefined ? [] : [...arnPaths[creates].matchAll(/\{(\w+)\}/g)].map(([, part = '']) => part);
    const isGiven = (part: string) => part in input.properties || resources.includes(part.replace(/Name$/, 'Arn'));
    return parts.filter((part) => !isGiven(part)).map((part) => `${name}: ${part}`);
  });
  expect(missing).toEqual(['CreateEventTracker: id']);
});
