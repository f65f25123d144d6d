import { Empty, enumeration, integer, list, optional, string, structure } from '../shape.ts';
import { Milliseconds } from './common.ts';
import { AccountId, ofOperators } from './operators.ts';

const Region = string({ min: 1, max: 63, pattern: '[a-z][a-z\\d-]*' });

/** The id or ARN of a key, or the name or ARN of an alias. */
const KeyRef = string({ min: 1, max: 2048 });
const AliasName = string({ min: 7, max: 256, pattern: 'alias/[a-zA-Z0-9/_-]+' });
const RotationDays = integer({ min: 90, max: 2560 });

/** Where a key is that is named without its ARN. */
const place = { account: AccountId, region: Region };

const ListedKey = structure({
  arn: string(),
  aliases: list(string()),
  description: string(),
  state: enumeration(['Enabled', 'Disabled', 'PendingDeletion']),
  /** How often it was made, from 1: a rotation makes another. */
  version: integer(),
  createdAt: Milliseconds,
  /** When it is gone. */
  deleteAt: optional(Milliseconds),
  rotationDays: optional(RotationDays),
  rotateAt: optional(Milliseconds),
});

const operation = ofOperators([
  'AlreadyExistsException',
  'DisabledException',
  'InvalidAliasNameException',
  'InvalidInputException',
  'KMSInternalException',
  'KMSInvalidStateException',
  'LimitExceededException',
  'NotFoundException',
]);

export const AddKey = operation(
  'AddKey',
  structure({
    ...place,
    description: optional(string({ max: 8192 })),
    alias: optional(AliasName),
    /** It is never rotated by itself if this is absent. */
    rotationDays: optional(RotationDays),
  }),
  structure({ arn: string() }),
);

/** Of all accounts and regions. */
export const ListCustomerKeys = operation('ListCustomerKeys', Empty, structure({ keys: list(ListedKey) }));

export const DescribeCustomerKey = operation(
  'DescribeCustomerKey',
  structure({ ...place, key: KeyRef }),
  structure({
    key: ListedKey,
    policy: string(),
    /** When each version was made, the oldest first. */
    versions: list(structure({ version: integer(), createdAt: Milliseconds })),
  }),
);

export const SetKeyState = operation(
  'SetKeyState',
  structure({ ...place, key: KeyRef, state: enumeration(['Enabled', 'Disabled']) }),
  structure({ arn: string() }),
);

export const RotateKey = operation(
  'RotateKey',
  structure({ ...place, key: KeyRef }),
  structure({ arn: string(), version: integer() }),
);

export const SetKeyRotation = operation(
  'SetKeyRotation',
  structure({
    ...place,
    key: KeyRef,
    /** It is not rotated by itself any more if this is absent. */
    rotationDays: optional(RotationDays),
  }),
  structure({ arn: string() }),
);

export const RemoveKey = operation(
  'RemoveKey',
  structure({ ...place, key: KeyRef, days: integer({ min: 7, max: 30 }) }),
  structure({ arn: string(), deleteAt: Milliseconds }),
);

/** Has a key back that is pending deletion; it is disabled then. */
export const RestoreKey = operation('RestoreKey', structure({ ...place, key: KeyRef }), structure({ arn: string() }));

/** Gives a key another name, or has a name that is there stand for it. */
export const SetKeyAlias = operation(
  'SetKeyAlias',
  structure({ ...place, alias: AliasName, key: KeyRef }),
  structure({ arn: string() }),
);

export const RemoveKeyAlias = operation('RemoveKeyAlias', structure({ ...place, alias: AliasName }), Empty);
