import { operation } from '../operation.ts';
import { Empty, optional, structure } from '../shape.ts';
import { KeyId, pageInput, pageOutput, TagKeys, Tags } from './common.ts';

export const TagKey = operation({
  name: 'TagKey',
  calledAs: 'TagResource',
  service: 'kms',
  input: structure({ KeyId, Tags }),
  output: Empty,
  resources: ['KeyId'],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'KMSInvalidStateException',
    'LimitExceededException',
    'TagException',
  ],
});

export const UntagKey = operation({
  name: 'UntagKey',
  calledAs: 'UntagResource',
  service: 'kms',
  input: structure({ KeyId, TagKeys }),
  output: Empty,
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException', 'TagException'],
});

export const ListResourceTags = operation({
  name: 'ListResourceTags',
  service: 'kms',
  input: structure({ KeyId, ...pageInput }),
  output: structure({ Tags: optional(Tags), ...pageOutput }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'InvalidMarkerException'],
});
