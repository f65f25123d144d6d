import { createHash } from 'node:crypto';
import type { AccountPolicy, PolicyStore } from '../../../access/authorisation/policy-store.ts';
import { managedPolicies, managedPolicy } from '../../../access/policies/managed-policies.ts';
import { invalidInput } from '../../../contract/errors.ts';
import { noSuchEntity } from './iam-errors.ts';
import { secondsOf } from './iam-words.ts';

/** The path in the ARN of a policy, such as `/service-role/`. */
export const pathOf = (arn: string): string => /:policy(\/(?:.*\/)?)/.exec(arn)?.[1] ?? '/';

/** A policy that can be attached: of the account, or of those that the server brings along. */
export type AttachablePolicy = Pick<
  AccountPolicy,
  'arn' | 'name' | 'path' | 'description' | 'document' | 'version' | 'createdAt'
>;

/** Those that the server brings along have no time at which they were made. */
export const broughtAlong: readonly AttachablePolicy[] = managedPolicies.map(({ arn, name, document }) => ({
  ...{ arn, name, document, path: pathOf(arn), description: '', version: 1 },
  createdAt: 0,
}));

/** A policy that the account can attach. @throws ServiceError NoSuchEntityException */
export async function findPolicy(
  policies: Pick<PolicyStore, 'listPolicies'>,
  account: string,
  arn: string,
): Promise<AttachablePolicy> {
  const managed = arn.includes(':iam::aws:policy/') ? managedPolicy(arn)?.arn : undefined;
  const among = managed === undefined ? await policies.listPolicies(account) : broughtAlong;
  const found = among.find((policy) => policy.arn === (managed ?? arn));
  if (found) return found;
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

/** @throws ServiceError InvalidInputException for a policy that the server brings along */
export function requireOwn(arn: string): void {
  if (!isBroughtAlong(arn)) return;
  throw invalidInput(`Policy ${arn} is an AWS managed policy, which nobody can change or delete.`);
}

export const isBroughtAlong = (arn: string): boolean => broughtAlong.some((policy) => policy.arn === arn);

/** How many have a policy. */
export type PolicyUse = { readonly attachments: number; readonly boundaries: number };

/** A policy as IAM describes it. */
export const policyFacts = ({ arn, name, path, version, createdAt }: AttachablePolicy, use: PolicyUse | undefined) => ({
  policyName: name,
  policyId: policyId(arn, createdAt),
  arn,
  path,
  defaultVersionId: versionId(version),
  attachmentCount: use?.attachments ?? 0,
  permissionsBoundaryUsageCount: use?.boundaries ?? 0,
  isAttachable: true,
  createDate: secondsOf(createdAt),
  updateDate: secondsOf(createdAt),
});

export const versionId = (number: number): string => `v${number}`;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Another for each policy, also for one that is made again under its name. */
function policyId(arn: string, createdAt: number): string {
  const digest = createHash('sha256').update(`${arn} ${createdAt}`).digest();
  return `ANPA${[...digest.subarray(0, 17)].map((byte) => letters[byte % 32]).join('')}`;
}
