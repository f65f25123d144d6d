import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { KeyError } from '../../data/encryption/key-error.ts';
import { PolicyStore } from '../authorisation/policy-store.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { RoleStore } from '../principals/role-store.ts';
import type { Key } from './key-lookup.ts';
import { keyUseRefusal } from './key-use-refusal.ts';
import { dayMs, keysOn, type TestKeys } from './keys.fixture.ts';
import { LocalDataKeys } from './local-data-keys.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };
const other = { account: '210987654321', region: 'eu-west-1' };
const datasetGroupArn = 'arn:aws:personalize:eu-west-1:123456789012:dataset-group/films';
const roleArn = 'arn:aws:iam::123456789012:role/reader';
const session = 'arn:aws:sts::123456789012:assumed-role/reader/PersonalizeService';
const context = { group: 'films' };

let opened: OpenDatabase;
let keys: TestKeys;
let key: Key;
let change: PrincipalsChange;

beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  keys = keysOn(opened);
  key = await keys.store.create(scope, {});
  const { database } = opened;
  change = (work) => database.transaction().execute((trx) => work(trx, 5));
  for (const { account: id } of [scope, other]) {
    await database.insertInto('accounts').values({ id, name: '', created_at: 1 }).execute();
  }
});
afterEach(() => opened.close());

const dataKeys = (verifies = true) => new LocalDataKeys({ ...keys, refusalOf: keyUseRefusal({ ...keys, verifies }) });
const use = (more: object = {}) => ({ kmsKeyArn: key.arn, account: scope.account, datasetGroupArn, ...more });

/** Kind and message of the KeyError of a use; `allowed` if there is none. */
const outcome = async (more: object = {}, verifies = true) =>
  await dataKeys(verifies)
    .generate(use(more), context)
    .then(
      () => 'allowed',
      (error: unknown) => (error instanceof KeyError ? `${error.kind}: ${error.message}` : String(error)),
    );

const statement = (Principal: object, more: object = {}) => ({
  ...{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' },
  ...more,
});
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const setPolicy = async (...statements: readonly object[]) => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await keys.store.setPolicy(key.id, scope, { policy, bypassCheck: true });
};

describe('data keys', () => {
  it('are unwrapped with their key and context, also after rotations', async () => {
    const { plaintext, wrapped } = await dataKeys().generate(use(), context);
    expect(plaintext).toHaveLength(32);
    await keys.rotations.rotate(key.id, scope);
    expect(await dataKeys().unwrap(use(), wrapped, context)).toEqual(plaintext);
    await expect(dataKeys().unwrap(use(), wrapped, { group: 'other' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(dataKeys().unwrap(use(), Buffer.from('none'), context)).rejects.toMatchObject({ kind: 'invalid' });
    const second = await keys.store.create(scope, {});
    await expect(dataKeys().unwrap(use({ kmsKeyArn: second.arn }), wrapped, context)).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('are refused with a sentence that says in which state the key is, and what to do', async () => {
    await keys.store.setEnabled(key.id, scope, false);
    expect(await outcome()).toBe(
      `disabled: The key ${key.arn} cannot be used: ${key.arn} is disabled. ` +
        'To go on, enable it with "openpersonalize keys enable".',
    );
    await keys.store.scheduleDeletion(key.id, scope, 7);
    expect(await outcome()).toMatch(/^pendingDeletion: .* is pending deletion\. To go on, have it back /);
    keys.clock.now += 7 * dayMs;
    expect(await outcome()).toMatch(/^notFound: .* does not exist\. To go on, make a key /);
    expect(await outcome({ kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/none' })).toMatch(/^notFound: /);
  });

  it('of another account are refused, unless the policy of the key names the account', async () => {
    const denial = `denied: User: arn:aws:iam::210987654321:root is not authorized to perform: kms:GenerateDataKey on resource: ${key.arn} because no resource-based policy allows the kms:GenerateDataKey action.`;
    expect(await outcome({ account: other.account })).toBe(denial);
    expect(await outcome({ account: other.account }, false)).toBe(denial);
    await setPolicy(statement(root(scope.account)), statement(root(other.account)));
    expect(await outcome({ account: other.account })).toBe('allowed');
    expect(await outcome()).toBe('allowed');
  });

  it('need a role that the service may assume, and that may use the key', async () => {
    const because = (action: string, reason: string) =>
      `denied: User: ${session} is not authorized to perform: ${action} on resource: ${key.arn} ${reason}.`;
    expect(await outcome({ roleArn })).toBe(`denied: The role ${roleArn} does not exist.`);
    expect(await outcome({ roleArn }, false)).toBe('allowed');
    const roles = new RoleStore(opened.database, change);
    const trust = (Condition: object) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'personalize.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition,
        },
      });
    const role = { account: scope.account, name: 'reader' };
    await roles.create({ ...role, trustPolicy: trust({ ArnLike: { 'aws:SourceArn': `${datasetGroupArn}-2` } }) });
    expect(await outcome({ roleArn })).toMatch(/^denied: User: personalize\.amazonaws\.com .* sts:AssumeRole /);
    expect(await outcome({ roleArn, datasetGroupArn: `${datasetGroupArn}-2` })).toBe(
      because('kms:GenerateDataKey', 'because no identity-based policy allows the kms:GenerateDataKey action'),
    );
    await roles.delete(role);
    await roles.create({ ...role, trustPolicy: trust({}) });

    // The policies of the role decide, as the policy of the key names the account.
    const policies = new PolicyStore(opened.database, change);
    const allow = (Condition: object) =>
      policies.putInline({
        account: scope.account,
        role: 'reader',
        name: 'keys',
        document: JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: key.arn, Condition },
        }),
      });
    await allow({ StringEquals: { 'kms:EncryptionContext:group': 'music' } });
    expect(await outcome({ roleArn })).toMatch(/^denied: /);
    await allow({
      StringEquals: {
        'kms:EncryptionContext:group': 'films',
        'kms:ViaService': 'personalize.eu-west-1.amazonaws.com',
      },
    });
    expect(await outcome({ roleArn })).toBe('allowed');
    expect(await outcome({ roleArn, account: other.account })).toMatch(/^denied: Cross-account pass role /);

    // A Deny of the key's policy ends the matter; one that names the role needs nothing else.
    await setPolicy(statement(root(scope.account)), statement({ AWS: roleArn }, { Effect: 'Deny' }));
    expect(await outcome({ roleArn })).toBe(
      because('kms:GenerateDataKey', 'with an explicit deny in a resource-based policy'),
    );
    await policies.deleteInline({ account: scope.account, role: 'reader', name: 'keys' });
    await setPolicy(statement({ AWS: roleArn }));
    expect(await outcome({ roleArn })).toBe('allowed');
    expect(await outcome()).toMatch(/^denied: User: arn:aws:iam::123456789012:root /);
  });
});
