import { LRUCache } from 'lru-cache';
import type { Database } from '../../data/database/database.ts';
import type { PrincipalPolicies } from '../policies/decision.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import { type Policy, type PolicySort, readPolicy } from '../policies/policy.ts';
import { type NamedPolicy, PolicySet } from '../policies/policy-set.ts';
import type { Principal, SessionLimits } from '../principal.ts';
import { mergeTags, type Tag } from '../principals/principal-tags.ts';
import type { PrincipalRights } from './authorise.ts';
import { type HolderRights, readRights } from './holder-rights.ts';
import { type ListedPolicy, readDocuments } from './policy-store.ts';

/** What a user or role may do, compiled. */
type Held = { readonly documents: string; readonly policies: PrincipalPolicies; readonly tags: readonly Tag[] };

/** Session policies that are kept compiled. */
const rememberedSessions = 256;

/** Who has no policies may do nothing. */
const nothing: Held = { documents: '', policies: { identity: new PolicySet([]) }, tags: [] };

/**
 * All policies of users and roles in memory, compiled, so that no call waits for the database. They are as new as the
 * last `refresh`.
 */
export class HeldPolicies {
  readonly #onError: (error: unknown) => void;
  #held: ReadonlyMap<string, Held> = new Map();
  /** Of policies that can be attached, by ARN. */
  #documents: ReadonlyMap<string, string> = new Map();
  readonly #sessions = new LRUCache<string, PolicySet>({ max: rememberedSessions });

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Reads all policies, and compiles those of holders for whom something has changed. */
  async refresh(database: Database): Promise<void> {
    const held = new Map<string, Held>();
    for (const [holder, rights] of await readRights(database)) {
      const documents = JSON.stringify(rights);
      const known = this.#held.get(holder);
      const { tags } = rights;
      held.set(
        holder,
        known?.documents === documents ? known : { documents, policies: compilePolicies(rights, this.#onError), tags },
      );
    }
    this.#documents = await readDocuments(database);
    this.#held = held;
  }

  /** What somebody may do: a user by its own policies, temporary credentials by those of their role. */
  readonly rightsOf = (principal: Principal): PrincipalRights => {
    const { arn } = principal;
    if (principal.kind === 'root') return { policies: undefined, principalTags: [], principalArn: arn };
    if (principal.kind === 'user') {
      const { policies, tags } = this.#of(principal.id);
      return { policies, principalTags: tags, principalArn: arn };
    }
    const [roleId = ''] = principal.id.split(':', 1);
    const { policies, tags } = this.#of(roleId);
    return {
      policies: { ...policies, session: principal.limits && this.#session(principal.limits) },
      principalTags: mergeTags(tags, principal.tags ?? []),
      principalArn: principal.roleArn,
    };
  };

  #of(holder: string): Held {
    return this.#held.get(holder) ?? nothing;
  }

  #session({ documents, policyArns }: SessionLimits): PolicySet {
    const own = documents.map((document) => ({ name: 'session policy', arn: undefined, document }));
    // One that is gone has no document, and denies everything.
    const named = policyArns.map((arn) => ({ name: arn, arn, document: this.#documents.get(arn) ?? '' }));
    const policies = [...own, ...named];
    const key = JSON.stringify(policies);
    const known = this.#sessions.get(key);
    if (known) return known;
    const set = new PolicySet(
      policies.map((policy) => compiled(policy, policy.arn === undefined ? 'session' : 'managed', this.#onError)),
    );
    this.#sessions.set(key, set);
    return set;
  }
}

/** @param onError is told why a document cannot be read */
export const compilePolicies = (
  { attached, inline, boundary }: HolderRights,
  onError: (error: unknown) => void,
): PrincipalPolicies => ({
  identity: new PolicySet([
    ...attached.map((policy) => compiled(policy, 'managed', onError)),
    ...inline.map((policy) => compiled(policy, 'inline', onError)),
  ]),
  boundary: boundary && new PolicySet([compiled(boundary, 'boundary', onError)]),
});

/** A document that this release cannot read denies everything: it may hold a Deny. */
function compiled(
  { name, arn, document }: ListedPolicy,
  sort: PolicySort,
  onError: (error: unknown) => void,
): NamedPolicy {
  try {
    return { name: arn ?? name, policy: readPolicy(document, sort) };
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    onError(error);
    return { name: arn ?? name, policy: denyAll };
  }
}

const denyAll: Policy = readPolicy(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Sid: 'Unreadable', Effect: 'Deny', Action: '*', Resource: '*' },
  }),
  'inline',
);
