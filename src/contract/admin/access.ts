import { Empty, enumeration, integer, list, optional, string, structure } from '../shape.ts';
import { Milliseconds } from './common.ts';
import { AccountId, ofOperators, UserName } from './operators.ts';

const AccessKeyId = string({ min: 16, max: 128, pattern: '\\w+' });
const Status = enumeration(['Active', 'Inactive']);

/** A secret is answered once, when its key is made. */
const NewAccessKey = structure({ accessKeyId: string(), secretAccessKey: string({ sensitive: true }), arn: string() });

const operation = ofOperators([
  'InvalidInputException',
  'ResourceNotFoundException',
  'ResourceAlreadyExistsException',
  'ResourceInUseException',
  'LimitExceededException',
]);

export const AddAccount = operation(
  'AddAccount',
  structure({
    /** A random one if it is absent. */
    account: optional(AccountId),
    name: optional(string({ max: 256 })),
  }),
  structure({ account: string() }),
);

export const AddUser = operation(
  'AddUser',
  structure({
    account: AccountId,
    name: UserName,
    /** Policies that it has from the start, by name or ARN; without, it may do nothing. */
    policies: optional(list(string({ min: 1, max: 2048 }), { max: 50 })),
    /** The policy beyond which they allow nothing, by name or ARN. */
    boundary: optional(string({ min: 1, max: 2048 })),
  }),
  structure({ arn: string() }),
);

/** Deletes an account that has no resources, with its users, roles, access keys, policies and issuers. */
export const RemoveAccount = operation('RemoveAccount', structure({ account: AccountId }), Empty);

export const RemoveUser = operation('RemoveUser', structure({ account: AccountId, name: UserName }), Empty);

export const AddAccessKey = operation(
  'AddAccessKey',
  structure({
    account: AccountId,
    /** The account's root if it is absent. */
    user: optional(UserName),
  }),
  NewAccessKey,
);

export const AddSession = operation(
  'AddSession',
  structure({
    account: AccountId,
    /** The account's root if it is absent. */
    user: optional(UserName),
    /** In milliseconds. */
    lastsMs: integer({ min: 900_000, max: 129_600_000 }),
  }),
  structure({
    ...NewAccessKey.properties,
    sessionToken: string({ sensitive: true }),
    expiresAt: Milliseconds,
  }),
);

export const RotateAccessKey = operation(
  'RotateAccessKey',
  structure({
    accessKeyId: AccessKeyId,
    /** How long the former key goes on to work, in milliseconds. */
    graceMs: integer({ min: 0, max: 31_536_000_000 }),
  }),
  NewAccessKey,
);

export const SetAccessKeyStatus = operation(
  'SetAccessKeyStatus',
  structure({ accessKeyId: AccessKeyId, status: Status }),
  Empty,
);

export const RemoveAccessKey = operation('RemoveAccessKey', structure({ accessKeyId: AccessKeyId }), Empty);

const ListedUser = structure({ arn: string(), name: string(), createdAt: Milliseconds });

const ListedKey = structure({
  accessKeyId: string(),
  /** Whose it is. */
  arn: string(),
  status: Status,
  createdAt: Milliseconds,
  expiresAt: optional(Milliseconds),
});

export const ListPrincipals = operation(
  'ListPrincipals',
  structure({ account: optional(AccountId) }),
  structure({
    accounts: list(structure({ account: string(), name: string(), users: list(ListedUser), keys: list(ListedKey) })),
  }),
);
