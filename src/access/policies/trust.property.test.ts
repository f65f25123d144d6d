import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainSetOf } from './decision.fixture.ts';
import { type PlainAssumption, type PlainRequest, plainAssumption } from './evaluate.reference.ts';
import { policies, requests, trustStatements } from './policy.arbitrary.ts';
import { readPolicy } from './policy.ts';
import { account, askings, names } from './requester.arbitrary.ts';
import type { Requester } from './requester.ts';
import { decideAssumption } from './trust.ts';

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
      askings,
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
