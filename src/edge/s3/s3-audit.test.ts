import { expect, it } from 'vitest';
import { recorderTo } from '../audit/recorder.ts';
import { originOfConnection } from '../origin.ts';
import { startS3 } from './s3.fixture.ts';
import { auditS3 } from './s3-audit.ts';

/** A server of S3 that notes its records, and how each was given to the trail. */
async function audited({ all = true, commit = async () => {} } = {}) {
  const records: (readonly ['add' | 'commit', Record<string, unknown>])[] = [];
  const trail = {
    add: (record: string) => void records.push(['add', JSON.parse(record)]),
    commit: async (record: string) => {
      records.push(['commit', JSON.parse(record)]);
      await commit();
    },
  };
  const s3 = await startS3(() => ({
    audit: auditS3(recorderTo({ trail, all, now: () => 0 }), originOfConnection),
  }));
  return { s3, records };
}

it('records calls of S3 by the names of CloudTrail: those on buckets as management, those on objects as data', async () => {
  const { s3, records } = await audited();
  await using _ = s3;
  await s3.ask('PUT', '/films');
  await s3.ask('PUT', '/films/a%20b.csv', { body: 'USER_ID\n' });
  await s3.ask('GET', '/films/a%20b.csv');
  await s3.ask('GET', '/films?list-type=2&prefix=a');
  await s3.ask('GET', '/films?publicAccessBlock');
  await s3.ask('DELETE', '/films/a%20b.csv');
  const bucket = { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::films', accountId: '000000000000' };
  const object = { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::films/a b.csv' };
  expect(records).toMatchObject([
    [
      'commit',
      { eventName: 'CreateBucket', eventSource: 's3.amazonaws.com', managementEvent: true, resources: [bucket] },
    ],
    [
      'commit',
      {
        eventName: 'PutObject',
        eventCategory: 'Data',
        requestParameters: { bucketName: 'films', key: 'a b.csv' },
        additionalEventData: { bytesTransferredIn: 8, AuthenticationMethod: 'AuthHeader' },
        resources: [object, bucket],
      },
    ],
    ['add', { eventName: 'GetObject', readOnly: true, additionalEventData: { bytesTransferredOut: 8 } }],
    ['add', { eventName: 'ListObjects', managementEvent: false, requestParameters: { prefix: 'a' } }],
    [
      'add',
      {
        eventName: 'GetBucketPublicAccessBlock',
        managementEvent: true,
        errorCode: 'NoSuchPublicAccessBlockConfiguration',
      },
    ],
    ['commit', { eventName: 'DeleteObject', readOnly: false }],
  ]);
});

it('records calls on objects only if it is to have all, and requests for what S3 has not always', async () => {
  const { s3, records } = await audited({ all: false });
  await using _ = s3;
  await s3.ask('PUT', '/films');
  await s3.ask('PUT', '/films/key', { body: 'content' });
  await s3.ask('GET', '/films?lifecycle');
  expect(records).toMatchObject([
    ['commit', { eventName: 'CreateBucket' }],
    ['add', { eventName: 'UnknownOperation', errorCode: 'NotImplemented' }],
  ]);
});

it('records who was refused before it was known who asks, without the signature', async () => {
  const { s3, records } = await audited();
  await using _ = s3;
  await s3.ask(
    'DELETE',
    '/films?X-Amz-Signature=secret&X-Amz-Credential=AKIAEVE%2F20261121%2Fus-east-1%2Fs3%2Faws4_request',
    {
      unsigned: true,
    },
  );
  expect(records).toMatchObject([
    ['add', { eventName: 'DeleteBucket', userIdentity: { type: 'Unknown' }, errorCode: expect.any(String) }],
  ]);
  expect(JSON.stringify(records)).not.toContain('secret');
});

it('does not answer a write whose record the disk does not take with success', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: 'write' });
  const { s3 } = await audited({ commit: () => Promise.reject(full) });
  await using _ = s3;
  const answer = await s3.ask('PUT', '/films');
  expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('The call was carried out')]);
});
