import { afterEach, beforeEach, expect, it } from 'vitest';
import { type KeyOperationName, keyOperations } from '../../contract/operations.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { readPolicy } from '../policies/policy.ts';
import { PolicySet } from '../policies/policy-set.ts';
import type { Principal } from '../principal.ts';
import { keyAuthoriser } from './key-authorisation.ts';
import type { Key } from './key-lookup.ts';
import { keysOn, refusal, type TestKeys } from './keys.fixture.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };
const ann: Principal = {
  ...{ kind: 'user', account: scope.account, name: 'ann', id: 'AIDAANN' },
  arn: 'arn:aws:iam::123456789012:user/ann',
};
const stranger: Principal = { kind: 'root', account: '210987654321', arn: 'arn:aws:iam::210987654321:root' };

let opened: OpenDatabase;
let keys: TestKeys;
let key: Key;
let CiphertextBlob: string;
beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  keys = keysOn(opened);
  key = await keys.store.create(scope, {});
  const { ciphertext } = await keys.cipher.encrypt(key, Buffer.from('secret'), { team: 'films' });
  CiphertextBlob = ciphertext.toString('base64');
});
afterEach(() => opened.close());

const allow = (Action: string, Condition: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', Condition });

/** What a principal with these statements is told; undefined: signatures are not verified. */
async function told(principal: Principal | undefined, name: KeyOperationName, input: object, ...statements: object[]) {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const policies = statements.length === 0 ? [] : [{ name: 'own', policy: readPolicy(document, 'inline') }];
  const authorise = keyAuthoriser({
    ...keys,
    rightsOf: ({ kind, arn }) => ({
      policies: kind === 'root' ? undefined : { identity: new PolicySet(policies) },
      principalTags: [],
      principalArn: arn,
    }),
  });
  const account = principal?.account ?? '210987654321';
  const from = { sourceIp: undefined, secure: false, userAgent: undefined, region: scope.region };
  return await refusal(authorise({ ...from, principal, account, operation: keyOperations[name], input: { ...input } }));
}

it('lets a user do what its own policies allow, as the policy of the key leaves it to them', async () => {
  const context = { EncryptionContext: { team: 'films' } };
  const input = { KeyId: key.id, CiphertextBlob, ...context };
  expect(await told(ann, 'Decrypt', input)).toBe(
    `AccessDeniedException: User: ${ann.arn} is not authorized to perform: kms:Decrypt on resource: ${key.arn} ` +
      'because no identity-based policy allows the kms:Decrypt action',
  );
  const ofFilms = allow('kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:team': 'films' } });
  expect(await told(ann, 'Decrypt', input, ofFilms)).toBe('none');
  expect(await told(ann, 'Decrypt', { ...input, EncryptionContext: {} }, ofFilms)).toMatch(/^AccessDenied/);
  expect(await told(ann, 'ListKeys', {})).toMatch(/kms:ListKeys on resource: \* because no identity-based/);
  expect(await told(ann, 'ListKeys', {}, allow('kms:ListKeys'))).toBe('none');
});

it('does not tell who may not decrypt which key a ciphertext is of', async () => {
  for (const principal of [ann, stranger]) {
    expect(await told(principal, 'Decrypt', { CiphertextBlob })).toMatch(
      /^AccessDeniedException: The ciphertext refers/,
    );
  }
});

it('keeps keys from other accounts, there or not, also where signatures are not verified', async () => {
  const unknown = key.arn.replace(key.id, '00000000-0000-4000-8000-000000000000');
  for (const KeyId of [key.arn, unknown]) {
    for (const principal of [stranger, undefined]) {
      expect(await told(principal, 'DescribeKey', { KeyId })).toMatch(
        /^AccessDenied.* no resource-based policy allows/,
      );
    }
  }
});

it('needs the key and the alias for an alias, and both keys to encrypt with another', async () => {
  const onKey = { ...allow('kms:CreateAlias'), Resource: key.arn };
  const alias = { AliasName: 'alias/a', TargetKeyId: key.id };
  expect(await told(ann, 'CreateAlias', alias, onKey)).toMatch(/on resource: arn:aws:kms:.*:alias\/a /);
  expect(await told(ann, 'CreateAlias', alias, allow('kms:CreateAlias'))).toBe('none');
  const again = { CiphertextBlob, SourceKeyId: key.id, DestinationKeyId: key.id };
  expect(await told(ann, 'ReEncrypt', again, allow('kms:ReEncryptFrom'))).toMatch(/kms:ReEncryptTo/);
  expect(await told(ann, 'ReEncrypt', again, allow('kms:ReEncrypt*'))).toBe('none');
});
