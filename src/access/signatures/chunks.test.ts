import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ChunkVerifier } from './chunks.ts';
import type { SignatureClaim } from './claim.ts';
import { signingKey } from './signing-keys.ts';

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html.
const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
const key = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope);
const claim: SignatureClaim = {
  ...scope,
  scope: '20130524/us-east-1/s3/aws4_request',
  form: 'header',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  signedHeaders: '',
  signedAt: '20130524T000000Z',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const chunks = [
  ['a'.repeat(65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
  ['a'.repeat(1024), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
  ['', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
] as const;

it('verifies the chunks that AWS gives as an example', () => {
  const verifier = new ChunkVerifier(claim, key);
  for (const [content, signature] of chunks) verifier.requireChunk(hash('sha256', content), signature);
});

it('refuses a chunk that is another, comes earlier, or has no signature', () => {
  const [[first, signature], [second, next]] = chunks;
  expect(() => new ChunkVerifier(claim, key).requireChunk(hash('sha256', `${first}.`), signature)).toThrow(
    /does not match/,
  );
  expect(() => new ChunkVerifier(claim, key).requireChunk(hash('sha256', second), next)).toThrow(/does not match/);
  expect(() => new ChunkVerifier(claim, key).requireChunk(hash('sha256', first), '')).toThrow(/does not match/);
});
