import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainSetOf } from './decision.fixture.ts';
import { type Denial, decide, type PrincipalPolicies } from './decision.ts';
import {
  type PlainDocument,
  type PlainOutcome,
  type PlainPolicies,
  type PlainRequest,
  plainAccess,
  plainDecision,
} from './evaluate.reference.ts';
import { policies, requests, resourceStatements } from './policy.arbitrary.ts';
import { readPolicy } from './policy.ts';
import { account, awsAskings, names } from './requester.arbitrary.ts';
import { decideAccess } from './shared-resource.ts';

const policiesOf = ({ identity, boundary, session }: PlainPolicies): PrincipalPolicies => ({
  identity: plainSetOf(identity),
  boundary: boundary && plainSetOf(boundary),
  session: session && plainSetOf(session),
});

const requestOf = ({ action, resource, context }: PlainRequest) => ({
  action,
  resource,
  context: (key: string) => context[key],
});

function outcomeOf(decided: { readonly allowed: true } | Denial): PlainOutcome {
  if (decided.allowed) return 'allowed';
  return decided.by === undefined ? 'implicit' : 'explicit';
}

const runs = Number(process.env.POLICY_RUNS ?? 2_000);

it('decides as the plain evaluator does, whatever the policies and the request', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(policies, requests, (given, request) => {
      const expected = plainDecision(given, request);
      seen.add(expected);
      expect(outcomeOf(decide(policiesOf(given), requestOf(request)))).toBe(expected);
    }),
    { numRuns: runs },
  );
  expect(seen).toEqual(new Set(['allowed', 'explicit', 'implicit']));
});

const resourcePolicies: fc.Arbitrary<PlainDocument> = fc.record({
  Version: fc.constantFrom('2012-10-17', '2008-10-17'),
  Statement: fc.array(resourceStatements(names), { minLength: 1, maxLength: 3 }),
});

it('decides who may use a resource with a policy as the plain evaluator does', () => {
  const seen = new Set<string>();
  const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
  fc.assert(
    fc.property(
      optional(resourcePolicies),
      awsAskings,
      optional(policies),
      requests,
      (policy, { requester, plain }, own, request) => {
        const given = { ...plain, ...(policy && { policy }), ...(own && { policies: own }) };
        const expected = plainAccess(given, request);
        seen.add(`${expected} ${plain.isForeign ? 'across accounts' : 'within one'}`);
        const access = {
          policy: policy && readPolicy(JSON.stringify(policy), 'resource'),
          ...{ account, requester },
          policies: own && policiesOf(own),
          request: requestOf(request),
        };
        expect(outcomeOf(decideAccess(access))).toBe(expected);
      },
    ),
    { numRuns: runs },
  );
  const outcomes = ['allowed', 'explicit', 'implicit'];
  expect(seen).toEqual(new Set(outcomes.flatMap((each) => [`${each} across accounts`, `${each} within one`])));
});
