import { Empty, string, structure } from '../shape.ts';
import {
  EncodedDocument,
  ExistingUserName,
  PolicyDocument,
  PolicyName,
  PolicyNames,
  paged,
  RoleName,
} from './common.ts';
import { iamOperation } from './iam-operation.ts';

const ofRole = { kind: 'role', member: 'roleName' } as const;
const ofUser = { kind: 'user', member: 'userName' } as const;
const putErrors = ['LimitExceededException', 'MalformedPolicyDocumentException', 'NoSuchEntityException'] as const;

export const PutRolePolicy = iamOperation(
  'PutRolePolicy',
  structure({ roleName: RoleName, policyName: PolicyName, policyDocument: PolicyDocument }),
  Empty,
  { actsOn: ofRole, errors: putErrors },
);

export const GetRolePolicy = iamOperation(
  'GetRolePolicy',
  structure({ roleName: RoleName, policyName: PolicyName }),
  structure({ roleName: string(), policyName: string(), policyDocument: EncodedDocument }),
  { actsOn: ofRole, errors: ['NoSuchEntityException'] },
);

export const ListRolePolicies = iamOperation(
  'ListRolePolicies',
  structure({ roleName: RoleName, ...paged }),
  PolicyNames,
  { actsOn: ofRole, errors: ['NoSuchEntityException'] },
);

export const DeleteRolePolicy = iamOperation(
  'DeleteRolePolicy',
  structure({ roleName: RoleName, policyName: PolicyName }),
  Empty,
  { actsOn: ofRole, errors: ['NoSuchEntityException'] },
);

export const PutUserPolicy = iamOperation(
  'PutUserPolicy',
  structure({ userName: ExistingUserName, policyName: PolicyName, policyDocument: PolicyDocument }),
  Empty,
  { actsOn: ofUser, errors: putErrors },
);

export const GetUserPolicy = iamOperation(
  'GetUserPolicy',
  structure({ userName: ExistingUserName, policyName: PolicyName }),
  structure({ userName: string(), policyName: string(), policyDocument: EncodedDocument }),
  { actsOn: ofUser, errors: ['NoSuchEntityException'] },
);

export const ListUserPolicies = iamOperation(
  'ListUserPolicies',
  structure({ userName: ExistingUserName, ...paged }),
  PolicyNames,
  { actsOn: ofUser, errors: ['NoSuchEntityException'] },
);

export const DeleteUserPolicy = iamOperation(
  'DeleteUserPolicy',
  structure({ userName: ExistingUserName, policyName: PolicyName }),
  Empty,
  { actsOn: ofUser, errors: ['NoSuchEntityException'] },
);
