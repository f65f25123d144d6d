import { integer, list, optional, string, structure, timestamp } from '../shape.ts';

/** Condition keys and audit records show it; the session's name is the last part of its ARN. */
export const SessionName = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' });

export const SourceIdentity = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' });

export const RoleArn = string({
  min: 20,
  max: 2048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF]+',
});

export const durationSeconds = (max: number) => optional(integer({ min: 900, max }));

/** What every call that makes a session of a role may say of it. */
export const sessionMembers = {
  roleArn: RoleArn,
  roleSessionName: SessionName,
  policyArns: optional(list(structure({ arn: string({ min: 20, max: 2048 }) }), { max: 10 })),
  policy: optional(string({ min: 1, max: 2048 })),
  durationSeconds: durationSeconds(43_200),
};

export const Tag = structure({ key: string({ min: 1, max: 128 }), value: string({ max: 256 }) });

export const Credentials = structure({
  accessKeyId: string(),
  secretAccessKey: string({ sensitive: true }),
  sessionToken: string({ sensitive: true }),
  expiration: timestamp(),
});

export const AssumedRoleUser = structure({ assumedRoleId: string(), arn: string() });

/** The share of what a session can carry, in percent, that its policies and tags take. */
export const PackedPolicySize = optional(integer());
