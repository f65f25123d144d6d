import { ServiceError } from '../../contract/errors.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import type { Policy } from '../policies/policy.ts';
import type { AwsRequester, Requester } from '../policies/requester.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import { decideByResource } from '../policies/trust.ts';
import type { Principal } from '../principal.ts';
import { rootArn } from '../principals/identifiers.ts';
import { requesterOf } from '../principals/requester-of.ts';

/** Who asks, as the policy of a key sees it: the root of the account where no signature is verified. */
export const keyRequester = (account: string, principal: Principal | undefined): AwsRequester =>
  principal ? requesterOf(principal) : { kind: 'aws', account, arn: rootArn(account) };

type NewPolicy = {
  readonly document: string;
  readonly keyArn: string;
  readonly requester: Requester;
  /** The policy may lock out who puts it. */
  readonly bypassCheck: boolean;
};

/**
 * Refuses a policy that cannot be read, or under which who puts it could not put another one.
 *
 * @throws ServiceError MalformedPolicyDocumentException
 */
export function requireKeyPolicy({ document, keyArn, requester, bypassCheck }: NewPolicy): void {
  const policy = read(document);
  if (bypassCheck) return;
  const request = { action: 'kms:PutKeyPolicy', resource: keyArn, context: () => undefined };
  if (decideByResource(policy, requester, request).effect === 'Allow') return;
  throw malformed('The new key policy will not allow you to update the key policy in the future.');
}

function read(document: string): Policy {
  try {
    return resourcePolicy(document);
  } catch (error) {
    throw error instanceof MalformedPolicyError ? malformed(error.message) : error;
  }
}

const malformed = (message: string) => new ServiceError('MalformedPolicyDocumentException', message);
