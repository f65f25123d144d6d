import { expect, it } from 'vitest';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';
import { kinds } from '../kinds.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';
import {
  creationLife,
  isUnsettled,
  liveStatuses,
  mayFollow,
  type Steps,
  settledStatuses,
  unfinishedStatuses,
} from './lifecycle.ts';

const statuses = [
  ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE', 'CREATE FAILED', 'CREATE STOPPING', 'CREATE STOPPED'],
  ...['UPDATE PENDING', 'UPDATE IN_PROGRESS'],
];
const stepsOf = (steps: Steps) =>
  statuses.flatMap((from) =>
    statuses.filter((to) => from !== to && mayFollow(steps, from, to)).map((to) => `${from} → ${to}`),
  );

it('lets a solution version go through the states of the service, and no others', () => {
  expect(stepsOf(solutionVersionKind.life.steps).sort()).toEqual([
    'CREATE IN_PROGRESS → ACTIVE',
    'CREATE IN_PROGRESS → CREATE FAILED',
    'CREATE IN_PROGRESS → CREATE STOPPING',
    'CREATE PENDING → CREATE FAILED',
    'CREATE PENDING → CREATE IN_PROGRESS',
    'CREATE PENDING → CREATE STOPPED',
    'CREATE STOPPING → CREATE STOPPED',
  ]);
});

it('has what is nothing but settings ACTIVE from its first moment, and the rest wait', () => {
  const first = Object.fromEntries(kinds.map(({ name, life }) => [name, life.first]));
  expect(first).toMatchObject({
    schema: 'ACTIVE',
    'dataset-group': 'ACTIVE',
    dataset: 'ACTIVE',
    'event-tracker': 'ACTIVE',
    solution: 'ACTIVE',
    campaign: 'CREATE PENDING',
    'dataset-import-job': 'CREATE PENDING',
    'solution-version': 'CREATE PENDING',
  });
});

it('lets a dataset show the replacement of its schema in its own status', () => {
  expect(stepsOf(datasetKind.life.steps).sort()).toEqual([
    'ACTIVE → UPDATE PENDING',
    'UPDATE IN_PROGRESS → ACTIVE',
    'UPDATE PENDING → ACTIVE',
    'UPDATE PENDING → UPDATE IN_PROGRESS',
  ]);
});

it('starts an update only when the one before it has ended', () => {
  const { updateSteps } = campaignKind.life;
  expect(mayFollow(updateSteps, 'ACTIVE', 'CREATE PENDING')).toBe(true);
  expect(mayFollow(updateSteps, 'CREATE FAILED', 'CREATE PENDING')).toBe(true);
  expect(mayFollow(updateSteps, 'CREATE IN_PROGRESS', 'CREATE PENDING')).toBe(false);
  expect(mayFollow(datasetKind.life.updateSteps, 'UPDATE IN_PROGRESS', 'ACTIVE')).toBe(true);
});

it('tells of any life what is unfinished, what rests and what is there', () => {
  // As a recommender's, with words of its own.
  const life = {
    ...creationLife,
    steps: {
      ...creationLife.steps,
      ACTIVE: ['STOP PENDING'],
      'STOP PENDING': ['STOP IN_PROGRESS'],
      'STOP IN_PROGRESS': ['INACTIVE'],
      INACTIVE: ['START PENDING'],
      'START PENDING': ['START IN_PROGRESS'],
      'START IN_PROGRESS': ['ACTIVE'],
    },
  };
  const working = ['STOP PENDING', 'STOP IN_PROGRESS', 'START PENDING', 'START IN_PROGRESS'];
  expect(unfinishedStatuses(life)).toEqual(['CREATE PENDING', 'CREATE IN_PROGRESS', ...working]);
  expect(settledStatuses(life)).toEqual(['ACTIVE', 'CREATE FAILED', 'INACTIVE']);
  expect(liveStatuses(life)).not.toContain('CREATE FAILED');
  expect(liveStatuses(life)).toEqual(expect.arrayContaining(['ACTIVE', 'INACTIVE', 'CREATE PENDING', ...working]));
});

it('tells work from rest', () => {
  expect(statuses.filter(isUnsettled)).toEqual([
    ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'CREATE STOPPING', 'UPDATE PENDING', 'UPDATE IN_PROGRESS'],
  ]);
});
