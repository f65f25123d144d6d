import { operation } from '../operation.ts';
import { Empty, list, optional, string, structure, timestamp } from '../shape.ts';
import { KeyId, pageInput, pageOutput } from './common.ts';

const AliasName = string({ min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' });

export const CreateAlias = operation({
  name: 'CreateAlias',
  service: 'kms',
  input: structure({ AliasName, TargetKeyId: KeyId }),
  output: Empty,
  resources: ['TargetKeyId'],
  errors: [
    'AlreadyExistsException',
    'NotFoundException',
    'InvalidAliasNameException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
});

export const UpdateAlias = operation({
  name: 'UpdateAlias',
  service: 'kms',
  input: structure({ AliasName, TargetKeyId: KeyId }),
  output: Empty,
  resources: ['TargetKeyId'],
  errors: ['NotFoundException', 'LimitExceededException', 'KMSInvalidStateException'],
});

export const DeleteAlias = operation({
  name: 'DeleteAlias',
  service: 'kms',
  input: structure({ AliasName }),
  output: Empty,
  resources: [],
  errors: ['NotFoundException', 'KMSInvalidStateException'],
});

export const ListAliases = operation({
  name: 'ListAliases',
  service: 'kms',
  input: structure({ KeyId: optional(KeyId), ...pageInput }),
  output: structure({
    Aliases: optional(
      list(
        structure({
          AliasName: optional(AliasName),
          AliasArn: optional(string({ min: 20, max: 2048 })),
          TargetKeyId: optional(KeyId),
          CreationDate: optional(timestamp()),
          LastUpdatedDate: optional(timestamp()),
        }),
      ),
    ),
    ...pageOutput,
  }),
  resources: ['KeyId'],
  errors: ['InvalidMarkerException', 'InvalidArnException', 'NotFoundException'],
});
