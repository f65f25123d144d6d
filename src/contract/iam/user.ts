import { Empty, list, optional, string, structure, timestamp } from '../shape.ts';
import {
  Arn,
  AttachedPolicies,
  ExistingUserName,
  Id,
  Path,
  PathPrefix,
  PermissionsBoundary,
  PolicyPath,
  page,
  paged,
  TagKeys,
  Tags,
  UserName,
} from './common.ts';
import { iamOperation } from './iam-operation.ts';

const User = structure({
  /** Absent for the root of the account, as the name is. */
  path: optional(string()),
  userName: optional(string()),
  userId: Id,
  arn: string(),
  createDate: timestamp(),
  permissionsBoundary: optional(PermissionsBoundary),
  tags: optional(Tags),
});

const actsOn = { kind: 'user', member: 'userName' } as const;

export const CreateUser = iamOperation(
  'CreateUser',
  structure({
    path: optional(Path),
    userName: UserName,
    permissionsBoundary: optional(Arn),
    tags: optional(Tags),
  }),
  structure({ user: User }),
  {
    actsOn: { ...actsOn, creates: true },
    errors: [
      'LimitExceededException',
      'EntityAlreadyExistsException',
      'NoSuchEntityException',
      'InvalidInputException',
    ],
  },
);

/** Without a name, of the user who calls. */
export const GetUser = iamOperation(
  'GetUser',
  structure({ userName: optional(ExistingUserName) }),
  structure({ user: User }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const ListUsers = iamOperation(
  'ListUsers',
  structure({ pathPrefix: optional(PathPrefix), ...paged }),
  structure({ users: list(User), ...page }),
);

export const DeleteUser = iamOperation('DeleteUser', structure({ userName: ExistingUserName }), Empty, {
  actsOn,
  errors: ['NoSuchEntityException', 'DeleteConflictException'],
});

export const AttachUserPolicy = iamOperation(
  'AttachUserPolicy',
  structure({ userName: UserName, policyArn: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException', 'LimitExceededException'] },
);

export const DetachUserPolicy = iamOperation(
  'DetachUserPolicy',
  structure({ userName: UserName, policyArn: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const ListAttachedUserPolicies = iamOperation(
  'ListAttachedUserPolicies',
  structure({ userName: UserName, pathPrefix: optional(PolicyPath), ...paged }),
  AttachedPolicies,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const TagUser = iamOperation('TagUser', structure({ userName: ExistingUserName, tags: Tags }), Empty, {
  actsOn,
  errors: ['NoSuchEntityException', 'LimitExceededException', 'InvalidInputException'],
});

export const UntagUser = iamOperation('UntagUser', structure({ userName: ExistingUserName, tagKeys: TagKeys }), Empty, {
  actsOn,
  errors: ['NoSuchEntityException'],
});

export const ListUserTags = iamOperation(
  'ListUserTags',
  structure({ userName: ExistingUserName, ...paged }),
  structure({ tags: Tags, ...page }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const PutUserPermissionsBoundary = iamOperation(
  'PutUserPermissionsBoundary',
  structure({ userName: UserName, permissionsBoundary: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const DeleteUserPermissionsBoundary = iamOperation(
  'DeleteUserPermissionsBoundary',
  structure({ userName: UserName }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);
