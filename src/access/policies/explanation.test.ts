import fc from 'fast-check';
import { expect, it } from 'vitest';
import { documentOf, films, requestFor, setOf } from './decision.fixture.ts';
import { decide } from './decision.ts';
import { explain } from './explanation.ts';
import { policies, requests } from './policy.arbitrary.ts';
import { readPolicy } from './policy.ts';
import { PolicySet } from './policy-set.ts';

it('says of every statement why it does not apply', () => {
  const identity = setOf(
    documentOf(
      { Sid: 'Lists', Action: 'personalize:List*' },
      {
        Effect: 'Deny',
        NotResource: [films, 'arn:aws:s3:::*'],
        Condition: { StringLike: { 'aws:username': ['b*', 'c'] } },
      },
    ),
    documentOf({ Condition: { Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:UserName': 'ann' } } }),
  );
  const session = setOf(documentOf({ Sid: 'All' }));
  const { decision, statements } = explain({ identity, session }, requestFor({ context: { 'aws:username': 'ann' } }));
  expect(decision).toEqual({ allowed: false, policyType: 'identity-based policy', by: undefined });
  expect(statements).toEqual([
    {
      policyType: 'identity-based policy',
      policy: 'policy 1',
      statement: 'Lists',
      effect: 'Allow',
      applies: false,
      because: ['Action "personalize:List*" does not cover personalize:DescribeCampaign.'],
    },
    {
      policyType: 'identity-based policy',
      policy: 'policy 1',
      statement: '2',
      effect: 'Deny',
      applies: false,
      because: [
        `NotResource "${films}", "arn:aws:s3:::*" does not cover ${films}.`,
        'StringLike aws:username "b*", "c" does not hold: the request has "ann".',
      ],
    },
    {
      policyType: 'identity-based policy',
      policy: 'policy 2',
      statement: '1',
      effect: 'Allow',
      applies: false,
      because: ['Bool aws:SecureTransport "true" does not hold: the request has no such key.'],
    },
    { policyType: 'session policy', policy: 'policy 1', statement: 'All', effect: 'Allow', applies: true, because: [] },
  ]);
});

it('agrees with the decision', () => {
  fc.assert(
    fc.property(policies, requests, ({ identity }, { action, resource, context }) => {
      const named = identity.map((document, index) => ({
        name: `${index}`,
        policy: readPolicy(JSON.stringify(document), 'inline'),
      }));
      const request = { action, resource, context: (key: string) => context[key] };
      const { statements } = explain({ identity: new PolicySet(named) }, request);
      const effects = statements.filter(({ applies }) => applies).map(({ effect }) => effect);
      const decision = decide({ identity: new PolicySet(named) }, request);
      expect(decision.allowed).toBe(effects.includes('Allow') && !effects.includes('Deny'));
    }),
    { numRuns: 500 },
  );
});
