import { setBoundary } from '../../../access/principals/boundaries.ts';
import { tagHolder, untagHolder } from '../../../access/principals/holder-tags.ts';
import { listKeys, listUsers, readUser, type User } from '../../../access/principals/users.ts';
import type { HandlersOf } from '../../handler.ts';
import { callingUser } from './calling-user.ts';
import { deleteConflict } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { boundaryOf, secondsOf, tagsOf } from './iam-words.ts';
import { pageOf } from './paging.ts';

type UserOperation =
  | 'CreateUser'
  | 'GetUser'
  | 'ListUsers'
  | 'DeleteUser'
  | 'TagUser'
  | 'UntagUser'
  | 'ListUserTags'
  | 'PutUserPermissionsBoundary'
  | 'DeleteUserPermissionsBoundary';

export const userHandlers = ({ database, principals, policies, change }: IamParts): HandlersOf<UserOperation> => ({
  async CreateUser({ userName, path, permissionsBoundary, tags }, { account }) {
    await principals.createUser({ account, name: userName, path, boundary: permissionsBoundary, tags });
    return { user: fullUser(await readUser(database, { account, user: userName })) };
  },

  async GetUser({ userName }, caller) {
    const user = userName ?? callingUser(caller);
    if (user !== undefined) return { user: fullUser(await readUser(database, { account: caller.account, user })) };
    const { account } = caller;
    return { user: { userId: account, arn: `arn:aws:iam::${account}:root`, createDate: 0 } };
  },

  async ListUsers({ pathPrefix, ...asked }, { account }) {
    const { items, page } = pageOf(await listUsers(database, account, pathPrefix), ({ name }) => name, asked);
    return { users: items.map(listedUser), ...page };
  },

  async DeleteUser({ userName }, { account }) {
    const of = { account, user: userName };
    const { attached, inline } = await policies.list(of);
    if ((await listKeys(database, of)).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete access keys first.');
    }
    if (attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    await principals.deleteUser({ account, name: userName });
    return {};
  },

  async TagUser({ userName, tags }, { account }) {
    await tagHolder(change, { account, user: userName, tags });
    return {};
  },

  async UntagUser({ userName, tagKeys }, { account }) {
    await untagHolder(change, { account, user: userName, keys: tagKeys });
    return {};
  },

  async ListUserTags({ userName, ...asked }, { account }) {
    const { tags } = await readUser(database, { account, user: userName });
    const { items, page } = pageOf(tags, ({ key }) => key, asked);
    return { tags: tagsOf(items), ...page };
  },

  async PutUserPermissionsBoundary({ userName, permissionsBoundary }, { account }) {
    await setBoundary(change, { account, user: userName, policy: permissionsBoundary });
    return {};
  },

  async DeleteUserPermissionsBoundary({ userName }, { account }) {
    await setBoundary(change, { account, user: userName, policy: undefined });
    return {};
  },
});

/** What a list has of a user. */
const listedUser = ({ path, name, id, arn, createdAt }: User) => ({
  path,
  userName: name,
  userId: id,
  arn,
  createDate: secondsOf(createdAt),
});

const fullUser = (user: User) => ({
  ...listedUser(user),
  ...boundaryOf(user.boundary),
  ...(user.tags.length > 0 && { tags: tagsOf(user.tags) }),
});
