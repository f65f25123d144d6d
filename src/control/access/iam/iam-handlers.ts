import { accessKeyHandlers } from './access-keys.ts';
import { accountHandlers } from './account.ts';
import { holderPolicyHandlers } from './holder-policies.ts';
import type { IamParts } from './iam-parts.ts';
import { oidcProviderHandlers } from './oidc-providers.ts';
import { managedPolicyHandlers } from './policies.ts';
import { policyVersionHandlers } from './policy-versions.ts';
import { roleHandlers } from './roles.ts';
import { simulationHandlers } from './simulation.ts';
import { userHandlers } from './users.ts';

/** The operations of IAM, in the account of who calls. */
export const iamHandlers = (parts: IamParts) => ({
  ...accessKeyHandlers(parts),
  ...accountHandlers(parts),
  ...holderPolicyHandlers(parts),
  ...managedPolicyHandlers(parts),
  ...oidcProviderHandlers(parts),
  ...policyVersionHandlers(parts),
  ...roleHandlers(parts),
  ...simulationHandlers(parts),
  ...userHandlers(parts),
});
