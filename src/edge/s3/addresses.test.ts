import { expect, it } from 'vitest';
import { codeOf, startS3 } from './s3.fixture.ts';
import { splitHost } from './s3-address.ts';

it.each([
  ['localhost', { base: 'localhost' }],
  ['127.0.0.1', { base: '127.0.0.1' }],
  ['films.localhost', { base: 'localhost', bucket: 'films' }],
  ['films.of.2026.localhost', { base: 'localhost', bucket: 'films.of.2026' }],
  ['films.s3.localhost', { base: 's3.localhost', bucket: 'films' }],
  ['films.s3.eu-west-1.amazonaws.com', { base: 's3.eu-west-1.amazonaws.com', bucket: 'films' }],
  ['s3.amazonaws.com', { base: 's3.amazonaws.com' }],
  ['op.example.com', { base: 'op.example.com' }],
  ['films.op.example.com', { base: 'op.example.com', bucket: 'films' }],
  ['named.localhost', { base: 'named.localhost' }],
  ['films.named.localhost', { base: 'named.localhost', bucket: 'films' }],
  ['films.elsewhere.com', { base: 'films.elsewhere.com' }],
  ['a_b.localhost', { base: 'a_b.localhost' }],
])('finds the bucket that the host %s names', (host, found) => {
  expect(splitHost(host, ['op.example.com', 'named.localhost'])).toEqual(found);
});

it('answers the same bucket by path and by host, and not under a name that is not its own', async () => {
  await using s3 = await startS3(undefined, ['op.example.com']);
  const host = (name: string) => ({ headers: { host: `${name}:8642` } });
  expect((await s3.ask('PUT', '/', host('films.localhost'))).status).toBe(200);
  expect((await s3.ask('PUT', '/films/by/path', { body: 'p' })).status).toBe(200);
  expect((await s3.ask('GET', '/by/path', host('films.op.example.com'))).body).toBe('p');
  expect((await s3.ask('GET', '/by/path', host('films.evil.com'))).status).toBe(403);
  expect((await s3.ask('GET', '/by/path', host('films.s3.evil.com'))).status).toBe(403);
});

const presigned = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20261121%2Feu-west-1%2Fs3%2Faws4_request';

it.each([
  [
    'with a URL signed by version 4',
    `/mine?${presigned}&X-Amz-Date=20261121T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00`,
    {},
    200,
  ],
  ['with a URL signed by version 2', '/mine?AWSAccessKeyId=A&Signature=x&Expires=1', {}, 200],
  ['with a header signed by version 2', '/mine', { authorization: 'AWS A:c2lnbmF0dXJl' }, 400],
  ['with half a signature', `/mine?${presigned}`, {}, 400],
  ['without a signature, of a host of S3', '/mine', { host: 's3.localhost' }, 403],
])('answers a request %s in XML', async (_what, path, headers, status) => {
  await using s3 = await startS3();
  await s3.ask('PUT', '/mine');
  const answer = await s3.ask('GET', path, { unsigned: true, headers });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/xml');
});

it('leaves the paths of the service to it, whatever a bucket is called', async () => {
  await using s3 = await startS3();
  expect((await s3.ask('GET', '/healthz', { unsigned: true })).body).toBe('ok\n');
  expect((await s3.ask('PUT', '/events')).status).toBe(200);
  expect((await s3.ask('PUT', '/events/a', { body: 'x' })).status).toBe(200);
  expect((await s3.ask('POST', '/events', { unsigned: true })).headers['content-type']).toBe('application/json');
  const target = { headers: { 'x-amz-target': 'AmazonPersonalize.ListRecipes' } };
  expect((await s3.ask('POST', '/', target)).body).toContain('__type');
});

it.each([
  ['PUT', '/mine?cors', 'NotImplemented'],
  ['PUT', '/mine/a?acl', 'NotImplemented'],
  ['GET', '/mine/a?versionId=x', 'NotImplemented'],
  ['POST', '/mine', 'NotImplemented'],
  ['PATCH', '/mine/a', 'MethodNotAllowed'],
  ['POST', '/mine?delete', 'MalformedXML'],
  ['PUT', '/mine?policy', 'MalformedPolicy'],
  ['GET', '/mine?list-type=2&continuation-token=%20', 'InvalidArgument'],
  ['GET', '/mine?max-keys=x', 'InvalidArgument'],
])('refuses %s %s, and takes it for nothing else', async (method, path, code) => {
  await using s3 = await startS3();
  await s3.ask('PUT', '/mine');
  await s3.ask('PUT', '/mine/a', { body: 'x' });
  expect(codeOf(await s3.ask(method, path, { body: '[' }))).toBe(code);
  expect((await s3.ask('GET', '/mine/a')).body).toBe('x');
});

it.each([
  ['x-amz-tagging', 'a=b'],
  ['x-amz-server-side-encryption', 'aws:kms'],
  ['x-amz-server-side-encryption-customer-key', 'x'],
  ['x-amz-object-lock-mode', 'GOVERNANCE'],
])('refuses a write with %s, which it could not keep', async (name, value) => {
  await using s3 = await startS3();
  await s3.ask('PUT', '/mine');
  const answer = await s3.ask('PUT', '/mine/a', { headers: { [name]: value }, body: 'x' });
  expect(codeOf(answer)).toBe('NotImplemented');
  expect(answer.body).toContain(name);
  expect((await s3.ask('GET', '/mine/a')).status).toBe(404);
});

it('says where buckets are that are on a server of S3', async () => {
  await using s3 = await startS3(() => ({ buckets: undefined }));
  const answer = await s3.ask('GET', '/mine');
  expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidRequest']);
  expect(answer.body).toContain('--s3-endpoint');
});
