import { KeyAliases } from '../../access/keys/key-aliases.ts';
import type { Key } from '../../access/keys/key-lookup.ts';
import type { KeyScope } from '../../access/keys/key-reference.ts';
import { KeyRotations } from '../../access/keys/key-rotation.ts';
import { KeyStore, type KeyStoreParts } from '../../access/keys/key-store.ts';
import type { HandlersOf } from '../handler.ts';

type OperatorOperation =
  | 'AddKey'
  | 'ListCustomerKeys'
  | 'DescribeCustomerKey'
  | 'SetKeyState'
  | 'RotateKey'
  | 'SetKeyRotation'
  | 'RemoveKey'
  | 'RestoreKey'
  | 'SetKeyAlias'
  | 'RemoveKeyAlias';

type Named = KeyScope & { readonly key: string };

/** What the people who run a server do with keys, whatever the policies of the keys say. */
export function keyOperatorHandlers(parts: KeyStoreParts): HandlersOf<OperatorOperation> {
  const [store, rotations, aliases] = [new KeyStore(parts), new KeyRotations(parts), new KeyAliases(parts)];
  const find = (named: Named) => store.find(named.key, scopeOf(named));
  return {
    async AddKey({ account, region, description, alias, rotationDays }) {
      const scope = { account, region };
      const { id, arn } = await store.create(scope, { description });
      if (alias !== undefined) await aliases.create(alias, id, scope);
      if (rotationDays !== undefined) await rotations.enable(id, scope, rotationDays);
      return { arn };
    },

    ListCustomerKeys: async () => ({ keys: await listed(parts, await store.listAll()) }),

    async DescribeCustomerKey(named) {
      const found = await find(named);
      const [key] = await listed(parts, [found]);
      if (!key) throw new Error(`${found.arn} is gone.`);
      const versions = await rotations.list(found.id, found);
      return {
        key,
        policy: found.policy,
        versions: versions.map(({ version, created_at: createdAt }) => ({ version, createdAt })),
      };
    },

    async SetKeyState({ state, ...named }) {
      const key = await find(named);
      await store.setEnabled(key.id, key, state === 'Enabled');
      return { arn: key.arn };
    },

    async RotateKey(named) {
      const key = await find(named);
      await rotations.rotate(key.id, key);
      return { arn: key.arn, version: (await store.find(key.id, key)).version };
    },

    async SetKeyRotation({ rotationDays, ...named }) {
      const key = await find(named);
      if (rotationDays === undefined) await rotations.disable(key.id, key);
      else await rotations.enable(key.id, key, rotationDays);
      return { arn: key.arn };
    },

    async RemoveKey({ days, ...named }) {
      const key = await find(named);
      const { arn, delete_at } = await store.scheduleDeletion(key.id, key, days);
      return { arn, deleteAt: Number(delete_at) };
    },

    async RestoreKey(named) {
      const key = await find(named);
      return { arn: await store.cancelDeletion(key.id, key) };
    },

    async SetKeyAlias({ alias, ...named }) {
      const key = await find(named);
      const isThere = (await aliases.list(key, { limit: Number.MAX_SAFE_INTEGER })).some(({ name }) => name === alias);
      if (isThere) await aliases.update(alias, key.id, key);
      else await aliases.create(alias, key.id, key);
      return { arn: key.arn };
    },

    async RemoveKeyAlias({ alias, account, region }) {
      await aliases.delete(alias, { account, region });
      return {};
    },
  };
}

/** An ARN says where the key is. */
function scopeOf({ key, account, region }: Named): KeyScope {
  const [, arnRegion, arnAccount] = /^arn:[^:]*:kms:([^:]*):(\d{12}):/.exec(key) ?? [];
  return { account: arnAccount ?? account, region: arnRegion ?? region };
}

async function listed({ database }: KeyStoreParts, keys: readonly Key[]) {
  const aliases = await database.selectFrom('kms_aliases').select(['name', 'key_id']).orderBy('name').execute();
  return keys.map(({ id, arn, description, state, version, created_at, delete_at, rotation_days, rotate_at }) => ({
    ...{ arn, description, state, version, createdAt: created_at },
    aliases: aliases.filter(({ key_id }) => key_id === id).map(({ name }) => name),
    ...(delete_at !== null && { deleteAt: delete_at }),
    ...(rotation_days !== null && rotate_at !== null && { rotationDays: rotation_days, rotateAt: rotate_at }),
  }));
}
