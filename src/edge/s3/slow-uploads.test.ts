import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { said, trickle } from '../hostile.fixture.ts';
import { startS3 } from './s3.fixture.ts';

const scope = 'AKIDEXAMPLE/20261121/eu-west-1/s3/aws4_request';
const signature = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

/** An upload to a server that wants a hundred bytes in two seconds. */
async function upload(pieces: readonly string[], everyMs: number, authorization = signature) {
  await using s3 = await startS3(() => ({ pace: { bytes: 100, ms: 2000 } }));
  await s3.ask('PUT', '/films');
  const socket = connect(Number(new URL(s3.url).port), '127.0.0.1');
  const answer = said(socket);
  const head = [
    ...['PUT /films/slow HTTP/1.1', 'host: localhost', 'connection: close', `authorization: ${authorization}`],
    ...['x-amz-date: 20261121T000000Z', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'],
    `content-length: ${pieces.join('').length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await trickle(socket, pieces, everyMs);
  const whole = await answer;
  return { said: whole, stored: await s3.ask('GET', '/films/slow') };
}

it('takes an upload that is slow and steady, however long it takes', async () => {
  const pieces = Array<string>(300).fill('x'.repeat(50));
  const { said: answer, stored } = await upload(pieces, 10);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(stored.body).toHaveLength(15_000);
});

it.each([
  ['an upload that comes a byte at a time', signature, 'RequestTimeout'],
  ['one that is refused', signature.replace(' SignedHeaders=host;x-amz-date,', ''), 'AuthorizationHeaderMalformed'],
])('gives %s up, and keeps nothing of it', async (_, authorization, code) => {
  const { said: answer, stored } = await upload(Array<string>(1000).fill('x'), 50, authorization);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain(`<Code>${code}</Code>`);
  expect(stored.status).toBe(404);
});
