import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { resourceNotFound, ServiceError } from '../contract/errors.ts';
import { dispatchTo, httpServerFor } from './http-server.fixture.ts';

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

it('takes maps and lists of /admin/explain as JSON', async () => {
  const asked: object[] = [];
  const app = httpServerFor({
    dispatch: dispatchTo({
      Explain: async (input) => {
        asked.push(input);
        return { campaignArn: input.campaignArn, summary: [], items: [] };
      },
    }),
  });
  const campaignArn = 'arn:aws:personalize:eu-west-1:000000000000:campaign/c';
  const ask = (parameters: Record<string, string>) =>
    app.inject({ url: `/admin/explain?${new URLSearchParams({ campaignArn, ...parameters })}` });
  const context = { DEVICE: 'tv & "radio"' };
  const answer = await ask({ context: JSON.stringify(context), inputList: '["a","b"]', numResults: '7' });
  expect(answer.statusCode).toBe(200);
  expect(asked).toEqual([{ campaignArn, context, inputList: ['a', 'b'], numResults: 7 }]);
  const wrong = [
    ['context', 'tv'],
    ['context', '["tv"]'],
    ['inputList', '{}'],
    ['numResults', '51'],
  ] as const;
  for (const [name, value] of wrong) expect((await ask({ [name]: value })).statusCode, name).toBe(400);
});

it('says of an admin operation that fails what it says of any other', async () => {
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
      expect([refused.statusCode, refused.json().message], limit).toEqual([
        400,
        'limit must be a whole number from 1 to 1000.',
      ]);
    }
    const twice = await app.inject({ url: '/admin/events?trackingId=t&userId=a&userId=b' });
    expect([twice.statusCode, twice.json().message]).toEqual([400, 'userId may be given once.']);
  });
});
