import { deleteAccount } from '../../access/principals/delete-account.ts';
import type { PrincipalStore } from '../../access/principals/principal-store.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { HandlersOf } from '../handler.ts';

/** What the people who run a server do with accounts, users and access keys. */
export const principalHandlers = (store: PrincipalStore, parts: Parameters<typeof deleteAccount>[0]) =>
  ({
    AddAccount: (input) => store.createAccount(input),
    async AddUser(input) {
      const { arn } = await store.createUser(input);
      return { arn };
    },
    async RemoveAccount({ account }) {
      await deleteAccount(parts, account);
      return {};
    },
    AddAccessKey: (input) => store.createKey(input),
    AddSession: (input) => store.createSession(input),
    RotateAccessKey: (input) => store.rotateKey(input),
    ListPrincipals: async ({ account }) => ({ accounts: await store.list(account) }),
    async RemoveUser(input) {
      await store.deleteUser(input);
      return {};
    },
    async SetAccessKeyStatus(input) {
      await store.setStatus(input);
      return {};
    },
    async RemoveAccessKey({ accessKeyId }) {
      await store.deleteKey(accessKeyId);
      return {};
    },
  }) satisfies Partial<HandlersOf<OperationName>>;
