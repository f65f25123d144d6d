import { unsupported } from '../../access/keys/key-errors.ts';
import type { Key } from '../../access/keys/key-lookup.ts';
import type { KeyStore } from '../../access/keys/key-store.ts';
import type { Output } from '../../contract/operations.ts';
import type { HandlersOf } from '../handler.ts';
import { afterOf, limitOf, pageOf } from './pages.ts';

type KeyOperation =
  | 'CreateKey'
  | 'DescribeKey'
  | 'ListKeys'
  | 'UpdateKeyDescription'
  | 'EnableKey'
  | 'DisableKey'
  | 'ScheduleKeyDeletion'
  | 'CancelKeyDeletion';

/** How long a key can be had back unless the caller says. */
const usualDays = 30;

const symmetric = 'SYMMETRIC_DEFAULT';

/** The life of keys, as KMS has it. */
export const keyHandlers = (store: KeyStore): HandlersOf<KeyOperation> => ({
  async CreateKey({ Description, Policy, BypassPolicyLockoutSafetyCheck, Tags = [], ...more }, caller) {
    refuseOthers(more);
    const tags = Tags.map(({ TagKey: key, TagValue: value }) => ({ key, value }));
    const wanted = { description: Description, policy: Policy, bypassCheck: BypassPolicyLockoutSafetyCheck, tags };
    return { KeyMetadata: metadataOf(await store.create(caller, wanted)) };
  },

  DescribeKey: async ({ KeyId }, caller) => ({ KeyMetadata: metadataOf(await store.find(KeyId, caller)) }),

  async ListKeys(input, caller) {
    const found = await store.list(caller, { after: afterOf(input), limit: limitOf(input) + 1 });
    const { items, page } = pageOf(found, input, ({ id }) => id);
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...page };
  },

  async UpdateKeyDescription({ KeyId, Description }, caller) {
    await store.describe(KeyId, caller, Description);
    return {};
  },

  async EnableKey({ KeyId }, caller) {
    await store.setEnabled(KeyId, caller, true);
    return {};
  },

  async DisableKey({ KeyId }, caller) {
    await store.setEnabled(KeyId, caller, false);
    return {};
  },

  async ScheduleKeyDeletion({ KeyId, PendingWindowInDays = usualDays }, caller) {
    const { arn, state, delete_at } = await store.scheduleDeletion(KeyId, caller, PendingWindowInDays);
    return { KeyId: arn, KeyState: state, DeletionDate: Number(delete_at) / 1000, PendingWindowInDays };
  },

  CancelKeyDeletion: async ({ KeyId }, caller) => ({ KeyId: await store.cancelDeletion(KeyId, caller) }),
});

type Wanted = Omit<
  Parameters<HandlersOf<'CreateKey'>['CreateKey']>[0],
  'Description' | 'Policy' | 'BypassPolicyLockoutSafetyCheck' | 'Tags'
>;

/** @throws ServiceError UnsupportedOperationException for a key that is no symmetric one of this server */
function refuseOthers({ CustomerMasterKeySpec, KeySpec = CustomerMasterKeySpec ?? symmetric, ...wanted }: Wanted) {
  const { KeyUsage = 'ENCRYPT_DECRYPT', Origin = 'AWS_KMS' } = wanted;
  const refuse = (member: string, value: string, allowed: string) =>
    unsupported(`${member} ${value} is not available in this version of OpenPersonalize: it is ${allowed}.`);
  if (KeySpec !== symmetric) throw refuse('KeySpec', KeySpec, symmetric);
  if (KeyUsage !== 'ENCRYPT_DECRYPT') throw refuse('KeyUsage', KeyUsage, 'ENCRYPT_DECRYPT');
  if (Origin !== 'AWS_KMS') throw refuse('Origin', Origin, 'AWS_KMS');
  if (wanted.MultiRegion) throw refuse('MultiRegion', 'true', 'false');
  for (const member of ['CustomKeyStoreId', 'XksKeyId'] as const) {
    if (wanted[member] !== undefined) throw refuse(member, wanted[member], 'absent');
  }
}

function metadataOf(key: Key): NonNullable<Output<'DescribeKey'>['KeyMetadata']> {
  const { id, account, arn, description, state, created_at, delete_at } = key;
  return {
    AWSAccountId: account,
    KeyId: id,
    Arn: arn,
    CreationDate: created_at / 1000,
    Enabled: state === 'Enabled',
    Description: description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: state,
    ...(delete_at !== null && { DeletionDate: delete_at / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: symmetric,
    KeySpec: symmetric,
    EncryptionAlgorithms: [symmetric],
    MultiRegion: false,
  };
}
