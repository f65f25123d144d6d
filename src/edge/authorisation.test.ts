import { expect, it } from 'vitest';
import { documentOf, setOf } from '../access/policies/decision.fixture.ts';
import type { Principal } from '../access/principal.ts';
import { authoriseBy } from './authorisation.ts';
import { httpServerFor, json, recorder } from './http-server.fixture.ts';

const account = '111122223333';
const ada: Principal = { kind: 'user', account, arn: `arn:aws:iam::${account}:user/ada`, name: 'ada', id: 'AIDAADA' };
const campaignArn = `arn:aws:personalize:eu-west-1:${account}:campaign/films`;

/** A server whose caller has these policies; undefined: it has shown the server's token. */
function serverFor(documents: readonly string[] | undefined) {
  const { asked, dispatch } = recorder({ itemList: [], imports: [] });
  const region = 'eu-west-1';
  const caller = { account, region, accessKeyId: 'AKIA', requestId: 'id', ...(documents && { principal: ada }) };
  const app = httpServerFor({
    dispatch,
    authenticate: () => caller,
    authorise: authoriseBy({
      rightsOf: () => ({
        policies: { identity: setOf(...(documents ?? [])) },
        principalTags: [],
        principalArn: ada.arn,
      }),
      identityOf: async () => undefined,
      tagsOf: async () => [],
      now: () => 0,
    }),
  });
  const call = async (url: string, method: 'POST' | 'GET' = 'POST') => {
    const headers = method === 'GET' ? {} : { ...json, 'user-agent': 'test/1' };
    const answer = await app.inject({ method, url, headers, ...(method === 'POST' && { payload: { campaignArn } }) });
    return `${answer.statusCode} ${answer.json().message ?? ''}`.trim();
  };
  return { call, asked };
}

it('keeps a call from being done that policies do not allow', async () => {
  const { call, asked } = serverFor([]);
  expect(await call('/recommendations')).toContain('403 User: arn:aws:iam::111122223333:user/ada is not authorized');
  expect(asked).toEqual([]);
});

it('tells policies where a call comes from, and by what client', async () => {
  const from = (range: string, agent: string) => {
    const Condition = { IpAddress: { 'aws:SourceIp': range }, StringLike: { 'aws:UserAgent': agent } };
    return serverFor([documentOf({ Condition })]).call('/recommendations');
  };
  expect(await from('127.0.0.0/8', 'test/*')).toBe('200');
  expect(await from('10.0.0.0/8', 'test/*')).toContain('403');
  expect(await from('127.0.0.0/8', 'other/*')).toContain('403');
});

it('asks policies about what people ask a server, unless they show its token', async () => {
  const action = 'openpersonalize:ListImports';
  expect(await serverFor([]).call('/admin/imports', 'GET')).toContain(
    `not authorized to perform: ${action} on resource: *`,
  );
  expect(await serverFor([documentOf({ Action: action })]).call('/admin/imports', 'GET')).toBe('200');
  expect(await serverFor(undefined).call('/admin/imports', 'GET')).toBe('200');
});
