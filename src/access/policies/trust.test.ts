import { describe, expect, test } from 'vitest';
import { contextOf } from './context.ts';
import { documentOf, setOf } from './decision.fixture.ts';
import { readPolicy } from './policy.ts';
import type { Requester } from './requester.ts';
import { decideAssumption, decideByResource } from './trust.ts';

const account = '123456789012';
const ann: Requester = { kind: 'aws', account, arn: `arn:aws:iam::${account}:user/ann` };
const stranger: Requester = { kind: 'aws', account: '999999999999', arn: 'arn:aws:iam::999999999999:user/zoe' };
const session: Requester = {
  kind: 'aws',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/app/1`,
  roleArn: `arn:aws:iam::${account}:role/app`,
};
const service: Requester = { kind: 'service', name: 'personalize.amazonaws.com' };
const issuer: Requester = { kind: 'federated', provider: `arn:aws:iam::${account}:oidc-provider/issuer.example` };
const root = `arn:aws:iam::${account}:root`;

const allow = documentOf({ Action: 'sts:AssumeRole' });
const nothing = documentOf({ Action: 'iam:*' });
const deny = documentOf({ Effect: 'Deny', Action: 'sts:AssumeRole' });

function assumes(principal: object, requester: Requester, own: readonly string[] | undefined, more: object[] = []) {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', ...principal };
  const trust = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement, ...more] }), 'trust');
  const request = {
    action: 'sts:AssumeRole',
    resource: `arn:aws:iam::${account}:role/loader`,
    context: contextOf({ 'aws:SourceAccount': account }),
  };
  const policies = own && { identity: setOf(...own) };
  const decision = decideAssumption({ trust, account, requester, policies, request });
  if (decision.allowed) return 'allowed';
  return `${decision.by ? 'denied' : 'not allowed'} by ${decision.policyType}`;
}

describe('a role is assumed', () => {
  const rows: [what: string, principal: object, requester: Requester, own: string[] | undefined, outcome: string][] = [
    ['by a user that it trusts', { Principal: { AWS: ann.arn } }, ann, [], 'allowed'],
    [
      'by a user whose own policies deny it',
      { Principal: { AWS: ann.arn } },
      ann,
      [allow, deny],
      'denied by identity-based policy',
    ],
    ['by a user of an account that it trusts', { Principal: { AWS: root } }, ann, [allow], 'allowed'],
    [
      'by a user of such an account without policies',
      { Principal: { AWS: account } },
      ann,
      [nothing],
      'not allowed by identity-based policy',
    ],
    ['by the root of such an account', { Principal: { AWS: root } }, { ...ann, arn: root }, undefined, 'allowed'],
    ['by everybody', { Principal: '*' }, ann, [], 'allowed'],
    [
      'by another user',
      { Principal: { AWS: `arn:aws:iam::${account}:user/bob` } },
      ann,
      [allow],
      'not allowed by resource-based policy',
    ],
    [
      'by a user of another account that it trusts',
      { Principal: { AWS: '999999999999' } },
      stranger,
      [allow],
      'allowed',
    ],
    [
      'by such a user without policies',
      { Principal: { AWS: stranger.arn } },
      stranger,
      [nothing],
      'not allowed by identity-based policy',
    ],
    [
      'by a user of an account that it does not trust',
      { Principal: { AWS: root } },
      stranger,
      [allow],
      'not allowed by resource-based policy',
    ],
    ['by a session of a role that it trusts', { Principal: { AWS: session.roleArn } }, session, [], 'allowed'],
    ['by one session', { Principal: { AWS: session.arn } }, session, [], 'allowed'],
    ['by the service', { Principal: { Service: 'personalize.amazonaws.com' } }, service, undefined, 'allowed'],
    [
      'by another service',
      { Principal: { Service: 'ec2.amazonaws.com' } },
      service,
      undefined,
      'not allowed by resource-based policy',
    ],
    [
      'by a service where users are named',
      { Principal: { AWS: '*' } },
      service,
      undefined,
      'not allowed by resource-based policy',
    ],
    ['by an issuer that it trusts', { Principal: { Federated: issuer.provider } }, issuer, undefined, 'allowed'],
    ['by all but one', { NotPrincipal: { AWS: stranger.arn } }, ann, [], 'allowed'],
    ['by that one', { NotPrincipal: { AWS: ann.arn } }, ann, [], 'not allowed by resource-based policy'],
  ];
  test.each(rows)('%s', (_what, principal, requester, own, outcome) => {
    expect(assumes(principal, requester, own)).toBe(outcome);
  });

  test('under the conditions of its trust policy', () => {
    const trusts = (source: string) => {
      const Condition = { StringEquals: { 'aws:SourceAccount': source } };
      return assumes({ Principal: { Service: service.name }, Condition }, service, undefined);
    };
    expect([trusts(account), trusts('1')]).toEqual(['allowed', 'not allowed by resource-based policy']);
  });

  test('not where its trust policy denies it', () => {
    const denial = { Effect: 'Deny', Action: 'sts:*', Principal: { AWS: ann.arn } };
    expect(assumes({ Principal: '*' }, ann, [allow], [denial])).toBe('denied by resource-based policy');
    expect(assumes({ Principal: '*' }, session, [allow], [denial])).toBe('allowed');
  });

  test('by a user whom it names, even if it names the account, too', () => {
    const itself = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ann.arn } };
    expect(assumes({ Principal: { AWS: root } }, ann, [nothing], [itself])).toBe('allowed');
  });
});

test('a bucket policy says what it grants to the service', () => {
  const bucket = readPolicy(
    JSON.stringify({
      Id: 'PersonalizeS3BucketAccessPolicy',
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'personalize.amazonaws.com' },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: ['arn:aws:s3:::films', 'arn:aws:s3:::films/*'],
      },
    }),
    'resource',
  );
  const says = (action: string, resource: string) =>
    decideByResource(bucket, service, { action, resource, context: contextOf({}) }).effect;
  expect(says('s3:GetObject', 'arn:aws:s3:::films/a.csv')).toBe('Allow');
  expect(says('s3:PutObject', 'arn:aws:s3:::films/a.csv')).toBe('none');
  expect(says('s3:GetObject', 'arn:aws:s3:::books/a.csv')).toBe('none');
});
