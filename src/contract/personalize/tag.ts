import { operation } from '../operation.ts';
import { list, optional, type Static, structure } from '../shape.ts';
import { Arn, TagKey, Tags } from './common.ts';

export const ListTagsForResourceRequest = structure({
  resourceArn: Arn,
});
export type ListTagsForResourceRequest = Static<typeof ListTagsForResourceRequest>;

export const ListTagsForResourceResponse = structure({
  tags: optional(Tags),
});
export type ListTagsForResourceResponse = Static<typeof ListTagsForResourceResponse>;

export const TagResourceRequest = structure({
  resourceArn: Arn,
  tags: Tags,
});
export type TagResourceRequest = Static<typeof TagResourceRequest>;

export const TagResourceResponse = structure({});
export type TagResourceResponse = Static<typeof TagResourceResponse>;

export const TagKeys = list(TagKey, { min: 0, max: 200 });
export type TagKeys = Static<typeof TagKeys>;

export const UntagResourceRequest = structure({
  resourceArn: Arn,
  tagKeys: TagKeys,
});
export type UntagResourceRequest = Static<typeof UntagResourceRequest>;

export const UntagResourceResponse = structure({});
export type UntagResourceResponse = Static<typeof UntagResourceResponse>;

export const ListTagsForResource = operation({
  name: 'ListTagsForResource',
  service: 'personalize',
  input: ListTagsForResourceRequest,
  output: ListTagsForResourceResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const TagResource = operation({
  name: 'TagResource',
  service: 'personalize',
  input: TagResourceRequest,
  output: TagResourceResponse,
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
  input: UntagResourceRequest,
  output: UntagResourceResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'TooManyTagKeysException', 'ResourceInUseException'],
});
