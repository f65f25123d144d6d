import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SigningCredentials } from './sign.ts';

/** The AWS SDK's own signer. */
export const smithySigner = (
  { accessKeyId, secretAccessKey, sessionToken }: SigningCredentials,
  { region, service }: { readonly region: string; readonly service: string },
) =>
  new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    region,
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    // What the SDK does not sign of itself stays as the test has it.
    applyChecksum: false,
  });

/** SHA-256, or HMAC-SHA-256 where there is a key, as the SDK takes it. */
class Sha256 {
  readonly #hash;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    if (key === undefined) this.#hash = createHash('sha256');
    else this.#hash = createHmac('sha256', typeof key === 'string' ? key : bytesOf(key));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

const bytesOf = (key: ArrayBuffer | ArrayBufferView) =>
  ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key);
