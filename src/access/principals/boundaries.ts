import { policyToAttach } from '../authorisation/policy-store.ts';
import { findHolder, type HolderName } from './holders.ts';
import type { PrincipalsChange } from './principals-change.ts';

/**
 * Limits what a holder's policies can allow to what another policy allows, too; without one, nothing limits them.
 *
 * @param policy the name of a policy, or its ARN
 * @returns the ARN
 * @throws ServiceError ResourceNotFoundException
 */
export const setBoundary = async (
  change: PrincipalsChange,
  { policy, ...of }: HolderName & { readonly policy: string | undefined },
): Promise<string | undefined> =>
  await change(async (trx) => {
    const { table, id, account } = await findHolder(trx, of);
    const boundary = policy === undefined ? null : await policyToAttach(trx, account, policy);
    await trx.updateTable(table).set({ boundary }).where('id', '=', id).execute();
    return boundary ?? undefined;
  });
