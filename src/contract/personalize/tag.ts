import { operation } from '../operation.ts';
import { Empty, list, optional, structure } from '../shape.ts';
import { Arn, TagKey, Tags } from './common.ts';

export const ListTagsForResource = operation({
  name: 'ListTagsForResource',
  service: 'personalize',
  input: structure({ resourceArn: Arn }),
  output: structure({ tags: optional(Tags) }),
  resources: ['resourceArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const TagResource = operation({
  name: 'TagResource',
  service: 'personalize',
  input: structure({
    resourceArn: Arn,
    tags: Tags,
  }),
  output: Empty,
  resources: ['resourceArn'],
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'TooManyTagsException',
    'ResourceInUseException',
    'LimitExceededException',
  ],
});

export const UntagResource = operation({
  name: 'UntagResource',
  service: 'personalize',
  input: structure({
    resourceArn: Arn,
    tagKeys: list(TagKey, { min: 0, max: 200 }),
  }),
  output: Empty,
  resources: ['resourceArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'TooManyTagKeysException', 'ResourceInUseException'],
});
