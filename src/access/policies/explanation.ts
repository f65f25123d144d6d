import { type Decision, decide, type PolicyType, type PrincipalPolicies } from './decision.ts';
import type { PolicySet } from './policy-set.ts';
import { type AccessRequest, coversAction, coversResource, type Statement } from './statement.ts';
import { type Assumption, decideAssumption, namingIn, trustPolicyName } from './trust.ts';

/** What one statement says to a request. */
export type StatementExplanation = {
  readonly policyType: PolicyType;
  readonly policy: string;
  /** Its Sid, or its number from 1. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  readonly applies: boolean;
  /** Why it does not apply, a sentence for each reason. */
  readonly because: readonly string[];
};

export type Explanation = { readonly decision: Decision; readonly statements: readonly StatementExplanation[] };

/** Says of every statement of a principal why it applies to a request or does not. */
export function explain(policies: PrincipalPolicies, request: AccessRequest): Explanation {
  const { identity, boundary, session } = policies;
  return {
    decision: decide(policies, request),
    statements: [
      ...explainSet('identity-based policy', identity, request),
      ...(boundary ? explainSet('permissions boundary', boundary, request) : []),
      ...(session ? explainSet('session policy', session, request) : []),
    ],
  };
}

/** As `explain`, of the assumption of a role: what its trust policy says, and the requester's own policies. */
export function explainAssumption(assumption: Assumption): Explanation {
  const { trust, requester, policies, request } = assumption;
  const byTrust = trust.statements.map((statement) => {
    const isNamed = namingIn(statement, requester) !== undefined;
    const element = statement.principals?.negated ? 'NotPrincipal' : 'Principal';
    const unnamed = isNamed ? [] : [`${element} does not cover the one who asks.`];
    const because = [...unnamed, ...mismatches(statement, request)];
    return saidBy({ policyType: 'resource-based policy', policy: trustPolicyName, statement, because });
  });
  return {
    decision: decideAssumption(assumption),
    statements: [...byTrust, ...(policies ? explain(policies, request).statements : [])],
  };
}

const explainSet = (policyType: PolicyType, { policies }: PolicySet, request: AccessRequest): StatementExplanation[] =>
  policies.flatMap(({ name, policy }) =>
    policy.statements.map((statement) =>
      saidBy({ policyType, policy: name, statement, because: mismatches(statement, request) }),
    ),
  );

type Said = Pick<StatementExplanation, 'policyType' | 'policy' | 'because'> & { readonly statement: Statement };

const saidBy = ({ statement: { sid, index, effect }, ...said }: Said): StatementExplanation => ({
  ...said,
  statement: sid ?? `${index + 1}`,
  effect,
  applies: said.because.length === 0,
});

function mismatches(statement: Statement, request: AccessRequest): string[] {
  const reasons: string[] = [];
  if (!coversAction(statement, request.action.toLowerCase())) {
    const { element, texts } = statement.actions;
    reasons.push(`${element} ${listed(texts)} does not cover ${request.action}.`);
  }
  if (statement.resources && !coversResource(statement, request)) {
    const { element, texts } = statement.resources;
    reasons.push(`${element} ${listed(texts)} does not cover ${request.resource}.`);
  }
  for (const { operator, key, values, holds } of statement.conditions) {
    if (holds(request.context)) continue;
    const given = request.context(key.toLowerCase());
    const has =
      given === undefined || given.length === 0 ? 'the request has no such key' : `the request has ${listed(given)}`;
    reasons.push(`${operator} ${key} ${listed(values)} does not hold: ${has}.`);
  }
  return reasons;
}

const listed = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text)).join(', ');
