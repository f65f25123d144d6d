import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { KeyError } from '../../data/encryption/key-error.ts';
import { PolicyStore } from '../authorisation/policy-store.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { RoleStore } from '../principals/role-store.ts';
import { KeyGrants } from './key-grants.ts';
import type { Key } from './key-lookup.ts';
import { keyUseRefusal, roleUseRefusal } from './key-use-refusal.ts';
import { dayMs, keysOn, type TestKeys } from './keys.fixture.ts';
import { LocalDataKeys } from './local-data-keys.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };
const other = { account: '210987654321', region: 'eu-west-1' };
const datasetGroupArn = 'arn:aws:personalize:eu-west-1:123456789012:dataset-group/films';
const roleArn = 'arn:aws:iam::123456789012:role/reader';
const session = 'arn:aws:sts::123456789012:assumed-role/reader/PersonalizeService';
const context = { group: 'films' };
const missing = '00000000-0000-4000-8000-000000000000';

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

const dataKeys = (verifies = false) => new LocalDataKeys({ ...keys, refusalOf: keyUseRefusal({ ...keys, verifies }) });
const use = (more: object = {}) => ({ kmsKeyArn: key.arn, account: scope.account, datasetGroupArn, roleArn, ...more });

/** Kind and message of the KeyError of a use; `allowed` if there is none. */
const outcome = async (more: object = {}, verifies = false) =>
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

  it('of another account are refused where signatures are not verified', async () => {
    const denial = `denied: User: arn:aws:iam::210987654321:root is not authorized to perform: kms:GenerateDataKey on resource: ${key.arn} because no resource-based policy allows the kms:GenerateDataKey action.`;
    expect(await outcome({ account: other.account })).toBe(denial);
    const unknown = key.arn.replace(key.id, missing);
    expect(await outcome({ account: other.account, kmsKeyArn: unknown })).toBe(denial.replace(key.arn, unknown));
  });
});

describe('the role of a dataset group', () => {
  const told = (more: object = {}) => outcome(more, true);
  const because = (reason: string, arn = key.arn) =>
    `denied: User: ${session} is not authorized to perform: kms:GenerateDataKey on resource: ${arn} ${reason}.`;
  const noPolicyOfItsOwn = 'because no identity-based policy allows the kms:GenerateDataKey action';
  const noPolicyOfTheKey = 'because no resource-based policy allows the kms:GenerateDataKey action';
  const role = { account: scope.account, name: 'reader' };
  const documentOf = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });

  async function makeRole(Condition: object = {}): Promise<void> {
    const Principal = { Service: 'personalize.amazonaws.com' };
    const trustPolicy = documentOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition });
    await new RoleStore(opened.database, change).create({ ...role, trustPolicy });
  }
  async function allow(Condition: object = {}, more: object = {}): Promise<void> {
    const Action = ['kms:GenerateDataKey', 'kms:Decrypt'];
    const document = documentOf({ Effect: 'Allow', Action, Resource: '*', Condition, ...more });
    const inline = { account: scope.account, role: 'reader', name: 'keys', document };
    await new PolicyStore(opened.database, change).putInline(inline);
  }

  it('must be there, of the same account, and one that the service may assume for the group', async () => {
    expect(await told()).toBe(`denied: The role ${roleArn} does not exist.`);
    expect(await outcome()).toBe('allowed');
    await makeRole({ ArnLike: { 'aws:SourceArn': `${datasetGroupArn}-2` } });
    expect(await told()).toMatch(/^denied: User: personalize\.amazonaws\.com .* sts:AssumeRole /);
    expect(await told({ account: other.account })).toMatch(/^denied: Cross-account pass role /);
    expect(await told({ datasetGroupArn: `${datasetGroupArn}-2` })).toBe(because(noPolicyOfItsOwn));
  });

  it('uses a key that the policies of both allow', async () => {
    await makeRole();
    // The policies of the role decide, as the policy of the key names the account.
    await allow({ StringEquals: { 'kms:EncryptionContext:group': 'music' } });
    expect(await told()).toBe(because(noPolicyOfItsOwn));
    const viaService = { 'kms:ViaService': 'personalize.eu-west-1.amazonaws.com' };
    await allow({ StringEquals: { 'kms:EncryptionContext:group': 'films', ...viaService } });
    expect(await told()).toBe('allowed');

    // A Deny of the key's policy ends the matter; one that names the role needs nothing else.
    await setPolicy(statement(root(scope.account)), statement({ AWS: roleArn }, { Effect: 'Deny' }));
    expect(await told()).toBe(because('with an explicit deny in a resource-based policy'));
    await setPolicy(statement({ AWS: roleArn }));
    await allow({}, { Action: 'kms:ListKeys' });
    expect(await told()).toBe('allowed');
  });

  it('uses a key that a grant lets it, for what the grant names, until it is revoked', async () => {
    await makeRole();
    const grants = new KeyGrants(keys);
    const operations = ['GenerateDataKey', 'Decrypt'];
    const constraints = { EncryptionContextSubset: context };
    const grantId = await grants.create(key.id, scope, { grantee: roleArn, operations, constraints });
    const { wrapped } = await dataKeys(true).generate(use(), context);
    expect(await dataKeys(true).unwrap(use(), wrapped, context)).toHaveLength(32);
    await expect(dataKeys(true).generate(use(), { group: 'music' })).rejects.toThrow(
      because(noPolicyOfItsOwn).slice(8),
    );
    await grants.revoke(key.id, scope, grantId);
    expect(await told()).toBe(because(noPolicyOfItsOwn));
    await grants.create(key.id, scope, { grantee: roleArn, operations: ['Decrypt'] });
    expect(await told()).toBe(because(noPolicyOfItsOwn));
    await expect(dataKeys(true).unwrap(use(), wrapped, context)).resolves.toHaveLength(32);
  });

  it('is not told whether a key of another account is there', async () => {
    await makeRole();
    const foreign = await keys.store.create(other, {});
    const unknown = foreign.arn.replace(foreign.id, missing);
    const both = async () => [await told({ kmsKeyArn: foreign.arn }), await told({ kmsKeyArn: unknown })];
    const answers = (reason: string) => [because(reason, foreign.arn), because(reason, unknown)];
    expect(await both()).toEqual(answers(noPolicyOfItsOwn));
    await allow();
    expect(await both()).toEqual(answers(noPolicyOfTheKey));
    await keys.store.tag(foreign.id, other, [{ key: 'team', value: 'films' }]);
    await allow({}, { Effect: 'Deny' });
    expect(await both()).toEqual(answers('with an explicit deny in an identity-based policy'));
    await allow({ StringEquals: { 'aws:ResourceTag/team': 'films' } });
    expect(await both()).toEqual(answers(noPolicyOfItsOwn));
    await allow();
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement({ AWS: roleArn }, { Effect: 'Deny' }), statement(root(other.account))],
    });
    await keys.store.setPolicy(foreign.id, other, { policy });
    expect(await both()).toEqual(answers(noPolicyOfTheKey));
    // Nor is a role that may use no key told which keys its own account has.
    await allow({}, { Action: 'kms:ListKeys' });
    const own = key.arn.replace(key.id, missing);
    expect([await told(), await told({ kmsKeyArn: own })]).toEqual([
      because(noPolicyOfItsOwn),
      because(noPolicyOfItsOwn, own),
    ]);
    await allow();
    expect(await told({ kmsKeyArn: own })).toMatch(/^notFound: .* To go on, make a key/);
  });

  it('must allow the use of a key that another KMS has, too', async () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:999999999999:key/elsewhere';
    const asked = { use: use({ kmsKeyArn }), action: 'kms:GenerateDataKey', context };
    const refusal = async (verifies = true) =>
      (await roleUseRefusal({ ...keys, verifies })(asked))?.replace(/^/, 'denied: ') ?? 'allowed';
    expect([await refusal(), await refusal(false)]).toEqual([`denied: The role ${roleArn} does not exist.`, 'allowed']);
    await makeRole();
    expect(await refusal()).toBe(because(noPolicyOfItsOwn, kmsKeyArn));
    await allow({}, { Resource: 'arn:aws:kms:eu-west-1:999999999999:key/other' });
    expect(await refusal()).toBe(because(noPolicyOfItsOwn, kmsKeyArn));
    await allow({ StringEquals: { 'kms:EncryptionContext:group': 'films' } }, { Resource: kmsKeyArn });
    expect(await refusal()).toBe('allowed');
  });

  it('uses a key of another account whose policy names its own', async () => {
    await makeRole();
    await allow();
    const foreign = await keys.store.create(other, {});
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement(root(scope.account)), statement(root(other.account))],
    });
    await keys.store.setPolicy(foreign.id, other, { policy });
    expect(await told({ kmsKeyArn: foreign.arn })).toBe('allowed');
  });
});
