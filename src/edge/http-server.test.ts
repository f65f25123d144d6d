import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { resourceAlreadyExists, resourceNotFound, ServiceError } from '../contract/errors.ts';
import type { Dispatch } from '../control/dispatch.ts';
import { dispatchTo, httpServerFor, signed } from './http-server.fixture.ts';
import { createRateLimiter } from './rate-limits.ts';

const listRecipes = {
  ...signed,
  'x-amz-target': 'AmazonPersonalize.ListRecipes',
  'content-type': 'application/x-amz-json-1.1',
};
const json = { ...signed, 'content-type': 'application/json' };

/** Answers every operation with `output`, and remembers what it was asked. */
function recorder(output: unknown = {}) {
  const asked: unknown[][] = [];
  const dispatch: Dispatch = (...call) => {
    asked.push(call);
    // The test makes the output up.
    return Promise.resolve(output as never);
  };
  return { asked, dispatch };
}

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
      { headers: listRecipes, payload: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
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

describe('pages for people and machines', () => {
  it('says what it is on the root', async () => {
    const answer = await httpServerFor({ version: '1.2.3' }).inject('/');
    expect(answer.headers['content-type']).toMatch('text/html');
    expect(answer.body).toContain('--endpoint-url http://localhost:80');
    expect(answer.body).toContain('OpenPersonalize 1.2.3');
  });

  it('answers /healthz', async () => {
    expect((await httpServerFor({}).inject('/healthz')).statusCode).toBe(200);
  });

  it('measures requests by operation and code, never by what a caller made up', async () => {
    const { dispatch } = recorder();
    const app = httpServerFor({
      dispatch,
      measured: {
        runningJobs: () => [
          {
            ...{
              kind: 'solution-version',
              resourceArn: 'arn:v',
              fraction: 0.25,
              note: 'learning',
              remainingSeconds: 90,
            },
            figures: { epoch: 2.5, loss: 4.5, validationNdcg: 0.125 },
          },
          {
            ...{ kind: 'import', resourceArn: 'arn:i', fraction: 0, note: '' },
            ...{ remainingSeconds: undefined, figures: {} },
          },
        ],
        loadedDeployments: () => [{ campaignArn: 'arn:c', bytes: 1234 }],
        liveHistories: () => [{ datasetArn: 'arn:d', bytes: 567 }],
        candidates: () => [{ campaignArn: 'arn:c', count: 89 }],
      },
    });
    await app.inject({ method: 'POST', url: '/', headers: listRecipes });
    await app.inject({ method: 'POST', url: '/made-up', headers: json });
    const { body } = await app.inject('/metrics');
    expect(body).toContain('openpersonalize_requests_total{operation="ListRecipes",code="Success"} 1');
    expect(body).toContain('openpersonalize_requests_total{operation="Unknown",code="UnknownOperationException"} 1');
    expect(body).toContain('openpersonalize_request_duration_seconds_count{operation="ListRecipes"} 1');
    expect(body).toContain('openpersonalize_deployment_bytes{campaign="arn:c"} 1234');
    expect(body).toContain('openpersonalize_live_history_bytes{dataset="arn:d"} 567');
    expect(body).toContain('openpersonalize_exploration_candidates{campaign="arn:c"} 89');
    expect(body).toContain('openpersonalize_job_progress{kind="solution-version",resource="arn:v"} 0.25');
    const ofTheTraining = (gauge: string) => body.match(new RegExp(`^openpersonalize_${gauge}{.*} .*$`, 'gm'));
    const labels = '{kind="solution-version",resource="arn:v"}';
    for (const [gauge, value] of [
      ['job_remaining_seconds', 90],
      ['training_epoch', 2.5],
      ['training_loss', 4.5],
      ['training_validation_ndcg', 0.125],
    ]) {
      expect(ofTheTraining(`${gauge}`)).toEqual([`openpersonalize_${gauge}${labels} ${value}`]);
    }
    expect(body).not.toContain('made-up');
  });
});

describe('AWS SDK clients', () => {
  let close = async () => {};
  afterEach(() => close());

  async function configuration(dispatch: Dispatch) {
    const app = httpServerFor({ dispatch });
    close = async () => await app.close();
    const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
    return {
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
    };
  }

  it('read outputs and empty answers', async () => {
    const output = { itemList: [{ itemId: 'i', score: 0.5 }], recommendationId: 'r' };
    const settings = await configuration(recorder(output).dispatch);
    const answer = await new PersonalizeRuntime(settings).getRecommendations({
      campaignArn: 'arn:aws:personalize:eu-west-1:000000000000:campaign/c',
      userId: 'u',
    });
    expect(answer).toMatchObject(output);
    await new PersonalizeEvents(settings).putEvents({
      trackingId: 't',
      sessionId: 's',
      eventList: [{ eventType: 'e', sentAt: new Date() }],
    });
    await new Personalize(settings).deleteSchema({ schemaArn: 'arn:aws:personalize:eu-west-1:000000000000:schema/s' });
  });

  it('read errors of both protocols, with the status of the service', async () => {
    const notFound = await configuration(() => Promise.reject(resourceNotFound('arn:x')));
    const campaignArn = 'arn:aws:personalize:eu-west-1:000000000000:campaign/c';
    const message = 'Resource Arn arn:x does not exist.';
    await expect(new PersonalizeRuntime(notFound).getRecommendations({ campaignArn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/./) },
    });
    await expect(new Personalize(notFound).describeCampaign({ campaignArn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/./) },
    });
    await close();
    const exists = await configuration(() => Promise.reject(resourceAlreadyExists('arn:x')));
    await expect(new Personalize(exists).createDatasetGroup({ name: 'a' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
  });
});

describe('a name under which the server is asked', () => {
  const paths = [
    ['GET', '/'],
    ['POST', '/'],
    ['POST', '/events'],
    ['OPTIONS', '/events'],
    ['GET', '/admin/events'],
    ['GET', '/metrics'],
    ['DELETE', '/nothing'],
    ['GET', '/%zz'],
  ] as const;

  it.each(paths)('is refused for %s %s if it is not known', async (method, url) => {
    const app = httpServerFor({});
    for (const host of ['evil.example:8642', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.7', '<x>']) {
      const answer = await app.inject({ method, url, headers: { ...listRecipes, host } });
      expect([answer.statusCode, answer.headers['x-amzn-errortype']], host).toEqual([403, 'AccessDeniedException']);
      expect(answer.json().message).toContain('--allowed-host');
    }
  });

  it('is this machine, one of the service, or one that is allowed', async () => {
    const { dispatch } = recorder();
    const app = httpServerFor({ dispatch, allowedHosts: ['host.docker.internal'] });
    const own = [
      'localhost',
      'LOCALHOST:8642',
      '127.0.0.1:8642',
      '127.8.8.8',
      '[::1]:8642',
      'personalize.eu-west-1.localhost',
    ];
    const others = ['host.docker.internal:8642', 'personalize-events.eu-west-1.amazonaws.com'];
    for (const host of [...own, ...others]) {
      const answer = await app.inject({ method: 'POST', url: '/', headers: { ...listRecipes, host } });
      expect(answer.statusCode, host).toBe(200);
    }
    expect((await app.inject({ url: '/healthz', headers: { host: '10.0.0.7' } })).statusCode).toBe(200);
  });
});

describe('a page in a browser', () => {
  const origin = 'https://shop.example';

  // As Chrome sends them; only the first two without asking the server first.
  it.each([
    ['a form as text', 'POST', '/', { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site', origin }],
    ['an image', 'GET', '/admin/events', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a form', 'POST', '/items', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin }],
    ['a call', 'POST', '/', { ...listRecipes, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin }],
    ['a call of another port', 'POST', '/', { ...listRecipes, 'sec-fetch-site': 'same-site', origin }],
    ['a call of an old browser', 'POST', '/', { ...listRecipes, origin }],
    ['a call of a file', 'POST', '/', { ...listRecipes, origin: 'null' }],
    ['a recommendation', 'POST', '/recommendations', { ...json, origin }],
  ] as const)('may not send %s to the rest of the server', async (_what, method, url, headers) => {
    const { asked, dispatch } = recorder();
    const answer = await httpServerFor({ dispatch }).inject({ method, url, headers, payload: '' });
    expect([answer.statusCode, answer.headers['x-amzn-errortype']]).toEqual([403, 'AccessDeniedException']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(asked).toEqual([]);
  });

  it('may be one of the server itself, or a link to it', async () => {
    const { dispatch } = recorder();
    const app = httpServerFor({ dispatch });
    const own = { origin: 'http://localhost:8642', host: 'localhost:8642' };
    const call = { method: 'POST', url: '/', headers: { ...listRecipes, ...own } } as const;
    expect((await app.inject(call)).statusCode).toBe(200);
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await app.inject({ url: '/', headers: link })).statusCode).toBe(200);
  });

  it('may send events from another origin, and read why they are refused', async () => {
    const app = httpServerFor({ dispatch: () => Promise.reject(resourceNotFound('arn')) });
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/events',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(200);
    expect(preflight.body).toBe('');
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
    });
    const allowed = String(preflight.headers['access-control-allow-headers']).split(', ');
    const sent = ['authorization', 'content-type', 'x-amz-date', 'x-amz-security-token', 'x-amz-user-agent'];
    expect(allowed).toEqual(expect.arrayContaining([...sent, 'amz-sdk-invocation-id', 'amz-sdk-request']));
    const refused = await app.inject({
      method: 'POST',
      url: '/events',
      headers: { ...json, origin },
      payload: '{}',
    });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-amzn-errortype, x-amzn-requestid',
    });
  });

  it('may call nothing else, and other clients see nothing of it', async () => {
    const app = httpServerFor({});
    for (const url of ['/', '/items', '/recommendations', '/admin/events']) {
      const preflight = await app.inject({ method: 'OPTIONS', url, headers: { origin } });
      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
      expect(preflight.statusCode).toBe(403);
    }
    const plain = await app.inject({ method: 'POST', url: '/events', headers: json, payload: '{}' });
    expect(plain.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('/admin/imports', () => {
  it('gives what is asked for, and a sentence where that is not clear', async () => {
    const asked: object[] = [];
    const app = httpServerFor({
      dispatch: dispatchTo({
        ListImports: async (input) => {
          asked.push(input);
          if (input.job === undefined) throw resourceNotFound('arn');
          return { imports: [] };
        },
      }),
    });
    const answer = await app.inject({ url: '/admin/imports?job=a%2Fb&dataset=d&limit=7' });
    expect(answer.json()).toEqual({ imports: [] });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(asked).toEqual([{ job: 'a/b', dataset: 'd', limit: 7 }]);
    const unclear = await app.inject({ url: '/admin/imports' });
    expect([unclear.statusCode, unclear.json()]).toEqual([
      400,
      { __type: 'ResourceNotFoundException', message: 'Resource Arn arn does not exist.' },
    ]);
    for (const query of ['job=a&limit=1001', 'job=a&job=b', 'job=a&dataset=b&dataset=c']) {
      expect((await app.inject({ url: `/admin/imports?${query}` })).statusCode, query).toBe(400);
    }
  });
});

it('says of a page for people that fails what it says of an operation', async () => {
  const lines: string[] = [];
  const app = httpServerFor({
    dispatch: dispatchTo({
      ListEvents: () => Promise.reject(new TypeError('secret detail')),
      ListImports: () => Promise.reject(new ServiceError('ServiceUnavailable', 'The disk is full.')),
    }),
    log: pino({}, { write: (line) => lines.push(line) }),
  });
  const defect = await app.inject({ url: '/admin/events' });
  expect([defect.statusCode, defect.json().__type]).toEqual([500, 'InternalFailure']);
  expect(defect.body).not.toContain('secret');
  const requestId = defect.headers['x-amzn-requestid'];
  const err = expect.objectContaining({ message: 'secret detail' });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ requestId, operation: 'ListEvents', err }),
  ]);
  const outage = await app.inject({ url: '/admin/imports' });
  expect([outage.statusCode, outage.json()]).toEqual([
    503,
    { __type: 'ServiceUnavailable', message: 'The disk is full.' },
  ]);
});

describe('/admin/events', () => {
  it('gives what is asked for, and a sentence where that is not clear', async () => {
    const inspection = { eventTrackerArn: 'arn', trackingId: 't', events: [] };
    const asked: object[] = [];
    const app = httpServerFor({
      dispatch: dispatchTo({
        ListEvents: async (input) => {
          asked.push(input);
          if (input.trackingId === undefined) throw resourceNotFound('arn');
          return inspection;
        },
      }),
    });
    const answer = await app.inject({ url: '/admin/events?trackingId=t&userId=a%26b&limit=7' });
    expect(answer.json()).toEqual(inspection);
    expect(asked).toEqual([{ trackingId: 't', userId: 'a&b', limit: 7 }]);
    const unclear = await app.inject({ url: '/admin/events' });
    expect(unclear.statusCode).toBe(400);
    expect(unclear.json()).toEqual({
      __type: 'ResourceNotFoundException',
      message: 'Resource Arn arn does not exist.',
    });
    for (const limit of ['x', '', '0', '1001', '0x10', '1e1', '%207']) {
      const refused = await app.inject({ url: `/admin/events?trackingId=t&limit=${limit}` });
      expect(refused.statusCode, limit).toBe(400);
    }
    const twice = await app.inject({ url: '/admin/events?trackingId=t&userId=a&userId=b' });
    expect([twice.statusCode, twice.json().message]).toEqual([400, 'userId may be given once.']);
  });
});
