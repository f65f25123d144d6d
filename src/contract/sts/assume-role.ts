import { operation } from '../operation.ts';
import { list, optional, string, structure } from '../shape.ts';
import {
  Arn,
  AssumedRoleUser,
  Credentials,
  deviceMembers,
  PackedPolicySize,
  SourceIdentity,
  sessionMembers,
  Tag,
  TagKey,
} from './common.ts';

/** Whether the caller may is for the role's trust policy to say, too, so that the handler decides it. */
export const AssumeRole = operation({
  name: 'AssumeRole',
  service: 'sts',
  needsPermission: false,
  input: structure({
    ...sessionMembers,
    tags: optional(list(Tag, { max: 50 })),
    transitiveTagKeys: optional(list(TagKey, { max: 50 })),
    externalId: optional(string({ min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*', sensitive: true })),
    sourceIdentity: optional(SourceIdentity),
    ...deviceMembers,
    /** Not available in this version: what other issuers of contexts say of who asks. */
    providedContexts: optional(
      list(structure({ providerArn: optional(Arn), contextAssertion: optional(string({ min: 4, max: 3072 })) }), {
        min: 1,
        max: 5,
      }),
    ),
  }),
  output: structure({
    credentials: Credentials,
    assumedRoleUser: AssumedRoleUser,
    packedPolicySize: PackedPolicySize,
    sourceIdentity: optional(string()),
  }),
  resources: ['roleArn'],
  errors: ['MalformedPolicyDocumentException', 'PackedPolicyTooLargeException'],
});
