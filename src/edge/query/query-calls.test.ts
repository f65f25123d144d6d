import { describe, expect, it } from 'vitest';
import { dispatchTo, httpServerFor, recorder } from '../http-server.fixture.ts';
import { readXml, textOf } from '../s3/xml-reader.ts';

const scopeOf = (service: string) => `AKIDEXAMPLE/20261121/eu-west-1/${service}/aws4_request`;
const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${scopeOf(service)}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20261121T000000Z',
});
const form = { ...signedFor('sts'), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const caller = {
  account: '000000000000',
  region: 'eu-west-1',
  accessKeyId: 'AKIDEXAMPLE',
  requestId: expect.any(String),
  origin: { sourceIp: '127.0.0.1', secure: false, userAgent: 'lightMyRequest' },
};
const identity = { userId: 'AIDAEXAMPLE', account: '000000000000', arn: 'arn:aws:iam::000000000000:user/a&b' };
const action = 'Action=GetCallerIdentity&Version=2011-06-15';

describe('a call of the query protocol', () => {
  it('reaches control, and is answered in XML', async () => {
    const { asked, dispatch } = recorder(identity);
    const answer = await httpServerFor({ dispatch }).inject({
      method: 'POST',
      url: '/',
      headers: form,
      payload: action,
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/xml']);
    const requestId = answer.headers['x-amzn-requestid'];
    expect(answer.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<UserId>AIDAEXAMPLE</UserId><Account>000000000000</Account>' +
        '<Arn>arn:aws:iam::000000000000:user/a&amp;b</Arn></GetCallerIdentityResult>' +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
    expect(asked).toEqual([['GetCallerIdentity', {}, { ...caller, requestId }]]);
  });

  it('may stand in a URL, whose signature may stand there too', async () => {
    const { asked, dispatch } = recorder(identity);
    const app = httpServerFor({ dispatch });
    const inHeader = await app.inject({ method: 'GET', url: `/?${action}`, headers: signedFor('sts') });
    const signature =
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scopeOf('sts'))}` +
      '&X-Amz-Date=20261121T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00';
    const inUrl = await app.inject({ method: 'GET', url: `/?${action}&${signature}` });
    const empty = await app.inject({ method: 'POST', url: `/?${action}`, headers: signedFor('sts') });
    expect([inHeader.statusCode, inUrl.statusCode, empty.statusCode]).toEqual([200, 200, 200]);
    expect(asked).toEqual(Array(3).fill(['GetCallerIdentity', {}, caller]));
  });

  it('changes nothing in IAM by a URL that any web page could have a browser open', async () => {
    const { asked, dispatch } = recorder({});
    const app = httpServerFor({ dispatch, allowedHosts: ['personalize.test'] });
    const host = 'personalize.test';
    const url = '/?Action=DeleteUser&UserName=ann&Version=2010-05-08';
    const signature =
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scopeOf('iam'))}` +
      '&X-Amz-Date=20261121T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00';
    const opened = await app.inject({ method: 'GET', url: `${url}&${signature}`, headers: { host } });
    expect([opened.statusCode, opened.body]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    expect(asked).toEqual([]);
    const called = await app.inject({ method: 'GET', url, headers: { host, ...signedFor('iam') } });
    expect([called.statusCode, asked.map(([name]) => name)]).toEqual([200, ['DeleteUser']]);
  });

  it('is no page: the address of the server still has one', async () => {
    const page = await httpServerFor({}).inject({ method: 'GET', url: '/?utm_source=Action' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  });
});

describe('a call of the query protocol is refused', () => {
  const refusals: [
    what: string,
    given: { headers?: object; payload?: string; url?: string },
    code: string,
    status: number,
  ][] = [
    ['without an action', { payload: 'Version=2011-06-15' }, 'InvalidAction', 400],
    ['with an unknown action', { payload: 'Action=Nothing&Version=2011-06-15' }, 'InvalidAction', 400],
    ['with an action of JSON', { payload: 'Action=ListRecipes&Version=2011-06-15' }, 'InvalidAction', 400],
    ['without a version', { payload: 'Action=GetCallerIdentity' }, 'InvalidAction', 400],
    [
      'with the version of another service',
      { payload: action.replace('2011-06-15', '2010-05-08') },
      'InvalidAction',
      400,
    ],
    ['with an action twice', { payload: `${action}&Action=GetCallerIdentity` }, 'MalformedInput', 400],
    ['with bytes that are not UTF-8', { payload: `${action}&Name=%ff` }, 'MalformedInput', 400],
    ['without a signature', { headers: { ...form, authorization: undefined } }, 'MissingAuthenticationToken', 403],
    [
      'with the signature of another service',
      { headers: { ...form, ...signedFor('iam') } },
      'SignatureDoesNotMatch',
      403,
    ],
    [
      'with another content type',
      { url: `/?${action}`, headers: { ...form, 'content-type': 'text/plain' }, payload: 'a=b' },
      'UnsupportedMediaType',
      415,
    ],
  ];

  it.each(refusals)('%s', async (_what, { url = '/', headers = form, payload = action }, code, status) => {
    const defined = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const answer = await httpServerFor({}).inject({ method: 'POST', url, headers: defined, payload });
    expect(answer.statusCode).toBe(status);
    const root = readXml(answer.body);
    const [error] = root.children;
    expect([root.name, error && textOf(error, 'Type'), error && textOf(error, 'Code')]).toEqual([
      'ErrorResponse',
      'Sender',
      code,
    ]);
    expect(error && textOf(error, 'Message')).toMatch(/\S/);
    expect(textOf(root, 'RequestId')).toBe(answer.headers['x-amzn-requestid']);
  });

  it('with the names of what was asked for', async () => {
    const payload = 'Action=CreateBucket&Version=2010-05-08';
    const answer = await httpServerFor({}).inject({ method: 'POST', url: '/', headers: form, payload });
    expect(answer.body).toContain('Could not find operation CreateBucket for version 2010-05-08');
  });

  it('by a defect of ours, which is the server’s fault', async () => {
    const dispatch = dispatchTo({ GetCallerIdentity: () => Promise.reject(new TypeError('secret detail')) });
    const answer = await httpServerFor({ dispatch }).inject({
      method: 'POST',
      url: '/',
      headers: form,
      payload: action,
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).toContain('<Type>Receiver</Type><Code>InternalFailure</Code>');
    expect(answer.body).not.toContain('secret');
  });

  it('of a page of another origin, also as the target of a link', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const headers = { ...signedFor('sts'), ...link };
    const answer = await httpServerFor({}).inject({ method: 'GET', url: `/?${action}`, headers });
    expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });
});
