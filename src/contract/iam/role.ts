import { boolean, Empty, integer, list, optional, string, structure, timestamp } from '../shape.ts';
import {
  Arn,
  AttachedPolicies,
  EncodedDocument,
  Path,
  PathPrefix,
  PermissionsBoundary,
  PolicyDocument,
  PolicyPath,
  page,
  paged,
  RoleName,
  TagKeys,
  Tags,
} from './common.ts';
import { iamOperation } from './iam-operation.ts';

const Description = string({ max: 1000, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*' });
const MaxSessionDuration = integer({ min: 3600, max: 43_200 });

/** A browser's, which no role has here. */
const MaxSigninSessionDuration = integer({ min: 3600, max: 7_776_000 });

const Role = structure({
  path: string(),
  roleName: string(),
  roleId: string(),
  arn: string(),
  createDate: timestamp(),
  assumeRolePolicyDocument: optional(EncodedDocument),
  description: optional(string()),
  maxSessionDuration: optional(integer()),
  permissionsBoundary: optional(PermissionsBoundary),
  tags: optional(Tags),
});

const actsOn = { kind: 'role', member: 'roleName' } as const;
const Named = structure({ roleName: RoleName });

export const CreateRole = iamOperation(
  'CreateRole',
  structure({
    path: optional(Path),
    roleName: RoleName,
    assumeRolePolicyDocument: PolicyDocument,
    description: optional(Description),
    maxSessionDuration: optional(MaxSessionDuration),
    maxSigninSessionDuration: optional(MaxSigninSessionDuration),
    permissionsBoundary: optional(Arn),
    tags: optional(Tags),
  }),
  structure({ role: Role }),
  {
    actsOn: { ...actsOn, creates: true },
    errors: [
      'LimitExceededException',
      'InvalidInputException',
      'EntityAlreadyExistsException',
      'MalformedPolicyDocumentException',
    ],
  },
);

export const GetRole = iamOperation('GetRole', Named, structure({ role: Role }), {
  actsOn,
  errors: ['NoSuchEntityException'],
});

export const ListRoles = iamOperation(
  'ListRoles',
  structure({ pathPrefix: optional(PathPrefix), ...paged }),
  structure({ roles: list(Role), ...page }),
);

export const UpdateRole = iamOperation(
  'UpdateRole',
  structure({
    roleName: RoleName,
    description: optional(Description),
    maxSessionDuration: optional(MaxSessionDuration),
    maxSigninSessionDuration: optional(MaxSigninSessionDuration),
    resetMaxSigninSessionDuration: optional(boolean()),
  }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const UpdateRoleDescription = iamOperation(
  'UpdateRoleDescription',
  structure({ roleName: RoleName, description: Description }),
  structure({ role: Role }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const UpdateAssumeRolePolicy = iamOperation(
  'UpdateAssumeRolePolicy',
  structure({ roleName: RoleName, policyDocument: PolicyDocument }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException', 'MalformedPolicyDocumentException'] },
);

export const DeleteRole = iamOperation('DeleteRole', Named, Empty, {
  actsOn,
  errors: ['NoSuchEntityException', 'DeleteConflictException'],
});

export const AttachRolePolicy = iamOperation(
  'AttachRolePolicy',
  structure({ roleName: RoleName, policyArn: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException', 'LimitExceededException'] },
);

export const DetachRolePolicy = iamOperation(
  'DetachRolePolicy',
  structure({ roleName: RoleName, policyArn: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const ListAttachedRolePolicies = iamOperation(
  'ListAttachedRolePolicies',
  structure({ roleName: RoleName, pathPrefix: optional(PolicyPath), ...paged }),
  AttachedPolicies,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const TagRole = iamOperation('TagRole', structure({ roleName: RoleName, tags: Tags }), Empty, {
  actsOn,
  errors: ['NoSuchEntityException', 'LimitExceededException', 'InvalidInputException'],
});

export const UntagRole = iamOperation('UntagRole', structure({ roleName: RoleName, tagKeys: TagKeys }), Empty, {
  actsOn,
  errors: ['NoSuchEntityException'],
});

export const ListRoleTags = iamOperation(
  'ListRoleTags',
  structure({ roleName: RoleName, ...paged }),
  structure({ tags: Tags, ...page }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const PutRolePermissionsBoundary = iamOperation(
  'PutRolePermissionsBoundary',
  structure({ roleName: RoleName, permissionsBoundary: Arn }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const DeleteRolePermissionsBoundary = iamOperation('DeleteRolePermissionsBoundary', Named, Empty, {
  actsOn,
  errors: ['NoSuchEntityException'],
});

/** The server runs no machines, so no role has a profile for one: tools ask before they delete a role. */
export const ListInstanceProfilesForRole = iamOperation(
  'ListInstanceProfilesForRole',
  structure({ roleName: RoleName, ...paged }),
  structure({ instanceProfiles: list(Empty), ...page }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

/** There are no roles that services make for themselves. */
export const CreateServiceLinkedRole = iamOperation(
  'CreateServiceLinkedRole',
  structure({
    aWSServiceName: string({ min: 1, max: 128, pattern: '[\\w+=,.@-]+' }),
    description: optional(Description),
    customSuffix: optional(string({ min: 1, max: 64, pattern: '[\\w+=,.@-]+' })),
  }),
  structure({ role: optional(Role) }),
  { errors: ['InvalidInputException'] },
);
