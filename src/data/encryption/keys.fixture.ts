import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataKeys, EncryptionContext, KeyUse } from './data-keys.ts';
import { KeyError } from './key-error.ts';

/** A key service in memory, for tests. */
export class MemoryKeys implements DataKeys {
  readonly #keys = new Map<string, { readonly secret: Uint8Array; state: 'enabled' | 'disabled' }>();
  calls = 0;

  add(kmsKeyArn: string): string {
    this.#keys.set(kmsKeyArn, { secret: randomBytes(32), state: 'enabled' });
    return kmsKeyArn;
  }

  set(kmsKeyArn: string, state: 'enabled' | 'disabled'): void {
    const key = this.#keys.get(kmsKeyArn);
    if (key) key.state = state;
  }

  async generate(use: KeyUse, context: EncryptionContext) {
    const plaintext = randomBytes(32);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#secret(use), iv).setAAD(aad(context));
    const wrapped = Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    return { plaintext, wrapped };
  }

  async unwrap(use: KeyUse, wrapped: Uint8Array, context: EncryptionContext) {
    const decipher = createDecipheriv('aes-256-gcm', this.#secret(use), wrapped.subarray(0, 12));
    decipher.setAAD(aad(context)).setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  }

  #secret({ kmsKeyArn }: KeyUse): Uint8Array {
    this.calls += 1;
    const key = this.#keys.get(kmsKeyArn);
    if (!key) throw new KeyError('notFound', kmsKeyArn, `There is no key ${kmsKeyArn}: create it, or name another.`);
    if (key.state === 'enabled') return key.secret;
    throw new KeyError('disabled', kmsKeyArn, `The key ${kmsKeyArn} is disabled: enable it.`);
  }
}

const aad = (context: EncryptionContext) => Buffer.from(JSON.stringify(Object.entries(context).sort()));
