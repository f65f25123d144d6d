import { KeyAliases } from '../../access/keys/key-aliases.ts';
import type { KeyCipher } from '../../access/keys/key-cipher.ts';
import { KeyGrants } from '../../access/keys/key-grants.ts';
import { KeyRotations } from '../../access/keys/key-rotation.ts';
import { KeyStore, type KeyStoreParts } from '../../access/keys/key-store.ts';
import type { KeyOperationName } from '../../contract/operations.ts';
import type { Family } from '../family.ts';
import type { HandlersOf } from '../handler.ts';
import { aliasHandlers } from './alias-operations.ts';
import { cryptographicHandlers } from './cryptography-operations.ts';
import { grantHandlers } from './grant-operations.ts';
import { keyHandlers } from './key-operations.ts';
import { keyOperatorHandlers } from './operator-operations.ts';
import { keyPolicyHandlers } from './policy-operations.ts';
import { rotationHandlers } from './rotation-operations.ts';

type KeyServiceParts = KeyStoreParts & { readonly cipher: KeyCipher };

/** The key store of the server as AWS KMS. Whether the caller may is asked before. */
export function keyServiceHandlers({ cipher, ...parts }: KeyServiceParts): HandlersOf<KeyOperationName> {
  const [store, rotations] = [new KeyStore(parts), new KeyRotations(parts)];
  return {
    ...keyHandlers(store),
    ...aliasHandlers(new KeyAliases(parts)),
    ...cryptographicHandlers({ store, cipher }),
    ...rotationHandlers({ store, rotations }),
    ...keyPolicyHandlers(store),
    ...grantHandlers(new KeyGrants(parts)),
  };
}

export const keysFamily = (parts: KeyServiceParts): Family => ({
  kinds: [],
  operations: () => ({ ...keyServiceHandlers(parts), ...keyOperatorHandlers(parts) }),
});
