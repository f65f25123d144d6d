import type { AwsRequester } from '../policies/requester.ts';
import type { Principal } from '../principal.ts';

/** A principal as the policies of resources see it. */
export function requesterOf(principal: Principal): AwsRequester {
  const { account, arn } = principal;
  if (principal.kind !== 'session') return { kind: 'aws', account, arn };
  return { kind: 'aws', account, arn, roleArn: principal.roleArn };
}
