import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { SecretKey } from '../principals/secret-key.ts';
import { dayMs, keysOn, refusal, type TestKeys } from './keys.fixture.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };
const other = { ...scope, account: '210987654321' };
const secret = Buffer.from('a text of twenty one.');

const postgres = await startPostgres();
afterAll(() => postgres?.stop());
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: ':memory:' }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

let opened: OpenDatabase;
let keys: TestKeys;

const encrypted = async (keyId: string) =>
  (await keys.cipher.encrypt(await keys.store.find(keyId, scope), secret, { use: 'test' })).ciphertext;

async function decrypted(ciphertext: Uint8Array, context = { use: 'test' }) {
  const { plaintext } = await keys.cipher.decrypt(await keys.cipher.keyOf(ciphertext), ciphertext, context);
  return plaintext.toString();
}

const onThreeNodes = <T>(work: () => Promise<T>) => Promise.all([work(), work(), work()]);

describe.each(databases)('keys on $name', ({ open }) => {
  beforeEach(async () => {
    opened = await open();
    keys = keysOn(opened);
  });
  afterEach(() => opened.close());

  it('decrypt what they have encrypted, by any of their names', async () => {
    const { id, arn } = await keys.store.create(scope, { description: 'films' });
    await keys.aliases.create('alias/films', id, scope);
    expect(arn).toBe(`arn:aws:kms:eu-west-1:123456789012:key/${id}`);
    for (const name of [id, arn, 'alias/films', 'arn:aws:kms:eu-west-1:123456789012:alias/films']) {
      expect(await decrypted(await encrypted(name))).toBe(secret.toString());
    }
    const ciphertext = await encrypted(id);
    expect(await refusal(decrypted(ciphertext, { use: 'other' }))).toMatch(/^InvalidCiphertextException: /);
    expect(await refusal(decrypted(ciphertext.subarray(0, -1)))).toMatch(/^InvalidCiphertextException: /);
    expect(await refusal(decrypted(randomBytes(100)))).toMatch(/^InvalidCiphertextException: /);
  });

  it('decrypt what they have encrypted before any number of rotations', async () => {
    const { id } = await keys.store.create(scope, {});
    const ciphertexts = [await encrypted(id)];
    for (let times = 0; times < 3; times++) {
      await keys.rotations.rotate(id, scope);
      ciphertexts.push(await encrypted(id));
    }
    for (const ciphertext of ciphertexts) expect(await decrypted(ciphertext)).toBe(secret.toString());
    const versions = await keys.rotations.list(id, scope);
    expect(versions.map(({ version, rotation }) => [version, rotation])).toEqual([
      [1, null],
      [2, 'ON_DEMAND'],
      [3, 'ON_DEMAND'],
      [4, 'ON_DEMAND'],
    ]);
    // The newest version alone encrypts.
    await opened.database.deleteFrom('kms_key_versions').where('version', '<', 4).execute();
    expect(await decrypted(await encrypted(id))).toBe(secret.toString());
    expect(await refusal(decrypted(ciphertexts[0] ?? secret))).toMatch(/^InvalidCiphertextException: /);
  });

  it('are rotated on demand 25 times', async () => {
    const { id } = await keys.store.create(scope, {});
    for (let times = 0; times < 25; times++) await keys.rotations.rotate(id, scope);
    expect(await refusal(keys.rotations.rotate(id, scope))).toMatch(/^LimitExceededException: /);
  });

  it('encrypt and decrypt nothing while they are disabled', async () => {
    const { id, arn } = await keys.store.create(scope, {});
    const ciphertext = await encrypted(id);
    await keys.store.setEnabled(id, scope, false);
    for (const use of [() => encrypted(id), () => decrypted(ciphertext), () => keys.rotations.rotate(id, scope)]) {
      expect(await refusal(use())).toBe(`DisabledException: ${arn} is disabled.`);
    }
    await keys.store.setEnabled(id, scope, true);
    expect(await decrypted(ciphertext)).toBe(secret.toString());
  });

  it('can be had back until their time has come, and then are gone with all that is theirs', async () => {
    const { id, arn } = await keys.store.create(scope, { tags: [{ key: 'team', value: 'films' }] });
    await keys.aliases.create('alias/films', id, scope);
    const ciphertext = await encrypted(id);
    await keys.store.scheduleDeletion(id, scope, 7);
    for (const use of [
      () => encrypted(id),
      () => decrypted(ciphertext),
      () => keys.store.setEnabled(id, scope, true),
      () => keys.rotations.enable(id, scope),
      () => keys.aliases.create('alias/more', id, scope),
      () => keys.store.scheduleDeletion(id, scope, 30),
    ]) {
      expect(await refusal(use())).toBe(`KMSInvalidStateException: ${arn} is pending deletion.`);
    }
    keys.clock.now += 7 * dayMs - 1;
    expect(await keys.store.removeDue()).toEqual([]);
    await keys.store.cancelDeletion(id, scope);
    expect(await refusal(decrypted(ciphertext))).toBe(`DisabledException: ${arn} is disabled.`);
    expect(await refusal(keys.store.cancelDeletion(id, scope))).toBe(
      `KMSInvalidStateException: ${arn} is not pending deletion.`,
    );
    await keys.store.setEnabled(id, scope, true);
    expect(await decrypted(ciphertext)).toBe(secret.toString());

    await keys.store.scheduleDeletion(id, scope, 7);
    keys.clock.now += 7 * dayMs;
    // Even if nobody has removed it yet.
    expect(await refusal(decrypted(ciphertext))).toMatch(/^InvalidCiphertextException: /);
    expect(await refusal(keys.store.find(id, scope))).toBe(`NotFoundException: Key '${arn}' does not exist`);
    expect(await keys.store.list(scope, { limit: 10 })).toEqual([]);
    expect((await onThreeNodes(() => keys.store.removeDue())).flat()).toEqual([arn]);
    const { database } = opened;
    for (const table of ['kms_keys', 'kms_key_versions', 'kms_aliases', 'kms_tags'] as const) {
      expect(await database.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it('are rotated by themselves at their time, once on however many nodes, unless they are disabled', async () => {
    const { id, arn } = await keys.store.create(scope, {});
    const asleep = await keys.store.create(scope, {});
    await keys.rotations.enable(id, scope, 90);
    await keys.rotations.enable(asleep.id, scope, 90);
    await keys.store.setEnabled(asleep.id, scope, false);
    keys.clock.now += 90 * dayMs - 1;
    expect(await keys.rotations.rotateDue()).toEqual([]);
    keys.clock.now += 1;
    expect((await onThreeNodes(() => keys.rotations.rotateDue())).flat()).toEqual([arn]);
    const versions = await keys.rotations.list(id, scope);
    expect(versions.map(({ rotation }) => rotation)).toEqual([null, 'AUTOMATIC']);
    expect(await keys.rotations.list(asleep.id, scope)).toHaveLength(1);
    keys.clock.now += 90 * dayMs;
    expect(await keys.rotations.rotateDue()).toEqual([arn]);
    await keys.store.setEnabled(asleep.id, scope, true);
    expect(await keys.rotations.rotateDue()).toEqual([asleep.arn]);
    await keys.rotations.disable(id, scope);
    keys.clock.now += 90 * dayMs;
    expect(await keys.rotations.rotateDue()).toEqual([asleep.arn]);
  });

  it('are of one account: another one finds them by their ARN alone, and changes nothing', async () => {
    const { id, arn } = await keys.store.create(scope, {});
    await keys.aliases.create('alias/films', id, scope);
    const inOther = `arn:aws:kms:eu-west-1:210987654321:key/${id}`;
    expect(await refusal(keys.store.find(id, other))).toBe(`NotFoundException: Key '${inOther}' does not exist`);
    expect(await refusal(keys.store.find('alias/films', other))).toMatch(
      /^NotFoundException: Alias .* is not found\.$/,
    );
    for (const attempt of [
      () => keys.store.setEnabled(arn, other, false),
      () => keys.store.scheduleDeletion(arn, other, 7),
      () => keys.rotations.rotate(arn, other),
      () => keys.aliases.create('alias/mine', arn, other),
      () => keys.store.setPolicy(arn, other, { policy: '{}', bypassCheck: true }),
    ]) {
      expect(await refusal(attempt())).toBe(`NotFoundException: Key '${arn}' does not exist`);
    }
    expect(await keys.store.list(other, { limit: 10 })).toEqual([]);
    expect(await keys.store.list({ ...scope, region: 'us-east-1' }, { limit: 10 })).toEqual([]);
  });

  it('have aliases that can be moved to another key', async () => {
    const [one, two] = [await keys.store.create(scope, {}), await keys.store.create(scope, {})];
    await keys.aliases.create('alias/films', one.id, scope);
    expect(await refusal(keys.aliases.create('alias/films', two.id, scope))).toBe(
      'AlreadyExistsException: An alias with the name arn:aws:kms:eu-west-1:123456789012:alias/films already exists',
    );
    await keys.aliases.update('alias/films', two.arn, scope);
    expect((await keys.store.find('alias/films', scope)).id).toBe(two.id);
    expect(await keys.aliases.list(scope, { keyId: one.id, limit: 10 })).toEqual([]);
    expect((await keys.aliases.list(scope, { keyId: two.id, limit: 10 })).map(({ name }) => name)).toEqual([
      'alias/films',
    ]);
    await keys.aliases.delete('alias/films', scope);
    expect(await refusal(keys.aliases.delete('alias/films', scope))).toMatch(/^NotFoundException: Alias /);
    expect(await refusal(keys.aliases.create('films', one.id, scope))).toMatch(/^ValidationException: /);
    expect(await refusal(keys.aliases.create('alias/aws/s3', one.id, scope))).toMatch(/^InvalidAliasNameException: /);
    expect(await refusal(keys.aliases.create('alias/two', 'alias/films', scope))).toMatch(/^NotFoundException: /);
  });

  it('are kept sealed: the database alone decrypts nothing, nor does another key file', async () => {
    const { id } = await keys.store.create(scope, {});
    const ciphertext = await encrypted(id);
    const thief = keysOn(opened, new SecretKey(randomBytes(32)));
    const key = await thief.cipher.keyOf(ciphertext);
    expect(await refusal(thief.cipher.decrypt(key, ciphertext, { use: 'test' }))).toMatch(
      /^KMSInternalException: The keys in the database are encrypted with another key: put openpersonalize\.key /,
    );
    // One version's sealed key is good for that version alone.
    await keys.rotations.rotate(id, scope);
    const versions = await opened.database.selectFrom('kms_key_versions').selectAll().orderBy('version').execute();
    const sealed_key = versions[0]?.sealed_key ?? '';
    await opened.database.updateTable('kms_key_versions').set({ sealed_key }).where('version', '=', 2).execute();
    await expect(encrypted(id)).rejects.toThrow();
  });

  it('refuse a policy that would lock out who puts it, unless that is asked for', async () => {
    const { id, arn } = await keys.store.create(scope, {});
    const statement = { Effect: 'Allow', Principal: { AWS: other.account }, Action: 'kms:*', Resource: '*' };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: statement });
    expect(await refusal(keys.store.setPolicy(id, scope, { policy }))).toBe(
      'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.',
    );
    expect(await refusal(keys.store.setPolicy(id, scope, { policy: '{"Statement": 3}', bypassCheck: true }))).toMatch(
      /^MalformedPolicyDocumentException: Statement: /,
    );
    await keys.store.setPolicy(id, scope, { policy, bypassCheck: true });
    expect((await keys.store.find(arn, scope)).policy).toBe(policy);
    expect(await refusal(keys.store.create(scope, { policy }))).toMatch(/^MalformedPolicyDocumentException: /);
  });
});
