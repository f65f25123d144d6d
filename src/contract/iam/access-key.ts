import { Empty, enumeration, list, optional, string, structure, timestamp } from '../shape.ts';
import { AccessKeyId, ExistingUserName, page, paged } from './common.ts';
import { iamOperation } from './iam-operation.ts';

/** Without a name, an operation acts on the keys of who calls. */
const userName = optional(ExistingUserName);
const actsOn = { kind: 'user', member: 'userName' } as const;

const facts = {
  /** Absent for a key of the account's root. */
  userName: optional(string()),
  accessKeyId: string(),
  status: string(),
  createDate: timestamp(),
};

export const CreateAccessKey = iamOperation(
  'CreateAccessKey',
  structure({ userName }),
  structure({
    accessKey: structure({
      ...facts,
      /** It is answered once. */
      secretAccessKey: string({ sensitive: true }),
    }),
  }),
  { actsOn, errors: ['NoSuchEntityException', 'LimitExceededException'] },
);

export const ListAccessKeys = iamOperation(
  'ListAccessKeys',
  structure({ userName, ...paged }),
  structure({ accessKeyMetadata: list(structure(facts)), ...page }),
  { actsOn, errors: ['NoSuchEntityException'] },
);

export const UpdateAccessKey = iamOperation(
  'UpdateAccessKey',
  structure({ userName, accessKeyId: AccessKeyId, status: enumeration(['Active', 'Inactive', 'Expired']) }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const DeleteAccessKey = iamOperation(
  'DeleteAccessKey',
  structure({ userName, accessKeyId: AccessKeyId }),
  Empty,
  { actsOn, errors: ['NoSuchEntityException'] },
);
