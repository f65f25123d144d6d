import { MalformedPolicyError } from './malformed-policy.ts';
import { type PolicySort, readPolicy } from './policy.ts';

/** Why a document is refused, with the place; `none` if it is not. */
export const refusal = (document: string, sort: PolicySort = 'managed'): string => {
  try {
    readPolicy(document, sort);
    return 'none';
  } catch (error) {
    if (error instanceof MalformedPolicyError) return error.message;
    throw error;
  }
};
