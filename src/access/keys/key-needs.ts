import type { AnyInput } from '../authorisation/created-arn.ts';

/** What a call of KMS needs: an action on a key, on an alias, or on nothing that is there. */
export type KeyNeed = {
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** What names it: a KeyId, an alias by its name, the ciphertext that a key has made, or nothing. */
  readonly on:
    | { readonly keyId: string }
    | { readonly alias: string }
    | { readonly ciphertext: string; readonly keyId?: string | undefined }
    | undefined;
  readonly context: Readonly<Record<string, string>>;
};

type NeedsOf = (input: AnyInput) => KeyNeed[];

const none = {};

/** Operations that act on something else than the key of their KeyId. */
const special: Readonly<Partial<Record<string, NeedsOf>>> = {
  CreateKey: ({ Tags: tags }) => [
    onNothing('kms:CreateKey'),
    ...(tags === undefined ? [] : [onNothing('kms:TagResource')]),
  ],
  ListKeys: () => [onNothing('kms:ListKeys')],
  ListAliases: () => [onNothing('kms:ListAliases')],
  GenerateRandom: () => [onNothing('kms:GenerateRandom')],
  CreateAlias: (input) => [onAlias('kms:CreateAlias', input), onKey('kms:CreateAlias', input.TargetKeyId)],
  UpdateAlias: (input) => [
    onAlias('kms:UpdateAlias', input),
    onKey('kms:UpdateAlias', input.AliasName),
    onKey('kms:UpdateAlias', input.TargetKeyId),
  ],
  DeleteAlias: (input) => [onAlias('kms:DeleteAlias', input), onKey('kms:DeleteAlias', input.AliasName)],
  Decrypt: ({ CiphertextBlob: blob, KeyId: keyId, EncryptionContext: context }) => [
    onCiphertext('kms:Decrypt', blob, keyId, context),
  ],
  ReEncrypt: (input) => [
    onCiphertext('kms:ReEncryptFrom', input.CiphertextBlob, input.SourceKeyId, input.SourceEncryptionContext),
    onKey('kms:ReEncryptTo', input.DestinationKeyId, input.DestinationEncryptionContext),
  ],
};

/** All that must be allowed for a call. @param action of the operation, such as `kms:EnableKey` */
export function keyNeedsOf(name: string, action: string, input: AnyInput): KeyNeed[] {
  return special[name]?.(input) ?? [onKey(action, input.KeyId, input.EncryptionContext)];
}

const onNothing = (action: string): KeyNeed => ({ action, on: undefined, context: none });

const onKey = (action: string, keyId: unknown, context: unknown = none): KeyNeed => ({
  action,
  on: { keyId: String(keyId) },
  context: contextOf(context),
});

const onAlias = (action: string, { AliasName: name }: AnyInput): KeyNeed => ({
  action,
  on: { alias: String(name) },
  context: none,
});

const onCiphertext = (action: string, blob: unknown, keyId: unknown, context: unknown = none): KeyNeed => ({
  action,
  on: { ciphertext: String(blob), keyId: typeof keyId === 'string' ? keyId : undefined },
  context: contextOf(context),
});

const contextOf = (given: unknown): Readonly<Record<string, string>> =>
  typeof given === 'object' && given !== null
    ? Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    : none;
