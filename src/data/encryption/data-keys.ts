/** The key that somebody has named for a dataset group, and who asks for its use. */
export type KeyUse = {
  /** `arn:aws:kms:REGION:ACCOUNT:key/ID` */
  readonly kmsKeyArn: string;
  /** The account that owns the dataset group: the key may be another's. */
  readonly account: string;
  /** The dataset group, for roles that let the service use them for some resources alone. */
  readonly datasetGroupArn: string;
  /** The role that the dataset group names: as this role the service uses the key. */
  readonly roleArn: string;
};

/** What a data key is for. It is authenticated with the wrapped key: with another context nothing can be unwrapped. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** A key of 32 bytes, and the same encrypted by the key that `KeyUse` names. Only the latter is ever stored. */
export type DataKey = { readonly plaintext: Uint8Array; readonly wrapped: Uint8Array };

/**
 * A key service: keys that never leave it, and data keys encrypted by them (envelope encryption). A key that has been
 * rotated wraps with its newest version and unwraps with the one that has wrapped.
 *
 * Nothing is cached here: a disabled key is refused by the next call. Every method throws KeyError.
 */
export interface DataKeys {
  /** A new data key. */
  generate(use: KeyUse, context: EncryptionContext): Promise<DataKey>;
  /** The plaintext of a data key, of the same key and context. */
  unwrap(use: KeyUse, wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
}
