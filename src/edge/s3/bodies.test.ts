import { createHash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newChecksum } from './checksum-algorithms.ts';
import { codeOf, startS3 } from './s3.fixture.ts';

const base64Crc32 = (content: Uint8Array) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString('base64');
};

/** A body in chunks of these sizes, with lines behind the last. */
function chunked(content: Buffer, sizes: readonly number[], trailer: readonly string[], signature = ''): Buffer {
  const chunks: Buffer[] = [];
  let start = 0;
  for (const size of [...sizes, content.length]) {
    const piece = content.subarray(start, start + size);
    start += piece.length;
    if (piece.length > 0)
      chunks.push(Buffer.from(`${piece.length.toString(16)}${signature}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from([`0${signature}`, ...trailer, '', ''].join('\r\n'))]);
}

const streaming = (length: number, form = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') => ({
  'x-amz-content-sha256': form,
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': String(length),
  ...(form.endsWith('TRAILER') && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
});

describe('bodies', () => {
  it('are taken out of aws-chunked, however they are cut, and held against the checksum behind them', async () => {
    await using s3 = await startS3();
    await s3.ask('PUT', '/mine');
    const content = fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes));
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(content, sizes, async (bytes, cuts) => {
        const body = chunked(bytes, cuts, [`x-amz-checksum-crc32:${base64Crc32(bytes)}`]);
        const put = await s3.ask('PUT', '/mine/a', { headers: streaming(bytes.length), body });
        expect(put.body).toBe('');
        expect(put.headers.etag).toBe(`"${hash('md5', bytes)}"`);
        const head = await s3.ask('HEAD', '/mine/a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
        expect(head.headers['content-length']).toBe(String(bytes.length));
        expect(head.headers['x-amz-checksum-crc32']).toBe(base64Crc32(bytes));
        expect(head.headers['content-encoding']).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('in signed chunks are taken where signatures are not verified', async () => {
    await using s3 = await startS3();
    await s3.ask('PUT', '/mine');
    const body = chunked(Buffer.from('hello'), [2], [], `;chunk-signature=${'a'.repeat(64)}`);
    const headers = streaming(5, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    expect((await s3.ask('PUT', '/mine/a', { headers, body })).status).toBe(200);
    expect((await s3.ask('GET', '/mine/a')).body).toBe('hello');
  });

  const good = chunked(Buffer.from('hello'), [2], [`x-amz-checksum-crc32:${base64Crc32(Buffer.from('hello'))}`]);
  it.each<[string, Record<string, string>, string | Buffer, string]>([
    [
      'another checksum behind it',
      streaming(5),
      chunked(Buffer.from('hello'), [], ['x-amz-checksum-crc32:AAAAAA==']),
      'BadDigest',
    ],
    ['no checksum behind it', streaming(5), chunked(Buffer.from('hello'), [], []), 'BadDigest'],
    ['fewer bytes than said', streaming(6), good, 'IncompleteBody'],
    ['more bytes than said', streaming(4), good, 'IncompleteBody'],
    ['an end too soon', streaming(5), good.subarray(0, 8), 'IncompleteBody'],
    ['no chunks', streaming(5), 'hello\n', 'InvalidRequest'],
    ['a chunk of more than its size', streaming(5), '1\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['a line without end', streaming(5), 'a'.repeat(10_000), 'InvalidRequest'],
    ['no length', { ...streaming(5), 'x-amz-decoded-content-length': '' }, good, 'MissingContentLength'],
    ['another MD5', { 'content-md5': hash('md5', 'other', 'base64') }, 'hello', 'BadDigest'],
    ['an MD5 that is none', { 'content-md5': 'x' }, 'hello', 'InvalidDigest'],
    ['another SHA-256', { 'x-amz-content-sha256': hash('sha256', 'other') }, 'hello', 'XAmzContentSHA256Mismatch'],
    ['another checksum', { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, 'hello', 'BadDigest'],
    ['two checksums', { 'x-amz-checksum-crc32': 'a', 'x-amz-checksum-sha1': 'b' }, 'hello', 'InvalidRequest'],
    ['an unknown checksum', { 'x-amz-checksum-md4': 'a' }, 'hello', 'InvalidRequest'],
  ])('with %s are refused, and leave what was there', async (_what, headers, body, code) => {
    await using s3 = await startS3();
    await s3.ask('PUT', '/mine');
    await s3.ask('PUT', '/mine/a', { body: 'before' });
    expect(codeOf(await s3.ask('PUT', '/mine/a', { headers, body }))).toBe(code);
    expect((await s3.ask('GET', '/mine/a')).body).toBe('before');
    const { body: listed } = await s3.ask('GET', '/mine?list-type=2');
    expect(listed.match(/<Key>/g)).toHaveLength(1);
  });
});

it.each([
  // The check values of each for "123456789" (https://reveng.sourceforge.io/crc-catalogue/).
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', createHash('sha1').update('123456789').digest('hex')],
  ['sha256', createHash('sha256').update('123456789').digest('hex')],
])('makes the checksum %s, whatever pieces it is given', (name, expected) => {
  const checksum = newChecksum(name);
  for (const piece of ['1', '234', '', '56789']) checksum.update(Buffer.from(piece));
  expect(Buffer.from(checksum.digest(), 'base64').toString('hex')).toBe(expected);
});
