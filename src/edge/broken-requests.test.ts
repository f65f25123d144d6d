import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { defaultRequestTimes } from './broken-requests.ts';
import { httpServerFor } from './http-server.fixture.ts';

/** What a server answers to these bytes, once it has closed the connection; the client closes nothing. */
async function answerTo(bytes: string, requestTimes = defaultRequestTimes) {
  const app = httpServerFor({ requestTimes });
  try {
    const { hostname: host, port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    const gone = once(socket, 'close');
    socket.write(bytes);
    const answer = await text(socket);
    socket.end();
    await gone;
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    return { head, body: JSON.parse(body) };
  } finally {
    await app.close();
  }
}

const head = 'POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

it.each([
  ['no request line', 'nonsense\r\n\r\n', 400, 'MalformedHttpRequestException'],
  ['TLS', '\x16\x03\x01\x02\x00', 400, 'MalformedHttpRequestException'],
  ['a version that there is not', 'GET / HTTP/3.7\r\nHost: localhost\r\n\r\n', 400, 'MalformedHttpRequestException'],
  ['a chunk without a size', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400, 'MalformedHttpRequestException'],
  ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'MalformedHttpRequestException'],
  [
    'a head that is too large',
    `GET / HTTP/1.1\r\nX: ${'a'.repeat(2 ** 15)}\r\n\r\n`,
    431,
    'RequestHeaderSectionTooLarge',
  ],
  [
    'an expectation that there is not',
    `${head}Expect: tea\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
    403,
    'MissingAuthenticationToken',
  ],
  ['no name of the server', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 403, 'AccessDeniedException'],
])("answers %s in AWS's shape, and closes the connection", async (_what, bytes, status, code) => {
  const answer = await answerTo(bytes);
  expect(answer.head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer.head).toMatch(new RegExp(`^x-amzn-errortype: ${code}\r$`, 'm'));
  expect(answer.head).toMatch(/^x-amzn-requestid: [\da-f-]{36}\r$/m);
  expect(answer.body).toEqual({ __type: code, message: expect.stringMatching(/\S/) });
});

const soon = { headersMs: 50, wholeMs: 60_000, checkEveryMs: 10 };

it.each([
  ['a head', head, soon],
  ['a request line', 'POST /ev', soon],
  ['a body', `${head}Content-Length: 100\r\n\r\n{`, { ...soon, wholeMs: 100 }],
  ['chunks', `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, { ...soon, wholeMs: 100 }],
])('closes the connection of a client that never ends %s', async (_what, bytes, times) => {
  const answer = await answerTo(bytes, times);
  expect(answer.head).toMatch(/^HTTP\/1.1 408 /);
  expect(answer.body.__type).toBe('RequestTimeoutException');
});
