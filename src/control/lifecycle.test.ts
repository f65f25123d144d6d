import { expect, it } from 'vitest';
import { isUnsettled, mayBecome, updateMayBecome } from './lifecycle.ts';

const statuses = [
  ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE', 'CREATE FAILED', 'CREATE STOPPING', 'CREATE STOPPED'],
  ...['DELETE PENDING', 'DELETE IN_PROGRESS'],
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

it('lets a campaign be deleted from ACTIVE and CREATE FAILED only', () => {
  const deletions = steps((from, to) => mayBecome('campaign', from, to)).filter((step) =>
    step.endsWith('DELETE PENDING'),
  );
  expect(deletions).toEqual(['ACTIVE → DELETE PENDING', 'CREATE FAILED → DELETE PENDING']);
});

it('starts an update only when the one before it has ended', () => {
  expect(updateMayBecome('campaign', undefined, 'CREATE PENDING')).toBe(true);
  expect(updateMayBecome('campaign', 'CREATE FAILED', 'CREATE PENDING')).toBe(true);
  expect(updateMayBecome('campaign', 'CREATE IN_PROGRESS', 'CREATE PENDING')).toBe(false);
  expect(updateMayBecome('dataset', 'UPDATE IN_PROGRESS', 'ACTIVE')).toBe(true);
});

it('tells work from rest', () => {
  expect(statuses.filter(isUnsettled)).toEqual([
    ...['CREATE PENDING', 'CREATE IN_PROGRESS', 'CREATE STOPPING', 'DELETE PENDING', 'DELETE IN_PROGRESS'],
  ]);
});
