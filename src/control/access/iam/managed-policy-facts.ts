import { createHash } from 'node:crypto';
import type { AccountPolicy } from '../../../access/authorisation/policy-store.ts';
import { managedPolicies } from '../../../access/policies/managed-policies.ts';
import { secondsOf } from './iam-words.ts';

/** The path in the ARN of a policy, such as `/service-role/`. */
export const pathOf = (arn: string): string => /:policy(\/(?:.*\/)?)/.exec(arn)?.[1] ?? '/';

/** A policy that can be attached: of the account, or of those that the server brings along. */
export type AttachablePolicy = Pick<AccountPolicy, 'arn' | 'name' | 'path' | 'description' | 'document' | 'createdAt'>;

/** Those that the server brings along have no time at which they were made. */
export const broughtAlong: readonly AttachablePolicy[] = managedPolicies.map(({ arn, name, document }) => ({
  ...{ arn, name, document, path: pathOf(arn), description: '' },
  createdAt: 0,
}));

/** How many have a policy. */
export type PolicyUse = { readonly attachments: number; readonly boundaries: number };

/** A policy as IAM describes it; it has one version. */
export const policyFacts = ({ arn, name, path, createdAt }: AttachablePolicy, use: PolicyUse | undefined) => ({
  policyName: name,
  policyId: policyId(arn, createdAt),
  arn,
  path,
  defaultVersionId: onlyVersion,
  attachmentCount: use?.attachments ?? 0,
  permissionsBoundaryUsageCount: use?.boundaries ?? 0,
  isAttachable: true,
  createDate: secondsOf(createdAt),
  updateDate: secondsOf(createdAt),
});

export const onlyVersion = 'v1';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Another for each policy, also for one that is made again under its name. */
function policyId(arn: string, createdAt: number): string {
  const digest = createHash('sha256').update(`${arn} ${createdAt}`).digest();
  return `ANPA${[...digest.subarray(0, 17)].map((byte) => letters[byte % 32]).join('')}`;
}
