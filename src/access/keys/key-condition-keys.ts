import { addTags } from '../authorisation/needs.ts';
import type { Key } from './key-lookup.ts';

type Facts = {
  /** Undefined for one that the local key store does not have. */
  readonly key: Key | undefined;
  /** Of who asks. */
  readonly account: string;
  readonly context: Readonly<Record<string, string>>;
  /** The service that uses the key for who asks, such as `personalize.eu-west-1.amazonaws.com`. */
  readonly viaService?: string | undefined;
};

/** What conditions can ask about the use of a key, by condition key in lower case. */
export function keyConditionKeys({ key, account, context, viaService }: Facts): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>([
    ['kms:calleraccount', [account]],
    ['kms:keyspec', ['SYMMETRIC_DEFAULT']],
    ['kms:keyusage', ['ENCRYPT_DECRYPT']],
    ['kms:keyorigin', ['AWS_KMS']],
    ['kms:multiregion', ['false']],
    ['kms:encryptionalgorithm', ['SYMMETRIC_DEFAULT']],
    ['kms:rotationperiodindays', key?.rotation_days ? [String(key.rotation_days)] : []],
  ]);
  if (viaService !== undefined) keys.set('kms:viaservice', [viaService]);
  const members = Object.entries(context);
  if (members.length > 0)
    keys.set(
      'kms:encryptioncontextkeys',
      members.map(([name]) => name),
    );
  addTags(
    keys,
    'kms:encryptioncontext:',
    members.map(([name, value]) => ({ key: name, value })),
  );
  return keys;
}
