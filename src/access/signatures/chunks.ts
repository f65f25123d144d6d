import { hash } from 'node:crypto';
import { algorithm, invalidSignature, type SignatureClaim } from './claim.ts';
import { type HmacKey, isDigest } from './hmac-key.ts';
import { signedTime } from './signed-time.ts';

const emptyHash = hash('sha256', '');

/**
 * Verifies a body whose chunks are signed, each with the signature before it, the first with that of the request
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Every method throws ServiceError
 * InvalidSignatureException.
 */
export class ChunkVerifier {
  readonly #key: HmacKey;
  readonly #time: string;
  readonly #scope: string;
  #previous: string;

  constructor(claim: SignatureClaim, key: HmacKey) {
    this.#key = key;
    this.#time = signedTime(claim.signedAt).text;
    this.#scope = claim.scope;
    this.#previous = claim.signature;
  }

  /** @param chunkHash SHA-256 of the chunk in hexadecimal */
  requireChunk(chunkHash: string, signature: string): void {
    this.#require(signature, 'PAYLOAD', `${emptyHash}\n${chunkHash}`);
  }

  /** @param lines the trailing headers, each as `name:value\n` */
  requireTrailer(lines: string, signature: string): void {
    this.#require(signature, 'TRAILER', hash('sha256', lines));
  }

  #require(signature: string, kind: string, content: string): void {
    const text = [`${algorithm}-${kind}`, this.#time, this.#scope, this.#previous, content].join('\n');
    if (!isDigest(signature, this.#key.digest(text))) {
      throw invalidSignature('The signature of a chunk of the body does not match.');
    }
    this.#previous = signature;
  }
}
