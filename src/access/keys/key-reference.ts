import { keyAliasArn, keyArn } from '../../contract/arn.ts';
import { ServiceError } from '../../contract/errors.ts';
import { invalidKeyId } from './key-errors.ts';

/** An account in a region, which is where keys are. */
export type KeyScope = { readonly account: string; readonly region: string };

/** What a KeyId names: a key by its id or ARN, or whatever key an alias stands for. */
export type KeyReference =
  | { readonly kind: 'key'; readonly id: string; readonly arn: string }
  | ({ readonly kind: 'alias'; readonly name: string; readonly arn: string } & KeyScope);

const keyId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const arnForm = /^arn:[a-z\d-]+:kms:([a-z\d-]+):(\d{12}):(?:key\/([\da-f-]+)|(alias\/[\w/:-]+))$/;

/**
 * Reads a KeyId: the id or ARN of a key, the name or ARN of an alias. What names no account is of that of the caller.
 *
 * @throws ServiceError NotFoundException for what is none, InvalidArnException for an ARN of another region
 */
export function readKeyReference(text: string, scope: KeyScope): KeyReference {
  if (keyId.test(text)) return { kind: 'key', id: text, arn: keyArn(scope, text) };
  if (/^alias\/./.test(text)) return { kind: 'alias', name: text, arn: keyAliasArn(scope, text), ...scope };
  const [, region = '', account = '', id, name] = arnForm.exec(text) ?? [];
  if (id === undefined && name === undefined) throw invalidKeyId(text);
  if (region !== scope.region) throw new ServiceError('InvalidArnException', `Invalid arn ${region}`);
  if (name !== undefined) return { kind: 'alias', name, account, region, arn: text };
  if (id === undefined || !keyId.test(id)) throw invalidKeyId(text);
  return { kind: 'key', id, arn: text };
}
