import { boolean, Empty, enumeration, integer, list, optional, string, structure, timestamp } from '../shape.ts';
import { Arn, Path, PolicyDocument, PolicyName, PolicyPath, page, paged, Tags } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const Policy = structure({
  policyName: string(),
  policyId: string(),
  arn: string(),
  path: string(),
  defaultVersionId: string(),
  /** How many users and roles have it attached. */
  attachmentCount: integer(),
  permissionsBoundaryUsageCount: integer(),
  isAttachable: boolean(),
  /** Not in lists. */
  description: optional(string()),
  createDate: timestamp(),
  updateDate: timestamp(),
});

const UsageFilter = enumeration(['PermissionsPolicy', 'PermissionsBoundary']);

export const CreatePolicy = iamOperation(
  'CreatePolicy',
  structure({
    policyName: PolicyName,
    path: optional(PolicyPath),
    policyDocument: PolicyDocument,
    description: optional(string({ max: 1000 })),
    tags: optional(Tags),
  }),
  structure({ policy: Policy }),
  {
    actsOn: { kind: 'policy', member: 'policyName', creates: true },
    errors: ['InvalidInputException', 'EntityAlreadyExistsException', 'MalformedPolicyDocumentException'],
  },
);

export const GetPolicy = iamOperation('GetPolicy', structure({ policyArn: Arn }), structure({ policy: Policy }), {
  resources: ['policyArn'],
  errors: ['NoSuchEntityException'],
});

/** What IAM calls ListPolicies: another operation of the server has that name. */
export const ListManagedPolicies = iamOperation(
  'ListManagedPolicies',
  structure({
    /** All if it is absent. */
    scope: optional(enumeration(['All', 'AWS', 'Local'])),
    onlyAttached: optional(boolean()),
    pathPrefix: optional(PolicyPath),
    policyUsageFilter: optional(UsageFilter),
    ...paged,
  }),
  structure({ policies: list(Policy), ...page }),
  { calledAs: 'ListPolicies' },
);

export const DeletePolicy = iamOperation('DeletePolicy', structure({ policyArn: Arn }), Empty, {
  resources: ['policyArn'],
  errors: ['NoSuchEntityException', 'DeleteConflictException', 'InvalidInputException'],
});

/** Who has a policy. */
export const ListEntitiesForPolicy = iamOperation(
  'ListEntitiesForPolicy',
  structure({
    policyArn: Arn,
    entityFilter: optional(enumeration(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'])),
    pathPrefix: optional(Path),
    policyUsageFilter: optional(UsageFilter),
    ...paged,
  }),
  structure({
    policyGroups: list(Empty),
    policyUsers: list(structure({ userName: string(), userId: string({ sensitive: false }) })),
    policyRoles: list(structure({ roleName: string(), roleId: string() })),
    ...page,
  }),
  { resources: ['policyArn'], errors: ['NoSuchEntityException'] },
);
