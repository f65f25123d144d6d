// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
import assert from 'node:assert/strict';
import { authoriser } from '../../src/access/authorisation/authorise.ts';
import { contextOf } from '../../src/access/policies/context.ts';
import { decide } from '../../src/access/policies/decision.ts';
import { managedPolicies } from '../../src/access/policies/managed-policies.ts';
import { readPolicy } from '../../src/access/policies/policy.ts';
import { PolicySet } from '../../src/access/policies/policy-set.ts';
import { operations } from '../../src/contract/operations.ts';
import { quantile } from '../median.ts';
import type { BenchOptions, BenchResult } from '../result.ts';

const policyCount = 50;
const limit = 20;
const region = 'arn:aws:personalize:eu-west-1:123456789012:';

/** Policies of teams, each about its own resources, and one that all have. */
const teamPolicy = (team: number): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Own',
        Effect: 'Allow',
        Action: ['personalize:Get*', 'personalize:Describe*', 'personalize:Create*', 'personalize:Update*'],
        Resource: [
          `${region}campaign/team-${team}-*`,
          `${region}solution/team-${team}-*`,
          `${region}dataset*/team-${team}/*`,
        ],
      },
      {
        Sid: 'ByTag',
        Effect: 'Allow',
        Action: 'personalize:*',
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:ResourceTag/team': `team-${team}`, 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' },
          'ForAllValues:StringLike': { 'aws:TagKeys': ['team', 'stage-*'] },
        },
      },
      {
        Sid: 'NotAbroad',
        Effect: 'Deny',
        Action: 'personalize:*',
        Resource: '*',
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] },
          ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/team-${team}-*` },
        },
      },
    ],
  });

const contextIn = (team: string) =>
  contextOf({
    'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/ann',
    'aws:PrincipalTag/team': team,
    'aws:ResourceTag/team': team,
    'aws:SourceIp': '10.1.2.3',
    'aws:username': 'ann',
  });

/** What the decision on one request costs whose user has fifty policies, most of which are about the action. */
export async function benchPolicies({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rounds = quick ? 2_000 : 200_000;
  const documents = Array.from({ length: policyCount }, (_, team) => teamPolicy(team));
  const identity = setOf(documents);
  const action = 'personalize:GetRecommendations';
  const times = (team: string, allowed: boolean) => {
    const request = { action, resource: `${region}campaign/${team}-films`, context: contextIn(team) };
    assert.equal(decide({ identity }, request).allowed, allowed);
    return timed(rounds, () => decide({ identity }, request));
  };
  const allowed = times('team-49', true);
  const denied = times('team-of-none', false);
  const full = setOf([managedPolicies[0]?.document ?? '']);
  const films = { action, resource: `${region}campaign/films`, context: contextIn('none') };
  const one = timed(rounds, () => decide({ identity: full }, films));
  const reading = timed(Math.ceil(rounds / 100), (round) =>
    readPolicy(documents[round % policyCount] ?? '', 'managed'),
  );
  const whole = await timedAsync(Math.ceil(rounds / 4), authorisedCall(identity));
  const result = (
    name: string,
    of: readonly number[],
    share: number,
    more: Partial<BenchResult> = {},
  ): BenchResult => ({
    name: `access: ${name}`,
    value: quantile(of, share),
    unit: 'µs',
    detail: `${policyCount} policies of three statements, ${rounds.toLocaleString('en')} times, 1 thread`,
    ...more,
  });
  return [
    result('policy check that allows, p99', allowed, 0.99, { limit }),
    result('the same, p50', allowed, 0.5),
    result('policy check that no policy allows, p99', denied, 0.99, { limit }),
    result('authorise a call, p99', whole, 0.99),
    result('authorise a call, p50', whole, 0.5),
    result('policy check with the full-access policy alone, p99', one, 0.99, { detail: '1 policy' }),
    result('read a policy document, p50', reading, 0.5, { detail: 'three statements' }),
  ];
}

/** What the server does for each call once it knows who calls. */
function authorisedCall(identity: PolicySet): () => Promise<void> {
  const account = '123456789012';
  const arn = `arn:aws:iam::${account}:user/ann`;
  const authorise = authoriser({
    rightsOf: () => ({
      policies: { identity },
      principalTags: [{ key: 'team', value: 'team-49' }],
      principalArn: arn,
    }),
    identityOf: async () => undefined,
    tagsOf: async () => [{ key: 'team', value: 'team-49' }],
    now: () => Date.now(),
  });
  return async () =>
    await authorise({
      principal: { kind: 'user', account, arn, name: 'ann', id: 'AIDAANN' },
      operation: operations.GetRecommendations,
      input: { campaignArn: `${region}campaign/team-49-films`, userId: '1' },
      sourceIp: '10.1.2.3',
      secure: false,
      userAgent: 'aws-sdk',
      region: 'eu-west-1',
    });
}

async function timedAsync(rounds: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let round = -Math.ceil(rounds / 10); round < rounds; round++) {
    const began = performance.now();
    await work();
    if (round >= 0) times.push((performance.now() - began) * 1000);
  }
  return times;
}

const setOf = (documents: readonly string[]) =>
  new PolicySet(documents.map((document, index) => ({ name: `${index}`, policy: readPolicy(document, 'managed') })));

/** Microseconds of each round after the first ones, which warm up. */
function timed(rounds: number, work: (round: number) => unknown): number[] {
  const times: number[] = [];
  for (let round = -Math.ceil(rounds / 10); round < rounds; round++) {
    const began = performance.now();
    work(round + rounds);
    if (round >= 0) times.push((performance.now() - began) * 1000);
  }
  return times;
}
