import type { KMS } from '@aws-sdk/client-kms';
import type { DataKeys, EncryptionContext, KeyUse } from '../../data/encryption/data-keys.ts';
import { KeyError } from '../../data/encryption/key-error.ts';
import { endpointProblem } from './endpoint-problem.ts';
import type { roleUseRefusal, ServiceUse } from './key-use-refusal.ts';

type EndpointParts = {
  /** Where KMS answers, such as `https://kms.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** Why the role of a dataset group may not use a key, as a sentence; undefined if it may. */
  readonly refusalOf: ReturnType<typeof roleUseRefusal>;
  /** How long an attempt may take. */
  readonly timeoutMs?: number;
};

/** The first attempt is one of them. */
const attempts = 3;
const connectionMs = 2000;
const usualTimeoutMs = 5000;

/**
 * Data keys of keys that a KMS has. It is asked with the credentials of the AWS environment, in the region of the key,
 * so it is for its policies to say what this server may use. The role of a dataset group must allow the use, too.
 */
export class EndpointDataKeys implements DataKeys {
  readonly #parts: EndpointParts;
  /** By region. */
  readonly #clients = new Map<string, Promise<KMS>>();

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  async generate(use: KeyUse, context: EncryptionContext) {
    return await this.#ask({ use, action: 'kms:GenerateDataKey', context }, async (kms) => {
      const wanted = { KeyId: use.kmsKeyArn, KeySpec: 'AES_256', EncryptionContext: context } as const;
      const { Plaintext: plaintext, CiphertextBlob: wrapped } = await kms.generateDataKey(wanted);
      if (plaintext && wrapped) return { plaintext, wrapped };
      throw new KeyError('unreachable', use.kmsKeyArn, this.#incomplete(use));
    });
  }

  async unwrap(use: KeyUse, wrapped: Uint8Array, context: EncryptionContext) {
    return await this.#ask({ use, action: 'kms:Decrypt', context }, async (kms) => {
      const wanted = { KeyId: use.kmsKeyArn, CiphertextBlob: wrapped, EncryptionContext: context };
      const { Plaintext: plaintext } = await kms.decrypt(wanted);
      if (plaintext) return plaintext;
      throw new KeyError('unreachable', use.kmsKeyArn, this.#incomplete(use));
    });
  }

  /** Ends connections. */
  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  async #ask<T>(wanted: ServiceUse, work: (kms: KMS) => Promise<T>): Promise<T> {
    const { kmsKeyArn } = wanted.use;
    const refusal = await this.#parts.refusalOf(wanted);
    if (refusal !== undefined) throw new KeyError('denied', kmsKeyArn, refusal);
    try {
      return await work(await this.#client(kmsKeyArn.split(':')[3] ?? ''));
    } catch (error) {
      throw error instanceof KeyError ? error : endpointProblem(error, kmsKeyArn, this.#parts.endpoint);
    }
  }

  async #client(region: string): Promise<KMS> {
    const known = this.#clients.get(region) ?? this.#connect(region);
    this.#clients.set(region, known);
    return await known;
  }

  /** Loaded here, since few servers have a KMS beside them. */
  async #connect(region: string): Promise<KMS> {
    const { KMS } = await import('@aws-sdk/client-kms');
    const { endpoint, timeoutMs: requestTimeout = usualTimeoutMs } = this.#parts;
    const requestHandler = { connectionTimeout: connectionMs, requestTimeout, throwOnRequestTimeout: true };
    return new KMS({ endpoint, region, maxAttempts: attempts, requestHandler });
  }

  #incomplete({ kmsKeyArn }: KeyUse): string {
    return `The key service at ${this.#parts.endpoint} has answered for ${kmsKeyArn} without a key.`;
  }
}
