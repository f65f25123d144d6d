import { boolean, enumeration, integer, list, optional, string, structure } from '../shape.ts';

const namePattern = '[\\w+=,.@-]+';

export const RoleName = string({ min: 1, max: 64, pattern: namePattern });
export const UserName = string({ min: 1, max: 64, pattern: namePattern });
/** Of a user that is there: AWS allows it more characters than a new one, none of which any user has. */
export const ExistingUserName = string({ min: 1, max: 128, pattern: namePattern });
export const PolicyName = string({ min: 1, max: 128, pattern: namePattern });
export const AccessKeyId = string({ min: 16, max: 128, pattern: '[\\w]+' });

export const Arn = string({ min: 20, max: 2048 });
/** Of a user or role, such as `/team/`. */
export const Path = string({ min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' });
export const PathPrefix = string({ min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' });
export const PolicyPath = string({ min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' });
export const PolicyDocument = string({ min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' });

const TagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });
export const TagKeys = list(TagKey, { max: 50 });
export const Tags = list(
  structure({ key: TagKey, value: string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' }) }),
  { max: 50 },
);

/** What a list is asked for in pages. */
export const paged = {
  marker: optional(string({ min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' })),
  /** 100 if it is absent. */
  maxItems: optional(integer({ min: 1, max: 1000 })),
};

/** What a page says of the next one. */
export const page = { isTruncated: optional(boolean()), marker: optional(string()) };

export const AttachedPolicies = structure({
  attachedPolicies: list(structure({ policyName: string(), policyArn: string() })),
  ...page,
});

export const PolicyNames = structure({ policyNames: list(string()), ...page });

export const PermissionsBoundary = structure({
  permissionsBoundaryType: enumeration(['PermissionsBoundaryPolicy']),
  permissionsBoundaryArn: string(),
});

/** A document is URL-encoded in answers. */
export const EncodedDocument = string();

/** An id of IAM, which is nobody's in particular. */
export const Id = string({ sensitive: false });
