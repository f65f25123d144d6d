import { expect, it } from 'vitest';
import { nextBestAction } from '../recipes/next-best-action.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from '../training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput } from '../training/training.ts';
import { buildTrainingSet } from './training-set.ts';

const start = 1_700_000_000;
const interactions = Array.from({ length: 1000 }, (_, n) => [`u${n % 50}`, `i${n % 30}`, start + n]);
const eventFields = [field('USER_ID'), field('ACTION_ID'), field('EVENT_TYPE'), field('TIMESTAMP', 'long')];
type Rows = Parameters<typeof writeDataset>[2];

async function setOf(actionRows: Rows, eventRows?: Rows) {
  await using folder = await temporaryFolder();
  const notes: string[] = [];
  const actionInteractions: TrainingInput | undefined =
    eventRows && (await writeDataset(`${folder.path}/events`, eventFields, eventRows));
  const data = {
    interactions: await writeDataset(`${folder.path}/interactions`, interactionFields, interactions),
    actions: await writeDataset(
      `${folder.path}/actions`,
      [field('ACTION_ID'), field('CREATION_TIMESTAMP', 'long'), field('EXPIRATION_TIMESTAMP', 'long')],
      actionRows.map(([id = null, createdAt = null, expiresAt = null]) => [id, createdAt, expiresAt]),
    ),
    actionInteractions,
    limits: serviceTrainingLimits,
    workFolder: folder.path,
  };
  const progress = { ...unwatched, report: (_: number, note?: string) => void notes.push(note ?? '') };
  using set = await buildTrainingSet(data, progress, nextBestAction);
  return { ...set, notes };
}

it('considers a thousand actions, those that are newest or had interactions last, and says so', async () => {
  const actions = Array.from({ length: 1002 }, (_, n) => [`a${n}`, start + n]);
  const { actions: read, notes } = await setOf(actions, [['u1', 'a0', 'Viewed', start + 5000]]);
  expect(read?.actions.size).toBe(1000);
  expect(['a0', 'a1', 'a2', 'a3'].map((id) => (read?.actions.indexOf(id) ?? -1) >= 0)).toEqual([
    ...[true, false, false, true],
  ]);
  expect(notes).toContain('of 1002 actions, the 1000 are considered that are newest or had interactions last');
});

it('considers an action that had expired by the last event after all others', async () => {
  const offers = Array.from({ length: 1001 }, (_, n) => [`offer ${n}`, start + 10 + n, start + 2000 + n]);
  const { actions: read } = await setOf([['lasting', start], ...offers], [['u1', 'offer 0', 'Viewed', start + 2500]]);
  expect(read?.actions.size).toBe(1000);
  expect(read?.actions.indexOf('lasting')).toBeGreaterThanOrEqual(0);
});

it('reads event types in any spelling, each event once, and knows users of actions alone', async () => {
  const event = ['stranger', 'a', 'viewed', start];
  const others = [
    ['stranger', 'a', ' Not  Taken', start + 1],
    ['u1', 'a', 'NOT_TAKEN', start + 2],
    ['u1', 'a', 'Shared', start + 3],
    ['u1', 'gone', 'Taken', start + 4],
  ];
  const { actions, users, histories } = await setOf([['a', null]], [event, event, ...others]);
  const stranger = users.indexOf('stranger');
  expect(stranger).toBe(50);
  expect(histories.ends[stranger] - histories.starts[stranger]).toBe(0);
  const { starts, ends, types } = actions?.histories ?? {};
  expect(types).toEqual(Uint8Array.of(1, 0, 1));
  expect([starts?.[stranger], ends?.[stranger]]).toEqual([1, 3]);
});

it('does without action interactions, and not without actions', async () => {
  expect((await setOf([['a', null]])).actions?.histories.types).toHaveLength(0);
  await expect(setOf([])).rejects.toThrow('Create failed. The Actions dataset has no actions: import or send some.');
});
