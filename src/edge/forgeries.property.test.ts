import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLegacyClaim } from '../access/signatures/version-2.ts';
import { ServiceError } from '../contract/errors.ts';
import type { Captured } from './capture.fixture.ts';
import { asReceived, captured, host, region, rulesOf, signedAt, verifierAt } from './captured.fixture.ts';
import { forgeryOf } from './forged.arbitrary.ts';
import { isTimely, meaningOf } from './forged-meaning.fixture.ts';
import { authenticateS3, s3Rules } from './s3/s3-authentication.ts';
import { S3Error } from './s3/s3-error.ts';

/** `SIGNATURE_FORGERIES=10000000 npx vitest run src/edge/forgeries` tries so many. */
const numRuns = Number(process.env.SIGNATURE_FORGERIES ?? 20_000);

let clock = signedAt;
const verify = verifierAt(() => clock);
const ofS3 = authenticateS3({
  account: '000000000000',
  verifier: {
    current: verify,
    legacy: (_, { accessKeyId }) => {
      throw new Error(`version 2 for ${accessKeyId}`);
    },
  },
});

/** Who a request is taken to be from, as an ARN; undefined if it is refused. */
function signerOf(original: Captured, request: Captured): string | undefined {
  clock = request.now;
  const rules = rulesOf(original);
  const given = asReceived(request);
  // No captured request has one.
  if (rules === s3Rules && given.headers.authorization === undefined && readLegacyClaim(given)) return undefined;
  try {
    const address = { bucket: 'films', key: '', virtualBucket: undefined };
    return (rules === s3Rules ? ofS3(given, address) : verify(given, rules)).principal?.arn;
  } catch (error) {
    if (error instanceof ServiceError || error instanceof S3Error) return undefined;
    throw error;
  }
}

const forgery = forgeryOf({
  ...{ captured, host },
  accessKeyIds: ['AKIDADA', 'AKIDBOB', 'ASIDADA'],
  regions: [region, 'us-east-1'],
});

const meaning = (original: Captured, request: Captured) =>
  meaningOf(asReceived(request), request.body, rulesOf(original) === s3Rules);

it('lets nobody in with what was captured of a request, whatever is changed in it', () => {
  const own = new Map(captured.map((request) => [request, meaning(request, request)]));
  fc.assert(
    fc.property(forgery, ({ original, forged }) => {
      const signer = signerOf(original, forged);
      if (signer === undefined) return;
      if (!signer.endsWith('user/ada') || !isTimely(forged) || meaning(original, forged) !== own.get(original)) {
        throw new Error(`${signer} is let in by ${JSON.stringify(forged)}`);
      }
    }),
    { numRuns },
  );
  for (const request of captured) expect(signerOf(request, request)).toMatch(/user\/ada$/);
});
