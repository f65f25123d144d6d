import { LRUCache } from 'lru-cache';
import { type Policy, readPolicy } from './policy.ts';

/** Policies that need not be read again: those of the resources that are used over and over. */
const compiled = new LRUCache<string, Policy>({ max: 256 });

/** The policy of a resource such as a key or a bucket, by its document. @throws MalformedPolicyError */
export function resourcePolicy(document: string): Policy {
  const known = compiled.get(document);
  if (known) return known;
  const policy = readPolicy(document, 'resource');
  compiled.set(document, policy);
  return policy;
}

/** Denies everybody everything. */
export const denyAll: Policy = readPolicy(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Sid: 'Unreadable', Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
  }),
  'resource',
);
