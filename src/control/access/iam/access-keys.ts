import { listKeys } from '../../../access/principals/users.ts';
import { invalidInput } from '../../../contract/errors.ts';
import type { Caller, HandlersOf } from '../../handler.ts';
import { callingUser } from './calling-user.ts';
import { noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { secondsOf } from './iam-words.ts';
import { pageOf } from './paging.ts';

type KeyOperation = 'CreateAccessKey' | 'ListAccessKeys' | 'UpdateAccessKey' | 'DeleteAccessKey';

export function accessKeyHandlers({ database, principals }: IamParts): HandlersOf<KeyOperation> {
  const holderOf = (caller: Caller, userName: string | undefined) => ({
    account: caller.account,
    user: userName ?? callingUser(caller),
  });

  /** @throws ServiceError NoSuchEntityException for a key that is another's */
  async function requireOwn(holder: ReturnType<typeof holderOf>, accessKeyId: string): Promise<void> {
    const keys = await listKeys(database, holder);
    if (keys.some((key) => key.accessKeyId === accessKeyId)) return;
    throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
  }

  return {
    async CreateAccessKey({ userName }, caller) {
      const holder = holderOf(caller, userName);
      const { accessKeyId, secretAccessKey } = await principals.createKey(holder);
      const keys = await listKeys(database, holder);
      const createdAt = keys.find((key) => key.accessKeyId === accessKeyId)?.createdAt ?? 0;
      return { accessKey: { ...keyOf(holder.user, { accessKeyId, status: 'Active', createdAt }), secretAccessKey } };
    },

    async ListAccessKeys({ userName, ...asked }, caller) {
      const holder = holderOf(caller, userName);
      const keys = await listKeys(database, holder);
      const { items, page } = pageOf(keys, ({ accessKeyId }) => accessKeyId, asked);
      return { accessKeyMetadata: items.map((key) => keyOf(holder.user, key)), ...page };
    },

    async UpdateAccessKey({ userName, accessKeyId, status }, caller) {
      await requireOwn(holderOf(caller, userName), accessKeyId);
      if (status === 'Expired') throw invalidInput('An access key can be made Active or Inactive.');
      await principals.setStatus({ accessKeyId, status });
      return {};
    },

    async DeleteAccessKey({ userName, accessKeyId }, caller) {
      await requireOwn(holderOf(caller, userName), accessKeyId);
      await principals.deleteKey(accessKeyId);
      return {};
    },
  };
}

type Key = { readonly accessKeyId: string; readonly status: string; readonly createdAt: number };

const keyOf = (user: string | undefined, { accessKeyId, status, createdAt }: Key) => ({
  ...(user !== undefined && { userName: user }),
  accessKeyId,
  status,
  createDate: secondsOf(createdAt),
});
