import type { Operation } from '../../contract/operation.ts';
import type { Database } from '../../data/database/database.ts';
import type { Principal } from '../principal.ts';
import { holderArn } from '../principals/holders.ts';
import { policyArn, providerArn, roleArn, userArn } from '../principals/identifiers.ts';
import { issuerName } from '../principals/oidc-provider-store.ts';
import type { AnyInput } from './created-arn.ts';

type Asked = {
  readonly operation: Pick<Operation, 'actsOn'>;
  readonly input: AnyInput;
  readonly principal: Principal;
};

/**
 * The ARN of what a call acts on in IAM by its name: undefined if it is the caller, and that is no user, or if the
 * operation acts on nothing of the kind. A user or role that is not there has the path `/`.
 */
export const identityArns =
  (database: Database) =>
  async ({ operation: { actsOn }, input, principal }: Asked): Promise<string | undefined> => {
    if (actsOn === undefined) return undefined;
    const { account } = principal;
    const name = input[actsOn.member];
    if (typeof name !== 'string') return principal.kind === 'user' ? principal.arn : undefined;
    const path = typeof input.path === 'string' ? input.path : '/';
    switch (actsOn.kind) {
      case 'oidc-provider':
        return providerArn(account, issuerName(name));
      case 'policy':
        return policyArn(account, name, path);
      case 'role':
        return actsOn.creates ? roleArn(account, name, path) : await holderArn(database, { account, role: name });
      case 'user':
        return actsOn.creates ? userArn(account, name, path) : await holderArn(database, { account, user: name });
    }
  };
