import type { Database } from '../../data/database/database.ts';
import type { Context } from '../policies/context.ts';
import { contextOf } from '../policies/context.ts';
import { type Decision, type Denial, decide, type PrincipalPolicies } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import { decideAssumption } from '../policies/trust.ts';
import type { RoleSession } from '../principal.ts';
import { roleSession } from '../principals/role-session.ts';
import { findRole, type Role } from '../principals/role-store.ts';
import { compilePolicies } from './held-policies.ts';
import { noRights, readRights } from './holder-rights.ts';
import { requestKeys } from './request-keys.ts';
import { roleKeys, trustOf } from './role-trust.ts';

/** The name under which the service assumes roles. */
export const service = 'personalize.amazonaws.com';

export type ServiceQuestion = {
  /** The role that a resource was given for the service to use. */
  readonly roleArn: string;
  /** The resource, such as an import job, and its account. */
  readonly source: { readonly account: string; readonly arn: string };
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** Such as `arn:aws:s3:::bucket/key`. */
  readonly resource: string;
  /** Condition keys of the request besides those of the role, such as `s3:prefix`. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
};

/** `sentence` names principal, action and resource, and says which policies deny or do not allow. */
export type ServiceDecision = { readonly allowed: true } | { readonly allowed: false; readonly sentence: string };

type Parts = { readonly database: Database; readonly now: () => number };

/** Temporary credentials with which the service works for a resource. */
export type ServiceSession = {
  readonly principal: RoleSession;
  readonly policies: PrincipalPolicies;
  /** Condition keys of what is done with it. */
  readonly keys: Context;
};

type Assumed = { readonly allowed: true; readonly session: ServiceSession };

/**
 * Whether the service may do something for a resource by the resource's role: the role is of the same account, its
 * trust policy lets the service assume it for that resource (`aws:SourceAccount`, `aws:SourceArn`), and its policies
 * and boundary allow the action. Policies are read from the database: what holds is what they are now.
 */
export async function decideForService(parts: Parts, question: ServiceQuestion): Promise<ServiceDecision> {
  const assumed = await assumeForService(parts, question);
  if (!assumed.allowed) return assumed;
  const { principal, policies, keys } = assumed.session;
  const { action, resource } = question;
  const given = contextOf(question.keys ?? {});
  const decision = decide(policies, { action, resource, context: (key) => given(key) ?? keys(key) });
  return decision.allowed ? { allowed: true } : denied(principal.arn, action, resource, decision);
}

/** Has the service assume the role of a resource, if the role lets it. */
export async function assumeForService(
  { database, now }: Parts,
  question: Pick<ServiceQuestion, 'roleArn' | 'source'>,
): Promise<Assumed | Exclude<ServiceDecision, { allowed: true }>> {
  const { roleArn, source } = question;
  const role = await findRole(database, roleArn);
  if (!role) return { allowed: false, sentence: `The role ${roleArn} does not exist.` };
  if (role.account !== source.account) {
    const sentence = `Cross-account pass role is not allowed: ${roleArn} is of another account than ${source.arn}.`;
    return { allowed: false, sentence };
  }
  const trusted = decideTrust(role, question);
  if (!trusted.allowed) return denied(service, 'sts:AssumeRole', roleArn, trusted);
  const principal = assumedByService(role, now());
  const rights = (await readRights(database, role.id)).get(role.id) ?? noRights;
  const from = { sourceIp: undefined, secure: true, userAgent: service, region: source.arn.split(':')[3] };
  const keys = requestKeys({ ...from, principal, principalTags: rights.tags, principalArn: role.arn, now: now() });
  return { allowed: true, session: { principal, policies: compilePolicies(rights, () => {}), keys } };
}

/** The service's own session of a role. */
export const assumedByService = (role: Role, issuedAt: number): RoleSession =>
  roleSession(role, { session: 'PersonalizeService', issuedAt });

const denied = (arn: string, action: string, resource: string, denial: Denial) => ({
  allowed: false as const,
  sentence: `${denialText(arn, action, resource, denial)}.`,
});

function decideTrust(role: Role, { source }: Pick<ServiceQuestion, 'source'>): Decision {
  const keys = roleKeys(role);
  const given = contextOf({
    'aws:SourceAccount': source.account,
    'aws:SourceArn': source.arn,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    'aws:SecureTransport': 'true',
  });
  const context: Context = (key) => given(key) ?? keys.get(key);
  return decideAssumption({
    trust: trustOf(role),
    account: role.account,
    requester: { kind: 'service', name: service },
    policies: undefined,
    request: { action: 'sts:AssumeRole', resource: role.arn, context },
  });
}
