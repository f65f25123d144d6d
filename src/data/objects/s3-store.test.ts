import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openBuckets } from './buckets.ts';
import type { ObjectStore } from './object-store.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

/** Servers that answer as S3 does when something is wrong, which moto never does. */
describe('a bucket whose server', () => {
  let server: Server;

  async function bucketOf(answer: RequestListener): Promise<ObjectStore> {
    server = createServer((request, response) => {
      request.resume();
      request.on('end', () => answer(request, response));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const cacheFolder = join(tmpdir(), 's3-store-test');
    return (await openBuckets({ endpoint: `http://127.0.0.1:${port}`, cacheFolder })).bucket('mine');
  }

  const failing =
    (status: number, code: string): RequestListener =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is so.</Message></Error>`);
    };

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it.each([
    [403, 'AccessDenied', 'forbidden', /Access to s3:\/\/mine\/data\/x\.csv is denied \(AccessDenied\)/],
    [403, 'SignatureDoesNotMatch', 'forbidden', /denied \(SignatureDoesNotMatch\)/],
    [404, 'NoSuchBucket', 'missing', /The bucket mine does not exist/],
    [404, 'NoSuchKey', 'missing', /no object s3:\/\/mine\/data\/x\.csv/],
    [507, 'XMinioStorageFull', 'full', /no space left to write s3:\/\/mine\/data\/x\.csv/],
    [400, 'SomethingElse', 'unreachable', /failed on s3:\/\/mine\/data\/x\.csv: SomethingElse, It is so\./],
  ])('answers %i %s is %s', async (status, code, reason, message) => {
    const store = await bucketOf(failing(status, code));
    const failure = { reason, message: expect.stringMatching(message) };
    await expect(store.read('data/x.csv')).rejects.toMatchObject(failure);
    await expect(store.write('data/x.csv', 'x')).rejects.toMatchObject(failure);
    await expect(store.localFile('data/x.csv')).rejects.toMatchObject(failure);
  });

  it('forbids HEAD, without a word, is forbidden', async () => {
    const store = await bucketOf((_request, response) => response.writeHead(403).end());
    await expect(store.head('x')).rejects.toMatchObject({ reason: 'forbidden' });
  });

  it('breaks off in the middle of an object is unreachable', async () => {
    const store = await bucketOf((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning', () => response.destroy());
    });
    const content = await store.read('data/x.csv');
    await expect(content.toArray()).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('s3://mine/data/x.csv'),
    });
  });

  it('cannot remove some of many objects says which', async () => {
    const store = await bucketOf((request, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(
        request.method === 'GET'
          ? '<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>'
          : '<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>',
      );
    });
    await expect(store.removeAll('folder/')).rejects.toMatchObject({
      reason: 'forbidden',
      message: 's3://mine/a cannot be removed: Access Denied.',
    });
  });
});
