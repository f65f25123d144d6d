const credential = 'Credential=BENCH/20260101/us-east-1/personalize/aws4_request';

/** Headers of a request as the AWS SDK would sign it. The signature is well formed, but made up. */
export const madeUpSignature = {
  'x-amz-date': '20260101T000000Z',
  authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
} as const;
