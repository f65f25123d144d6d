import type { KeyAliases } from '../../access/keys/key-aliases.ts';
import type { HandlersOf } from '../handler.ts';
import { afterOf, limitOf, pageOf } from './pages.ts';

type AliasOperation = 'CreateAlias' | 'UpdateAlias' | 'DeleteAlias' | 'ListAliases';

/** Names of keys, as KMS has them. */
export const aliasHandlers = (aliases: KeyAliases): HandlersOf<AliasOperation> => ({
  async CreateAlias({ AliasName, TargetKeyId }, caller) {
    await aliases.create(AliasName, TargetKeyId, caller);
    return {};
  },

  async UpdateAlias({ AliasName, TargetKeyId }, caller) {
    await aliases.update(AliasName, TargetKeyId, caller);
    return {};
  },

  async DeleteAlias({ AliasName }, caller) {
    await aliases.delete(AliasName, caller);
    return {};
  },

  async ListAliases({ KeyId, ...input }, caller) {
    const found = await aliases.list(caller, { keyId: KeyId, after: afterOf(input), limit: limitOf(input) + 1 });
    const { items, page } = pageOf(found, input, ({ name }) => name);
    return {
      Aliases: items.map(({ name, arn, key_id, created_at, updated_at }) => ({
        AliasName: name,
        AliasArn: arn,
        TargetKeyId: key_id,
        CreationDate: created_at / 1000,
        LastUpdatedDate: updated_at / 1000,
      })),
      ...page,
    };
  },
});
