import { boolean, Empty, list, optional, string, structure, timestamp } from '../shape.ts';
import { Arn, EncodedDocument, PolicyDocument, page, paged } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const VersionId = string({ pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' });

const Version = structure({
  /** GetPolicyVersion alone has it. */
  document: optional(EncodedDocument),
  versionId: string(),
  isDefaultVersion: boolean(),
  createDate: timestamp(),
});

const resources = ['policyArn'] as const;

export const CreatePolicyVersion = iamOperation(
  'CreatePolicyVersion',
  structure({ policyArn: Arn, policyDocument: PolicyDocument, setAsDefault: optional(boolean()) }),
  structure({ policyVersion: Version }),
  {
    resources,
    errors: [
      'NoSuchEntityException',
      'MalformedPolicyDocumentException',
      'InvalidInputException',
      'LimitExceededException',
    ],
  },
);

export const GetPolicyVersion = iamOperation(
  'GetPolicyVersion',
  structure({ policyArn: Arn, versionId: VersionId }),
  structure({ policyVersion: Version }),
  { resources, errors: ['NoSuchEntityException'] },
);

export const ListPolicyVersions = iamOperation(
  'ListPolicyVersions',
  structure({ policyArn: Arn, ...paged }),
  structure({ versions: list(Version), ...page }),
  { resources, errors: ['NoSuchEntityException'] },
);

export const SetDefaultPolicyVersion = iamOperation(
  'SetDefaultPolicyVersion',
  structure({ policyArn: Arn, versionId: VersionId }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const DeletePolicyVersion = iamOperation(
  'DeletePolicyVersion',
  structure({ policyArn: Arn, versionId: VersionId }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'DeleteConflictException', 'InvalidInputException'] },
);
