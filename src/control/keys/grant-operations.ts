import { invalidRequest } from '../../access/keys/key-errors.ts';
import type { KeyGrants } from '../../access/keys/key-grants.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { HandlersOf } from '../handler.ts';
import { pageOfAll } from './pages.ts';

type GrantOperation = 'CreateGrant' | 'ListGrants' | 'RevokeGrant';

type GrantedOperation = Input<'CreateGrant'>['Operations'][number];

/** What may be granted here: the uses of a symmetric key, and to describe it. */
const grantable: readonly GrantedOperation[] = [
  ...(['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const),
  ...(['ReEncryptFrom', 'ReEncryptTo', 'DescribeKey'] as const),
];

const isGrantable = (name: string): name is GrantedOperation => grantable.some((operation) => operation === name);

/** Grants of keys, as KMS has them. They are in force at once, so that no grant token is ever needed. */
export const grantHandlers = (grants: KeyGrants): HandlersOf<GrantOperation> => ({
  async CreateGrant({ KeyId, Operations, Name, Constraints, DryRun, ...who }, caller) {
    const grantee = who.GranteePrincipal;
    const other = Operations.find((operation) => !isGrantable(operation));
    if (other !== undefined) throw invalidRequest(`${other} cannot be granted: use one of ${grantable.join(', ')}.`);
    if (grantee === undefined || who.GranteeServicePrincipal || who.RetiringServicePrincipal) {
      throw invalidRequest('GranteePrincipal must be given: services are granted nothing in this version.');
    }
    if (Constraints?.SourceArn !== undefined) {
      throw invalidRequest('The constraint SourceArn is not available in this version of OpenPersonalize.');
    }
    if (DryRun) throw new ServiceError('DryRunOperationException', 'The request would be carried out without DryRun.');
    const wanted = { grantee, retirer: who.RetiringPrincipal, name: Name, operations: Operations };
    const id = await grants.create(KeyId, caller, { ...wanted, constraints: Constraints });
    return { GrantId: id, GrantToken: id };
  },

  async ListGrants({ KeyId, GrantId, GranteePrincipal, GranteeServicePrincipal, ...input }, caller) {
    const all = (await grants.list(KeyId, caller)).filter(
      ({ id, grantee }) =>
        (GrantId === undefined || id === GrantId) &&
        (GranteePrincipal === undefined || grantee === GranteePrincipal) &&
        GranteeServicePrincipal === undefined,
    );
    const { items, page } = pageOfAll(all, input, ({ id }) => id);
    return {
      Grants: items.map(({ id, name, grantee, retirer, issuer, operations, constraints, createdAt }) => ({
        KeyId,
        GrantId: id,
        Name: name,
        CreationDate: createdAt / 1000,
        GranteePrincipal: grantee,
        RetiringPrincipal: retirer,
        IssuingAccount: issuer,
        Operations: operations.filter(isGrantable),
        Constraints: constraints,
      })),
      ...page,
    };
  },

  async RevokeGrant({ KeyId, GrantId, DryRun }, caller) {
    if (DryRun) throw new ServiceError('DryRunOperationException', 'The request would be carried out without DryRun.');
    await grants.revoke(KeyId, caller, GrantId);
    return {};
  },
});
