import { describe, expect, it } from 'vitest';
import { resourceNotFound } from '../contract/errors.ts';
import { httpServerFor, json, listRecipes, recorder } from './http-server.fixture.ts';

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
    const status = method === 'POST' && url === '/' ? 400 : 403;
    expect([answer.statusCode, answer.headers['x-amzn-errortype']]).toEqual([status, 'AccessDeniedException']);
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

  it.each(['/events', '/action-interactions'])(
    'may send %s from another origin, and read why they are refused',
    async (url) => {
      const app = httpServerFor({ dispatch: () => Promise.reject(resourceNotFound('arn')) });
      const preflight = await app.inject({
        method: 'OPTIONS',
        url,
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
        url,
        headers: { ...json, origin },
        payload: '{}',
      });
      expect(refused.statusCode).toBe(400);
      expect(refused.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-amzn-errortype, x-amzn-requestid',
      });
    },
  );

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
