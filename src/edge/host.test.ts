import { describe, expect, it } from 'vitest';
import { httpServerFor, listRecipes, recorder } from './http-server.fixture.ts';

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
      const status = method === 'POST' && url === '/' ? 400 : 403;
      expect([answer.statusCode, answer.headers['x-amzn-errortype']], host).toEqual([status, 'AccessDeniedException']);
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
