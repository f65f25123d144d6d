import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainSetOf } from './decision.fixture.ts';
import { decide } from './decision.ts';
import { type PlainPolicies, type PlainRequest, plainDecision } from './evaluate.reference.ts';
import { policies, requests } from './policy.arbitrary.ts';

function decision({ identity, boundary, session }: PlainPolicies, { action, resource, context }: PlainRequest) {
  const decided = decide(
    {
      identity: plainSetOf(identity),
      boundary: boundary && plainSetOf(boundary),
      session: session && plainSetOf(session),
    },
    { action, resource, context: (key) => context[key] },
  );
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
      expect(decision(given, request)).toBe(expected);
    }),
    { numRuns: runs },
  );
  expect(seen).toEqual(new Set(['allowed', 'explicit', 'implicit']));
});
