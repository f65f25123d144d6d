import { describe, expect, it } from 'vitest';
import { readClaim } from './claim.ts';

const date = { 'x-amz-date': '20261121T000000Z' };
const read = (scope: string) =>
  readClaim(
    {
      url: '/',
      headers: {
        ...date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;x-amz-date,Signature=00`,
      },
    },
    'personalize',
  );

describe('readClaim', () => {
  it('takes region and access key from the scope', () => {
    expect(read('AKID/20261121/ap-southeast-2/personalize/aws4_request')).toEqual({
      form: 'header',
      accessKeyId: 'AKID',
      date: '20261121',
      region: 'ap-southeast-2',
      service: 'personalize',
      scope: '20261121/ap-southeast-2/personalize/aws4_request',
      signedHeaders: 'host;x-amz-date',
      signature: '00',
      signedAt: '20261121T000000Z',
    });
  });

  it.each([
    ['AKID', 'IncompleteSignature'],
    ['AKID/20261121/us-east-1/personalize', 'IncompleteSignature'],
    ['AKID/20261121/us-east-1/personalize/aws4_request/more', 'IncompleteSignature'],
    ['AKID/2026-11-21/us-east-1/personalize/aws4_request', 'IncompleteSignature'],
    ['AKID/20261121/us-east-1/personalize/aws5_request', 'IncompleteSignature'],
    ['AKID/20261121/us:east/personalize/aws4_request', 'InvalidSignatureException'],
    ['AKID/20261121/us-east-1/s3/aws4_request', 'InvalidSignatureException'],
  ])('refuses %s', (scope, code) => {
    expect(() => read(scope)).toThrow(expect.objectContaining({ code }));
  });

  it('names every member that a header lacks', () => {
    expect(() =>
      readClaim({ url: '/', headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x' } }, 'personalize'),
    ).toThrow(
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  });
});
