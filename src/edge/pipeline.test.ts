import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../contract/errors.ts';
import { validate } from '../contract/validate.ts';
import { authenticateBy } from './authentication.ts';
import { decodeInput } from './decoding.ts';
import { dispatchTo, httpServerFor, json, listRecipes } from './http-server.fixture.ts';
import type { EndedCall, Steps } from './pipeline.ts';

const eventList = [{ eventType: 'watch', sentAt: 1_700_000_000 }];
const token = 'secret';
const campaignArn = 'arn:aws:personalize:eu-west-1:000000000000:campaign/c';

/** A call of each service, and of each admin operation. */
const calls = [
  ['ListRecipes', { method: 'POST', url: '/', headers: listRecipes, payload: { maxResults: 7 } }],
  [
    'PutEvents',
    { method: 'POST', url: '/events', headers: json, payload: { trackingId: 't', sessionId: 's', eventList } },
  ],
  ['GetRecommendations', { method: 'POST', url: '/recommendations', headers: json, payload: { userId: 'u' } }],
  ['ListEvents', { method: 'GET', url: '/admin/events?userId=u' }],
  [
    'Explain',
    { method: 'GET', url: `/admin/explain?campaignArn=${campaignArn}&context=%7B%22DEVICE%22%3A%22tv%22%7D` },
  ],
  ['ListImports', { method: 'GET', url: '/admin/imports?limit=7' }],
  ['GetSnapshot', { method: 'GET', url: '/admin/snapshot', headers: { authorization: `Bearer ${token}` } }],
] as const;

const inOrder = ['authenticate', 'decode', 'validate', 'limit', 'authorise', 'dispatch', 'audit'] as const;

/** A server with every step, which notes the steps that are taken; one of them may refuse all calls. */
function stepping(refusing?: keyof Steps, error?: Error) {
  const taken: string[] = [];
  const audited: EndedCall[] = [];
  const steps: Required<Steps> = {
    authenticate: authenticateBy({ account: '000000000000', token }),
    decode: decodeInput,
    validate,
    limit: () => {},
    authorise: async () => {},
    dispatch: dispatchTo({
      ListRecipes: async () => ({ recipes: [] }),
      PutEvents: async () => ({}),
      GetRecommendations: async () => ({ itemList: [] }),
      ListEvents: async () => ({ eventTrackerArn: 'arn', trackingId: 't', events: [] }),
      Explain: async () => ({ campaignArn, summary: [], items: [] }),
      ListImports: async () => ({ imports: [] }),
      GetSnapshot: async () => ({ database: { content: Readable.from([Buffer.from('rows')]), size: 4 } }),
    }),
    audit: () => async (call) => void audited.push(call),
  };
  const noting =
    (step: string, taking: unknown) =>
    (...parameters: unknown[]) => {
      taken.push(step);
      if (step === refusing) throw error;
      return typeof taking === 'function' && Reflect.apply(taking, undefined, parameters);
    };
  const noted = new Proxy(steps, {
    get: (target, step) =>
      step === 'audit'
        ? () => noting('audit', target.audit(undefined))
        : noting(String(step), Reflect.get(target, step)),
  });
  return { app: httpServerFor(noted), taken, audited };
}

describe.each(calls)('a call of %s', (name, request) => {
  it('takes every step in order, and is answered once it is audited', async () => {
    const { app, taken, audited } = stepping();
    const answer = await app.inject(request);
    expect(answer.statusCode).toBe(200);
    expect(taken).toEqual(inOrder);
    expect(audited).toEqual([
      expect.objectContaining({
        operation: expect.objectContaining({ name }),
        input: expect.anything(),
        error: undefined,
        caller: expect.objectContaining({ account: '000000000000', requestId: answer.headers['x-amzn-requestid'] }),
      }),
    ]);
  });

  it('ends with the error of an authorisation that denies it', async () => {
    const message = `User: someone is not authorized to perform: personalize:${name}`;
    const denial = new ServiceError('AccessDeniedException', message);
    const { app, taken, audited } = stepping('authorise', denial);
    const answer = await app.inject(request);
    const status = request.url === '/' ? 400 : 403; // as the front ends of the two protocols say it
    expect([answer.statusCode, answer.json()]).toEqual([status, { __type: 'AccessDeniedException', message }]);
    expect(taken).toEqual(inOrder.filter((step) => step !== 'dispatch'));
    expect(audited).toMatchObject([{ operation: { name }, error: denial }]);
  });

  it.each(inOrder.slice(0, -1))('goes no further than %s where that refuses it, and is audited', async (step) => {
    const refusal = new ServiceError('ThrottlingException', 'no');
    const { app, taken, audited } = stepping(step, refusal);
    expect((await app.inject(request)).json()).toEqual({ __type: 'ThrottlingException', message: 'no' });
    expect(taken).toEqual([...inOrder.slice(0, inOrder.indexOf(step) + 1), 'audit']);
    const [{ caller, input, error } = {}] = audited;
    expect([caller !== undefined, input !== undefined, error]).toEqual([
      inOrder.indexOf(step) > inOrder.indexOf('authenticate'),
      inOrder.indexOf(step) > inOrder.indexOf('validate'),
      refusal,
    ]);
  });

  it('fails if it cannot be audited', async () => {
    const { app } = stepping('audit', new ServiceError('ServiceUnavailable', 'The disk is full.'));
    expect((await app.inject(request)).statusCode).toBe(503);
  });
});

it('closes the bytes of an answer that cannot be audited, and so is never sent', async () => {
  const content = Readable.from([Buffer.from('rows')]);
  const dispatch = dispatchTo({ GetSnapshot: async () => ({ database: { content, size: 4 } }) });
  const audit = () => () => Promise.reject(new ServiceError('ServiceUnavailable', 'The disk is full.'));
  const app = httpServerFor({ token, dispatch, audit });
  const headers = { authorization: `Bearer ${token}` };
  expect((await app.inject({ method: 'GET', url: '/admin/snapshot', headers })).statusCode).toBe(503);
  expect(content.destroyed).toBe(true);
});
