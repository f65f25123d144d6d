import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { contextKeys } from '../policies/context.ts';
import { type Decision, decide } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import { explain, type StatementExplanation } from '../policies/explanation.ts';
import type { PolicySet } from '../policies/policy-set.ts';
import type { Principal } from '../principal.ts';
import { isOfAnother, requestOf, strange } from './authorise.ts';
import { compilePolicies } from './held-policies.ts';
import { readPolicies } from './policy-store.ts';
import { requestKeys, type Tag } from './request-keys.ts';

export type AccessQuestion = {
  /** The ARN of a user, or of an account's root. */
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
  const principal = await principalOf(parts.database, question.principal);
  const { decision, statements } = await explained(parts, principal, { action, resource, keys });
  if (decision.allowed) return { allowed: true, statements };
  return { allowed: false, message: denialText(principal.arn, action, resource, decision), statements };
}

type Asked = { readonly action: string; readonly resource: string; readonly keys: readonly Tag[] };
type Explained = {
  readonly decision: { readonly allowed: true } | Extract<Decision, { allowed: false }>;
  readonly statements: readonly StatementExplanation[];
};

async function explained(parts: Parts, principal: Principal, { action, resource, keys }: Asked): Promise<Explained> {
  if (isOfAnother(principal, resource)) return { decision: strange, statements: [] };
  if (principal.kind !== 'user') return { decision: { allowed: true }, statements: [] };
  const identity = await policiesOf(parts.database, principal.id);
  const facts = { sourceIp: undefined, secure: false, userAgent: undefined, region: resource.split(':')[3] };
  const global = requestKeys({ ...facts, principal, principalTags: [], principalArn: principal.arn, now: parts.now() });
  const given = contextKeys(keys);
  const request = requestOf({ action, resource, keys: given }, global, await parts.tagsOf(resource));
  return { decision: decide({ identity }, request), statements: explain({ identity }, request).statements };
}

async function policiesOf(database: Database, holder: string): Promise<PolicySet> {
  const listed = (await readPolicies(database, holder)).get(holder) ?? { attached: [], inline: [] };
  return compilePolicies(listed, () => {});
}

async function principalOf(database: Database, arn: string): Promise<Principal> {
  const [, account, name] = /^arn:aws:iam::(\d{12}):(?:root|user\/([\w+=,.@-]+))$/.exec(arn) ?? [];
  if (account === undefined) {
    throw invalidInput(`${arn} is neither a user (arn:aws:iam::ACCOUNT:user/NAME) nor the root of an account.`);
  }
  if (name === undefined) return { kind: 'root', account, arn };
  const users = database.selectFrom('users').select('id').where('account', '=', account).where('name', '=', name);
  const user = await users.executeTakeFirst();
  if (!user) throw resourceNotFound(arn);
  return { kind: 'user', account, arn, name, id: user.id };
}
