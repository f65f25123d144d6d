import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainSetOf } from './decision.fixture.ts';
import { type PlainAssumption, type PlainRequest, plainAssumption } from './evaluate.reference.ts';
import { policies, requests, trustStatements } from './policy.arbitrary.ts';
import { readPolicy } from './policy.ts';
import type { Requester } from './requester.ts';
import { decideAssumption } from './trust.ts';

const account = '123456789012';
const other = '999999999999';
const root = (of: string) => [of, `arn:aws:iam::${of}:root`];
const user = (of: string) => `arn:aws:iam::${of}:user/ann`;
const role = (of: string) => `arn:aws:iam::${of}:role/app`;
const session = (of: string) => `arn:aws:sts::${of}:assumed-role/app/1`;
const service = 'personalize.amazonaws.com';
const provider = `arn:aws:iam::${account}:oidc-provider/issuer.example`;

type Asking = { readonly requester: Requester; readonly plain: Omit<PlainAssumption, 'trust' | 'policies'> };

const asAws = (of: string, arn: string, roleArn?: string): Asking => ({
  requester: { kind: 'aws', account: of, arn, ...(roleArn !== undefined && { roleArn }) },
  plain: {
    requester: { kind: 'AWS', itself: arn, account: root(of), ...(roleArn !== undefined && { role: roleArn }) },
    isForeign: of !== account,
  },
});

const asking = fc.constantFrom<Asking>(
  ...[account, other].flatMap((of) => [asAws(of, user(of)), asAws(of, session(of), role(of))]),
  {
    requester: { kind: 'service', name: service },
    plain: { requester: { kind: 'Service', itself: service }, isForeign: false },
  },
  {
    requester: { kind: 'federated', provider },
    plain: { requester: { kind: 'Federated', itself: provider }, isForeign: false },
  },
);

const names = {
  AWS: [account, other].flatMap((of) => [...root(of), user(of), role(of), session(of)]).concat('*'),
  Service: [service, 'ec2.amazonaws.com'],
  Federated: [provider],
};

const trusts = fc.record({
  Version: fc.constantFrom('2012-10-17', '2008-10-17'),
  Statement: fc.array(trustStatements(names), { minLength: 1, maxLength: 3 }),
});

function outcome({ trust, policies }: Omit<PlainAssumption, 'requester' | 'isForeign'>, asked: Requester) {
  return ({ action, resource, context }: PlainRequest) => {
    const decision = decideAssumption({
      trust: readPolicy(JSON.stringify(trust), 'trust'),
      account,
      requester: asked,
      policies: policies && {
        identity: plainSetOf(policies.identity),
        boundary: policies.boundary && plainSetOf(policies.boundary),
        session: policies.session && plainSetOf(policies.session),
      },
      request: { action, resource, context: (key) => context[key] },
    });
    if (decision.allowed) return 'allowed';
    return decision.by === undefined ? 'implicit' : 'explicit';
  };
}

const runs = Number(process.env.POLICY_RUNS ?? 2_000);

it('decides who may assume a role as the plain evaluator does', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      trusts,
      asking,
      fc.option(policies, { nil: undefined }),
      requests,
      (trust, { requester, plain }, own, request) => {
        const given = { trust, ...(own && { policies: own }) };
        const expected = plainAssumption({ ...given, ...plain }, request);
        seen.add(expected);
        expect(outcome(given, requester)(request)).toBe(expected);
      },
    ),
    { numRuns: runs },
  );
  expect(seen).toEqual(new Set(['allowed', 'explicit', 'implicit']));
});
