import { PolicyStore } from '../../access/authorisation/policy-store.ts';
import { PrincipalStore } from '../../access/principals/principal-store.ts';
import { principalsChange } from '../../access/principals/principals-change.ts';
import type { SecretKey } from '../../access/principals/secret-key.ts';
import type { Database } from '../../data/database/database.ts';
import type { Family } from '../family.ts';
import { callerIdentityHandlers } from './caller-identity.ts';
import { policyHandlers } from './policy-operations.ts';
import { principalHandlers } from './principal-operations.ts';

type AccessParts = {
  readonly database: Database;
  /** What secrets are encrypted with, made where there is none. */
  readonly secretKey: () => Promise<SecretKey>;
  readonly now: () => number;
  /** Runs after each change. */
  readonly onChange?: () => Promise<void>;
};

/** What the people who run a server do with accounts, users, access keys and policies. */
export function accessHandlers({ database, secretKey, now, onChange }: AccessParts) {
  const change = principalsChange({ database, now, ...(onChange && { onChange }) });
  return {
    ...principalHandlers(new PrincipalStore({ database, secretKey, change })),
    ...policyHandlers({ store: new PolicyStore(database, change), database, now }),
  };
}

/** Accounts and all that is in them, as those who run the server see them and as IAM's clients do. */
export const accessFamily = (parts: AccessParts): Family => ({
  kinds: [],
  operations: () => ({ ...accessHandlers(parts), ...callerIdentityHandlers }),
});
