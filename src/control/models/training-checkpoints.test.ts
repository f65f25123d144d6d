import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { openStore } from '../../data/objects/open-store.ts';
import { beginAttempt } from './training-checkpoints.ts';

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  store = await openStore({ folder: join(folder, 'store') });
});
afterEach(() => rm(folder, { recursive: true }));

const begin = () => beginAttempt(store, { prefix: 'models/m/' }, () => 0);

async function keepOne(): Promise<void> {
  await using attempt = await begin();
  const made = join(folder, 'made');
  await writeFile(made, 'half of the work');
  await attempt.checkpoints.keep('half', made);
}

it('finds what an attempt before has kept', async () => {
  await keepOne();
  await using attempt = await begin();
  expect(attempt.checkpoints.earlier).toBeDefined();
});

it('begins without, where that is removed while it begins', async () => {
  await keepOne();
  const { list } = store;
  store.list = async function* (prefix) {
    yield* list.call(store, prefix);
    await store.removeAll(prefix);
  };
  await using attempt = await begin();
  expect(attempt).toMatchObject({ secondsBefore: 0, checkpoints: { earlier: undefined } });
});
