import { expect, it } from 'vitest';
import { firstStatus, isUnsettled, type Kind, mayBecome, updateMayBecome } from './lifecycle.ts';

const statuses = [
  ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE', 'CREATE FAILED', 'CREATE STOPPING', 'CREATE STOPPED'],
  ...['UPDATE PENDING', 'UPDATE IN_PROGRESS'],
];
const steps = (may: (from: string, to: string) => boolean) =>
  statuses.flatMap((from) => statuses.filter((to) => from !== to && may(from, to)).map((to) => `${from} → ${to}`));

it('lets a solution version go through the states of the service, and no others', () => {
  expect(steps((from, to) => mayBecome('solution-version', from, to)).sort()).toEqual([
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
  const settings: Kind[] = ['schema', 'dataset-group', 'dataset', 'event-tracker', 'solution'];
  expect(settings.map(firstStatus)).toEqual(settings.map(() => 'ACTIVE'));
  const work: Kind[] = ['dataset-import-job', 'solution-version', 'campaign'];
  expect(work.map(firstStatus)).toEqual(work.map(() => 'CREATE PENDING'));
});

it('lets a dataset show the replacement of its schema in its own status', () => {
  expect(steps((from, to) => mayBecome('dataset', from, to)).sort()).toEqual([
    'ACTIVE → UPDATE PENDING',
    'UPDATE IN_PROGRESS → ACTIVE',
    'UPDATE PENDING → ACTIVE',
    'UPDATE PENDING → UPDATE IN_PROGRESS',
  ]);
});

it('starts an update only when the one before it has ended', () => {
  expect(updateMayBecome('campaign', undefined, 'CREATE PENDING')).toBe(true);
  expect(updateMayBecome('campaign', 'CREATE FAILED', 'CREATE PENDING')).toBe(true);
  expect(updateMayBecome('campaign', 'CREATE IN_PROGRESS', 'CREATE PENDING')).toBe(false);
  expect(updateMayBecome('dataset', 'UPDATE IN_PROGRESS', 'ACTIVE')).toBe(true);
});

it('tells work from rest', () => {
  expect(statuses.filter(isUnsettled)).toEqual([
    ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'CREATE STOPPING', 'UPDATE PENDING', 'UPDATE IN_PROGRESS'],
  ]);
});
