import type { ModelledError } from '../errors.ts';
import { operation } from '../operation.ts';
import { boolean, Empty, enumeration, integer, list, optional, structure, timestamp } from '../shape.ts';
import { KeyId, KeyMaterialId, pageInput, pageOutput } from './common.ts';

const RotationPeriodInDays = integer({ min: 90, max: 2560 });

const errors: readonly ModelledError[] = [
  'NotFoundException',
  'InvalidArnException',
  'KMSInvalidStateException',
  'UnsupportedOperationException',
];

export const EnableKeyRotation = operation({
  name: 'EnableKeyRotation',
  service: 'kms',
  input: structure({ KeyId, RotationPeriodInDays: optional(RotationPeriodInDays) }),
  output: Empty,
  resources: ['KeyId'],
  errors: [...errors, 'DisabledException'],
});

export const DisableKeyRotation = operation({
  name: 'DisableKeyRotation',
  service: 'kms',
  input: structure({ KeyId }),
  output: Empty,
  resources: ['KeyId'],
  errors: [...errors, 'DisabledException'],
});

export const GetKeyRotationStatus = operation({
  name: 'GetKeyRotationStatus',
  service: 'kms',
  input: structure({ KeyId }),
  output: structure({
    KeyRotationEnabled: optional(boolean()),
    KeyId: optional(KeyId),
    RotationPeriodInDays: optional(RotationPeriodInDays),
    NextRotationDate: optional(timestamp()),
  }),
  resources: ['KeyId'],
  errors,
});

export const ListKeyRotations = operation({
  name: 'ListKeyRotations',
  service: 'kms',
  input: structure({
    KeyId,
    IncludeKeyMaterial: optional(enumeration(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'])),
    ...pageInput,
  }),
  output: structure({
    Rotations: optional(
      list(
        structure({
          KeyId: optional(KeyId),
          KeyMaterialId: optional(KeyMaterialId),
          KeyMaterialState: optional(
            enumeration([
              ...(['NON_CURRENT', 'CURRENT', 'PENDING_ROTATION'] as const),
              'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
            ]),
          ),
          RotationDate: optional(timestamp()),
          RotationType: optional(enumeration(['AUTOMATIC', 'ON_DEMAND'])),
        }),
      ),
    ),
    ...pageOutput,
  }),
  resources: ['KeyId'],
  errors: [...errors, 'InvalidMarkerException'],
});

export const RotateKeyOnDemand = operation({
  name: 'RotateKeyOnDemand',
  service: 'kms',
  input: structure({ KeyId }),
  output: structure({ KeyId: optional(KeyId) }),
  resources: ['KeyId'],
  errors: [...errors, 'DisabledException', 'LimitExceededException'],
});
