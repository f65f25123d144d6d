import { boolean, Empty, enumeration, integer, list, optional, string, structure, timestamp } from '../shape.ts';
import { Arn, EncodedDocument, Path, PolicyDocument, PolicyName, PolicyPath, page, paged, Tags } from './common.ts';
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

const VersionId = string({ pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' });

const Version = structure({
  /** Not in lists. */
  document: optional(EncodedDocument),
  versionId: string(),
  isDefaultVersion: boolean(),
  createDate: timestamp(),
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

export const GetPolicyVersion = iamOperation(
  'GetPolicyVersion',
  structure({ policyArn: Arn, versionId: VersionId }),
  structure({ policyVersion: Version }),
  { resources: ['policyArn'], errors: ['NoSuchEntityException'] },
);

export const ListPolicyVersions = iamOperation(
  'ListPolicyVersions',
  structure({ policyArn: Arn, ...paged }),
  structure({ versions: list(Version), ...page }),
  { resources: ['policyArn'], errors: ['NoSuchEntityException'] },
);

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
