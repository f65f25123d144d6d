import { s3Verifier } from '../access/principals/verified-principal.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Recorder } from '../edge/audit/recorder.ts';
import type { OriginOf } from '../edge/origin.ts';
import { auditS3 } from '../edge/s3/s3-audit.ts';
import { authenticateS3 } from '../edge/s3/s3-authentication.ts';
import { authoriseS3 } from '../edge/s3/s3-authorisation.ts';
import type { S3Parts } from '../edge/s3/s3-handler.ts';
import type { BucketParts } from './buckets.ts';
import type { Verified } from './principals.ts';

type Parts = Pick<BucketParts, 'folderBuckets' | 'ownerOf'> & {
  readonly originOf: OriginOf;
  readonly verified: Verified | undefined;
  readonly recorder: Recorder | undefined;
};

/** What answers requests of S3. */
export function s3Of(
  { account, allowedHosts }: ServerOptions,
  { folderBuckets, ownerOf, originOf, verified, recorder }: Parts,
): S3Parts {
  return {
    buckets: folderBuckets,
    folderAccount: account,
    hostNames: allowedHosts,
    authenticate: authenticateS3({
      account,
      verifier: verified && s3Verifier({ principals: verified.principals, now: () => Date.now() }),
    }),
    ...(recorder && { audit: auditS3(recorder, originOf) }),
    ...(verified && {
      authorise: authoriseS3({ rightsOf: verified.policies.rightsOf, ownerOf, originOf, now: () => Date.now() }),
    }),
  };
}
