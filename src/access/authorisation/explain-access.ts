import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { contextKeys } from '../policies/context.ts';
import type { Denial } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import { explain, explainAssumption, type StatementExplanation } from '../policies/explanation.ts';
import type { Principal } from '../principal.ts';
import { findHolder } from '../principals/holders.ts';
import { rootArn } from '../principals/identifiers.ts';
import type { Tag } from '../principals/principal-tags.ts';
import { requesterOf } from '../principals/requester-of.ts';
import { findRole } from '../principals/role-store.ts';
import { isOfAnother, requestOf, strange } from './authorise.ts';
import { compilePolicies } from './held-policies.ts';
import { type HolderRights, noRights, readRights } from './holder-rights.ts';
import { requestKeys } from './request-keys.ts';
import { roleKeys, trustOf } from './role-trust.ts';

export type AccessQuestion = {
  /** The ARN of a user or a role, or of an account's root. */
  readonly principal: string;
  readonly action: string;
  readonly resource?: string | undefined;
  /** They win over those that follow from the user and the resource. */
  readonly keys?: readonly Tag[] | undefined;
};

export type AccessAnswer = {
  readonly allowed: boolean;
  /** What a caller would be told. */
  readonly message?: string | undefined;
  readonly statements: readonly StatementExplanation[];
};

type Parts = {
  readonly database: Database;
  readonly tagsOf: (arn: string) => Promise<readonly Tag[]>;
  readonly now: () => number;
};

/**
 * Whether somebody may do something, and what each statement of its policies says to it.
 *
 * @throws ServiceError InvalidInputException for another principal, ResourceNotFoundException for an unknown user
 */
export async function explainAccess(parts: Parts, question: AccessQuestion): Promise<AccessAnswer> {
  const { action, resource = '*', keys = [] } = question;
  const principal = await principalOf(parts, question.principal);
  const { decision, statements } = await explained(parts, principal, { action, resource, keys });
  if (decision.allowed) return { allowed: true, statements };
  return { allowed: false, message: denialText(principal.arn, action, resource, decision), statements };
}

type Asked = { readonly action: string; readonly resource: string; readonly keys: readonly Tag[] };
type Explained = {
  readonly decision: { readonly allowed: true } | Denial;
  readonly statements: readonly StatementExplanation[];
};

async function explained(parts: Parts, principal: Principal, { action, resource, keys }: Asked): Promise<Explained> {
  const role = assumption.test(action) ? await findRole(parts.database, resource) : undefined;
  if (!role && isOfAnother(principal, resource)) return { decision: strange, statements: [] };
  if (!role && principal.kind === 'root') return { decision: { allowed: true }, statements: [] };
  const rights = await rightsOf(parts.database, principal);
  const policies = compilePolicies(rights, () => {});
  const facts = { sourceIp: undefined, secure: false, userAgent: undefined, region: resource.split(':')[3] };
  const of = { principal, principalTags: rights.tags, principalArn: principal.arn };
  const global = requestKeys({ ...facts, ...of, now: parts.now() });
  const given = contextKeys(keys);
  if (!role)
    return explain(policies, requestOf({ action, resource, keys: given }, global, await parts.tagsOf(resource)));
  const ofRole = roleKeys(role);
  return explainAssumption({
    ...{ trust: trustOf(role), account: role.account },
    requester: requesterOf(principal),
    policies: principal.kind === 'root' ? undefined : policies,
    request: { action, resource, context: (key) => given.get(key) ?? ofRole.get(key) ?? global(key) },
  });
}

/** What a role's trust policy has a say in. */
const assumption = /^sts:(AssumeRole|TagSession|SetSourceIdentity)$/i;

async function rightsOf(database: Database, principal: Principal): Promise<HolderRights> {
  if (principal.kind === 'root') return noRights;
  return (await readRights(database, principal.id)).get(principal.id) ?? noRights;
}

const principalPattern = /^arn:aws:iam::(\d{12}):(?:root$|(user|role)\/(?:.*\/)?([\w+=,.@-]+)$)/;

async function principalOf({ database, now }: Parts, arn: string): Promise<Principal> {
  const [, account = '', kind, name = ''] = principalPattern.exec(arn) ?? [];
  if (arn === rootArn(account)) return { kind: 'root', account, arn };
  if (kind === undefined) {
    throw invalidInput(
      `${arn} is neither a user (arn:aws:iam::ACCOUNT:user/NAME), nor a role (arn:aws:iam::ACCOUNT:role/NAME), nor ` +
        'the root of an account.',
    );
  }
  const holder = await findHolder(database, kind === 'user' ? { account, user: name } : { account, role: name });
  if (holder.arn !== arn) throw resourceNotFound(arn);
  const { id } = holder;
  if (kind === 'user') return { kind: 'user', account, arn, name, id };
  return { kind: 'session', account, arn, role: name, roleArn: arn, session: '', id, issuedAt: now() };
}
