import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../database/database.ts';
import { forgetGroupKeys, GroupKeys, keepGroupKey, openedText } from './group-keys.ts';
import { KeyError } from './key-error.ts';
import { MemoryKeys } from './keys.fixture.ts';
import { sealText } from './sealed-text.ts';

const group = 'arn:aws:personalize:eu-west-1:000000000000:dataset-group/films';
const kmsKeyArn = 'arn:aws:kms:eu-west-1:000000000000:key/k';
const roleArn = 'arn:aws:iam::000000000000:role/keys';
const day = 86_400_000;

let folder: string;
let opened: OpenDatabase;
let service: MemoryKeys;
let clock: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'group-keys-'));
  opened = await openDatabase({ file: join(folder, 'database') });
  service = new MemoryKeys();
  service.add(kmsKeyArn);
  clock = 1_000_000;
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const keysOf = () => new GroupKeys({ database: opened.database, service, now: () => clock });
const created = async (keys: GroupKeys) =>
  keepGroupKey(opened.database, await keys.create(group, { kmsKeyArn, roleArn }));

it('gives a group its key, and others none', async () => {
  const keys = keysOf();
  await created(keys);
  const key = await keys.ofGroup(group);
  expect(Buffer.from(key?.secret ?? '', 'base64')).toHaveLength(32);
  expect(await keysOf().byId(key?.id ?? '')).toEqual(key);
  expect(await keys.ofGroup(`${group}-2`)).toBeUndefined();
  expect(await keys.has(`${group}-2`)).toBe(false);
});

it('makes no key that it could not open again', async () => {
  service.unwrap = async () => {
    throw new KeyError('denied', kmsKeyArn, 'The role may not decrypt.');
  };
  await expect(keysOf().create(group, { kmsKeyArn, roleArn })).rejects.toThrow('The role may not decrypt.');
});

it('keeps nothing of the key in the database but what the key service has wrapped', async () => {
  const keys = keysOf();
  await created(keys);
  const rows = JSON.stringify(await opened.database.selectFrom('group_keys').selectAll().execute());
  expect(rows).not.toContain((await keys.ofGroup(group))?.secret);
});

it('asks the key service seldom, and goes by a key that is disabled within a minute', async () => {
  const keys = keysOf();
  const lost: string[] = [];
  keys.start((id) => lost.push(id));
  await created(keys);
  const { id = '' } = (await keys.ofGroup(group)) ?? {};
  const calls = service.calls;
  for (let n = 0; n < 100; n++) await keys.byId(id);
  expect(service.calls).toBe(calls);
  service.set(kmsKeyArn, 'disabled');
  clock += 60_000;
  await keys.look();
  expect(lost).toContain(id);
  await expect(keys.byId(id)).rejects.toThrow(`The key ${kmsKeyArn} is disabled`);
  await expect(keys.ofGroup(group)).rejects.toThrow(KeyError);
  service.set(kmsKeyArn, 'enabled');
  expect((await keys.byId(id)).id).toBe(id);
  keys.stop();
});

it('uses what it has while the key service does not answer, and no longer than a minute', async () => {
  const keys = keysOf();
  await created(keys);
  const { id = '' } = (await keys.ofGroup(group)) ?? {};
  service.unwrap = async () => {
    throw new KeyError('unreachable', kmsKeyArn, 'It does not answer.');
  };
  clock += 45_000;
  expect((await keys.byId(id)).id).toBe(id);
  clock += 30_000;
  await expect(keys.byId(id)).rejects.toThrow('It does not answer.');
});

it('seals with another key after a week, and still opens with the former', async () => {
  const keys = keysOf();
  await created(keys);
  const first = await keys.ofGroup(group);
  clock += 6 * day;
  expect((await keys.ofGroup(group))?.id).toBe(first?.id);
  clock += 2 * day;
  const second = await keys.ofGroup(group);
  expect(second?.id).not.toBe(first?.id);
  expect(await keys.byId(first?.id ?? '')).toEqual(first);
});

it('has no key any more for what a deleted group has sealed', async () => {
  const keys = keysOf();
  await created(keys);
  const { id = '' } = (await keys.ofGroup(group)) ?? {};
  await forgetGroupKeys(opened.database, group);
  clock += day;
  await expect(keys.byId(id)).rejects.toThrow(KeyError);
});

it('does not take a wrapped key for that of another group', async () => {
  const keys = keysOf();
  await created(keys);
  await opened.database
    .updateTable('group_keys')
    .set({ dataset_group_arn: `${group}-2` })
    .execute();
  clock += day;
  await expect(keysOf().ofGroup(`${group}-2`)).rejects.toThrow();
});

it('opens a sealed text in its own row alone', async () => {
  const keys = keysOf();
  await created(keys);
  const key = await keys.ofGroup(group);
  if (!key) throw new Error('The group has a key.');
  const sealed = sealText('a secret line\n', key, 'row 1');
  expect(sealed).not.toContain('secret');
  expect(await openedText(sealed, keys, 'row 1')).toBe('a secret line\n');
  await expect(openedText(sealed, keys, 'row 2')).rejects.toThrow('row 2 cannot be decrypted');
  const flipped = `${sealed.slice(0, -6)}${sealed.at(-6) === 'A' ? 'B' : 'A'}${sealed.slice(-5)}`;
  await expect(openedText(flipped, keys, 'row 1')).rejects.toThrow('cannot be decrypted');
  expect(await openedText('as,it,is\n', keys, 'row 1')).toBe('as,it,is\n');
});
