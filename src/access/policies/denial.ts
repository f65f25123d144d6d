import type { Denial } from './decision.ts';

/** What a caller is told who may not do what it asks, in the service's words. */
export function denialText(arn: string, action: string, resource: string, { policyType, by }: Denial): string {
  const article = /^[aeiou]/.test(policyType) ? 'an' : 'a';
  const reason = by
    ? `with an explicit deny in ${article} ${policyType}`
    : `because no ${policyType} allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
