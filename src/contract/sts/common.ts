import { integer, list, optional, string, structure, timestamp } from '../shape.ts';

/** Condition keys and audit records show it; the session's name is the last part of its ARN. */
export const SessionName = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' });

export const SourceIdentity = string({ min: 2, max: 256, pattern: '[\\w+=,.@-]*' });

export const Arn = string({
  min: 20,
  max: 2048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
  // As the model means it, in what JavaScript reads.
  linear: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD]+',
});

export const durationSeconds = (max: number) => optional(integer({ min: 900, max }));

/** Not available in this version: a token is as long as what it carries. */
export const minimumSessionTokenSize = optional(integer({ min: 0, max: 4096 }));

/** Of a device for codes, which no user here has. */
export const deviceMembers = {
  serialNumber: optional(string({ min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' })),
  tokenCode: optional(string({ min: 6, max: 6, pattern: '[\\d]*', sensitive: true })),
};

/** What every call that makes a session of a role may say of it. */
export const sessionMembers = {
  roleArn: Arn,
  roleSessionName: SessionName,
  policyArns: optional(list(structure({ arn: Arn }), { max: 10 })),
  policy: optional(string({ min: 1, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' })),
  durationSeconds: durationSeconds(43_200),
  minimumSessionTokenSize,
};

export const TagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });

export const Tag = structure({
  key: TagKey,
  value: string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' }),
});

export const Credentials = structure({
  accessKeyId: string(),
  secretAccessKey: string({ sensitive: true }),
  sessionToken: string({ sensitive: true }),
  expiration: timestamp(),
});

export const AssumedRoleUser = structure({ assumedRoleId: string(), arn: string() });

/** The share of what a session can carry, in percent, that its policies and tags take. */
export const PackedPolicySize = optional(integer());
