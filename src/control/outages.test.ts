import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceError } from '../contract/errors.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import { Reserve, reserveName } from '../data/database/reserve.ts';
import { SqliteError } from '../data/database/sqlite/sqlite-error.ts';
import { ObjectStoreError } from '../data/objects/object-store.ts';
import type { Dispatch } from './dispatch.ts';
import { withOutage, withOutages } from './outages.ts';

const caller = { account: '000000000000', region: 'us-east-1', accessKeyId: 'any', requestId: 'r' };
const full = new SqliteError(13, 'There is no space left.');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-reserve-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Operations that fail with these errors, one after another, and then succeed; what was called and logged. */
function failing(errors: readonly unknown[], reserve?: Reserve) {
  const [left, called, logged]: [unknown[], string[], string[]] = [[...errors], [], []];
  const dispatch = async (name: string) => {
    called.push(name);
    if (left.length > 0) throw left.shift();
    return {};
  };
  const note = (_fields: unknown, message: string) => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  const guarded = withOutages(dispatch as Dispatch, { reserve, log }); // answers of every operation are {}
  const call = (name: OperationName) => guarded(name, {} as never, caller);
  return { call, called, logged };
}

it.each([
  ['a full disk', full],
  ['a damaged model', new ObjectStoreError('damaged', 'The model is damaged.')],
  ['a disk that fails', Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read', path: '/x' })],
])('answers that the service is unavailable, with the reason, for %s', async (_what, error) => {
  const names = Object.values(operations).map(({ name }) => name);
  const { call, logged } = failing(names.map(() => error));
  for (const name of names) {
    await expect(call(name), name).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringMatching(/\.$/),
    });
  }
  expect(logged).toHaveLength(names.length);
});

it('answers the same where a call cannot be authorised because of it, and leaves denials as they are', async () => {
  const logged: string[] = [];
  const note = (_fields: unknown, message: string) => void logged.push(message);
  const denial = new ServiceError('AccessDeniedException', 'no');
  const authorised = (error: unknown) =>
    withOutage(() => Promise.reject(error), { info: note, warn: note, error: note })({
      operation: operations.GetRecommendations,
    });
  await expect(authorised(full)).rejects.toMatchObject({ code: 'ServiceUnavailable' });
  expect(logged).toHaveLength(1);
  await expect(authorised(denial)).rejects.toBe(denial);
});

it('leaves defects as they are', async () => {
  const defect = new TypeError('a defect');
  await expect(failing([defect]).call('DescribeSolution')).rejects.toBe(defect);
});

it('gives up the reserve for a deletion, and takes nothing but deletions until it is held again', async () => {
  const reserve = await Reserve.open(folder, { onRelease() {}, reusableBytes: async () => 0 });
  const { size } = await stat(join(folder, reserveName));
  expect(size).toBeGreaterThan(2 ** 20);
  const { call, called } = failing([full, full], reserve);
  await expect(call('CreateSchema')).rejects.toMatchObject({ code: 'ServiceUnavailable' });
  expect(reserve.isHeld).toBe(true);

  await call('DeleteDataset');
  expect(called).toEqual(['CreateSchema', 'DeleteDataset', 'DeleteDataset']);
  await expect(stat(join(folder, reserveName))).rejects.toThrow();

  // There is room again, as the deletion has shown: the next operation that needs some takes the reserve back first.
  expect(reserve.isHeld).toBe(false);
  await call('CreateSchema');
  expect((await stat(join(folder, reserveName))).size).toBe(size);
});
