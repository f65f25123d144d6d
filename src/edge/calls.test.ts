import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { httpServerFor, json, listRecipes, recorder, signed } from './http-server.fixture.ts';
import { createRateLimiter } from './rate-limits.ts';

describe('a control plane request', () => {
  it('reaches control with its input and its caller, and answers the output', async () => {
    const { asked, dispatch } = recorder({ recipes: [], nextToken: undefined });
    const answer = await httpServerFor({ dispatch, account: '123456789012' }).inject({
      method: 'POST',
      url: '/',
      headers: listRecipes,
      payload: '{"maxResults":3,"unknownMember":1}',
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(answer.body).toBe('{"recipes":[]}');
    const requestId = answer.headers['x-amzn-requestid'];
    expect(asked).toEqual([
      [
        'ListRecipes',
        { maxResults: 3 },
        { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIDEXAMPLE', requestId },
      ],
    ]);
  });

  it('may have an empty body', async () => {
    const { asked, dispatch } = recorder();
    await httpServerFor({ dispatch }).inject({ method: 'POST', url: '/', headers: listRecipes });
    expect(asked).toEqual([['ListRecipes', {}, expect.anything()]]);
  });

  it('may be signed in the query string', async () => {
    const { asked, dispatch } = recorder();
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=KEY%2F20261121%2Fus-east-1%2Fpersonalize%2Faws4_request' +
      '&X-Amz-Date=20261121T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00';
    const { authorization, ...headers } = listRecipes;
    await httpServerFor({ dispatch }).inject({ method: 'POST', url: `/?${query}`, headers });
    expect(asked).toEqual([['ListRecipes', {}, expect.objectContaining({ region: 'us-east-1', accessKeyId: 'KEY' })]]);
  });
});

describe('a request that is refused', () => {
  const refusals: [
    what: string,
    request: { url?: string; headers: object; payload?: string | Buffer },
    code: string,
    status: number,
  ][] = [
    [
      'an unknown target',
      { headers: { ...listRecipes, 'x-amz-target': 'AmazonPersonalize.Nothing' } },
      'UnknownOperationException',
      400,
    ],
    ['no target', { headers: { ...listRecipes, 'x-amz-target': '' } }, 'UnknownOperationException', 400],
    [
      'a target of the REST services',
      { headers: { ...listRecipes, 'x-amz-target': 'AmazonPersonalize.PutEvents' } },
      'UnknownOperationException',
      400,
    ],
    ['an unknown path', { url: '/nothing', headers: json }, 'UnknownOperationException', 404],
    ['a malformed path', { url: '/%zz', headers: json }, 'UnknownOperationException', 404],
    [
      'the content type of the other protocol',
      { headers: { ...listRecipes, 'content-type': 'application/json' } },
      'UnsupportedMediaType',
      415,
    ],
    ['no content type for a body', { url: '/events', headers: signed, payload: '{}' }, 'UnsupportedMediaType', 415],
    [
      'a body over 2 MiB',
      { headers: listRecipes, payload: Buffer.alloc(2 * 2 ** 20 + 1, ' ') },
      'RequestEntityTooLarge',
      413,
    ],
    ['no signature', { headers: { ...listRecipes, authorization: undefined } }, 'MissingAuthenticationToken', 403],
    [
      'a signature of another kind',
      { headers: { ...listRecipes, authorization: 'Bearer token' } },
      'IncompleteSignature',
      400,
    ],
    [
      'a signature without scope',
      { headers: { ...listRecipes, authorization: 'AWS4-HMAC-SHA256 Signature=00' } },
      'IncompleteSignature',
      400,
    ],
    [
      'a signature for another service',
      { headers: { ...listRecipes, authorization: signed.authorization.replace('personalize', 's3') } },
      'InvalidSignatureException',
      400,
    ],
    ['a signature without date', { headers: { ...listRecipes, 'x-amz-date': undefined } }, 'IncompleteSignature', 400],
    ['text that is not JSON', { headers: listRecipes, payload: '{' }, 'SerializationException', 400],
    ['JSON that is no object', { headers: listRecipes, payload: '[]' }, 'SerializationException', 400],
    [
      'bytes that are not UTF-8',
      { headers: listRecipes, payload: Buffer.from([0x7b, 0xff, 0x7d]) },
      'SerializationException',
      400,
    ],
    ['a NUL in a string', { headers: listRecipes, payload: '{"nextToken":"a\\u0000"}' }, 'SerializationException', 400],
    [
      'bottomless nesting',
      { headers: listRecipes, payload: `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}` },
      'SerializationException',
      400,
    ],
    [
      'more values than any operation takes, whatever they are',
      { headers: listRecipes, payload: `{"a":[${'},{'.repeat(20_000)}]}` },
      'SerializationException',
      400,
    ],
    [
      'a member of another JSON type',
      { headers: listRecipes, payload: '{"maxResults":"3"}' },
      'SerializationException',
      400,
    ],
    ['a broken constraint', { headers: listRecipes, payload: '{"maxResults":0}' }, 'InvalidInputException', 400],
  ];

  it.each(refusals)('%s', async (_what, { url = '/', headers, payload = '' }, code, status) => {
    const defined = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const answer = await httpServerFor({}).inject({ method: 'POST', url, headers: defined, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({ __type: code, message: expect.stringMatching(/\S/) });
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says of several faults the first: target, content type, size, signature, JSON, constraint', async () => {
    const app = httpServerFor({});
    const faults = [
      [{ 'x-amz-target': 'x', 'content-type': 'text/plain' }, 'UnknownOperationException'],
      [{ 'content-type': 'text/plain' }, 'UnsupportedMediaType'],
      [{ authorization: '' }, 'RequestEntityTooLarge'],
    ] as const;
    for (const [headers, code] of faults) {
      const payload = Buffer.alloc(7 * 2 ** 20);
      const answer = await app.inject({ method: 'POST', url: '/', headers: { ...listRecipes, ...headers }, payload });
      expect(answer.json().__type).toBe(code);
    }
  });

  it('keeps a defect of ours to the log, under the request id', async () => {
    const lines: string[] = [];
    const app = httpServerFor({
      dispatch: () => Promise.reject(new TypeError('secret detail')),
      log: pino({}, { write: (line) => lines.push(line) }),
    });
    const answer = await app.inject({ method: 'POST', url: '/', headers: listRecipes });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().__type).toBe('InternalFailure');
    expect(answer.body).not.toContain('secret');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        requestId: answer.headers['x-amzn-requestid'],
        operation: 'ListRecipes',
        err: expect.objectContaining({
          type: 'TypeError',
          message: 'secret detail',
          stack: expect.stringMatching('at '),
        }),
      }),
    ]);
  });
});

it('keeps __proto__ out of the input, however it is written', async () => {
  const { asked, dispatch } = recorder();
  const payload =
    '{"name":"a","tags":[],"__proto__":{"polluted":1},"domain":"ECOMMERCE","\\u005f_proto__":{"polluted":2}}';
  const headers = { ...listRecipes, 'x-amz-target': 'AmazonPersonalize.CreateDatasetGroup' };
  await httpServerFor({ dispatch }).inject({ method: 'POST', url: '/', headers, payload });
  expect(asked).toEqual([['CreateDatasetGroup', { name: 'a', tags: [], domain: 'ECOMMERCE' }, expect.anything()]]);
  expect(asked[0]?.[1]).not.toHaveProperty('polluted');
});

it('throttles where a limit is set', async () => {
  const { dispatch } = recorder();
  const app = httpServerFor({ dispatch, limit: createRateLimiter({ ListRecipes: 1 }, () => 0) });
  const codes = [];
  for (let request = 0; request < 2; request++) {
    const answer = await app.inject({ method: 'POST', url: '/', headers: listRecipes });
    codes.push([answer.statusCode, answer.headers['x-amzn-errortype']]);
  }
  expect(codes).toEqual([
    [200, undefined],
    [400, 'ThrottlingException'],
  ]);
});

it('lets a recommendation go before events that came in a burst ahead of it', async () => {
  const { asked, dispatch } = recorder();
  const app = httpServerFor({ dispatch });
  await app.ready();
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers: json, payload });
  const event = { eventType: 'watch', sentAt: 1_700_000_000 };
  const burst = Array.from({ length: 50 }, () =>
    post('/events', { trackingId: 't', sessionId: 's', eventList: [event] }),
  );
  const answers = await Promise.all([...burst, post('/recommendations', { userId: 'u' })]);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(asked.length).toBe(51);
  expect(asked.findIndex(([name]) => name === 'GetRecommendations')).toBeLessThan(25);
});
