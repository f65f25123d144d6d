import { boolean, enumeration, integer, list, map, optional, string, structure } from '../shape.ts';

/** The id or ARN of a key; where a key is used, also the name or ARN of an alias. */
export const KeyId = string({ min: 1, max: 2048 });

/** What is authenticated with a ciphertext, and not secret: the same must be given to decrypt. */
export const EncryptionContext = map(string(), string());

export const GrantTokens = list(string({ min: 1, max: 8192 }), { min: 0, max: 10 });

export const EncryptionAlgorithm = enumeration([
  'SYMMETRIC_DEFAULT',
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'SM2PKE',
]);

/** The material of a version of a key. */
export const KeyMaterialId = string({ min: 64, max: 64, pattern: '^[a-f0-9]+$' });

export const Policy = string({ min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' });
export const PolicyName = string({ min: 1, max: 128, pattern: '[\\w]+' });

export const Description = string({ min: 0, max: 8192 });

const TagKey = string({ min: 1, max: 128 });
export const TagKeys = list(TagKey);
export const Tags = list(structure({ TagKey, TagValue: string({ min: 0, max: 256 }) }));

const Marker = string({ min: 1, max: 1024, pattern: '[\\u0020-\\u00FF]*' });

/** Members of the input of an operation that answers a page. */
export const pageInput = { Limit: optional(integer({ min: 1, max: 1000 })), Marker: optional(Marker) };

/** Members of its output. */
export const pageOutput = { NextMarker: optional(Marker), Truncated: optional(boolean()) };
