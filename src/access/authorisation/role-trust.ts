import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import { type Policy, readPolicy } from '../policies/policy.ts';
import type { Tag } from '../principals/principal-tags.ts';
import type { Role } from '../principals/role-store.ts';
import { addTags } from './needs.ts';

const nobody: Policy = { statements: [], readsResourceTags: false };

/** Who may assume a role. A document that this release cannot read trusts nobody. */
export function trustOf({ trustPolicy }: Pick<Role, 'trustPolicy'>): Policy {
  try {
    return readPolicy(trustPolicy, 'trust');
  } catch (error) {
    if (error instanceof MalformedPolicyError) return nobody;
    throw error;
  }
}

/** The condition keys of a role that is asked for, by key in lower case. */
export function roleKeys({ account, tags }: { readonly account: string; readonly tags: readonly Tag[] }) {
  const keys = new Map<string, readonly string[]>([['aws:resourceaccount', [account]]]);
  for (const prefix of ['aws:resourcetag/', 'iam:resourcetag/']) addTags(keys, prefix, tags);
  return keys;
}
