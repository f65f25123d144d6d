import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../contract/errors.ts';
import { httpServerFor, json, listRecipes, recorder } from '../http-server.fixture.ts';
import { auditCalls } from './call-audit.ts';
import { recorderTo } from './recorder.ts';

/** A server that notes its records, and how each was given to the trail. */
function audited({ all = false, dispatch = recorder({}).dispatch, commit = async () => {} } = {}) {
  const records: (readonly ['add' | 'commit', Record<string, unknown>])[] = [];
  const trail = {
    add: (record: string) => void records.push(['add', JSON.parse(record)]),
    commit: async (record: string) => {
      records.push(['commit', JSON.parse(record)]);
      await commit();
    },
  };
  return { app: httpServerFor({ dispatch, audit: auditCalls(recorderTo({ trail, all, now: () => 0 })) }), records };
}

const control = (name: string, payload: object) => ({
  method: 'POST' as const,
  url: '/',
  headers: { ...listRecipes, 'x-amz-target': `AmazonPersonalize.${name}`, 'user-agent': 'aws-cli/2' },
  payload,
});
const createSchema = control('CreateSchema', { name: 'films', schema: '{}' });
const events = { trackingId: 't', sessionId: 's', eventList: [{ eventType: 'watch', sentAt: 1_700_000_000 }] };
const putEvents = { method: 'POST' as const, url: '/events', headers: json, payload: events };

describe('the audit of calls', () => {
  it('has a change on the disk before it is answered, and does not wait for a read', async () => {
    const { app, records } = audited();
    const change = await app.inject(createSchema);
    await app.inject(control('ListRecipes', {}));
    expect(records).toMatchObject([
      ['commit', { eventName: 'CreateSchema', requestID: change.headers['x-amzn-requestid'], userAgent: 'aws-cli/2' }],
      ['add', { eventName: 'ListRecipes', readOnly: true, awsRegion: 'eu-west-1' }],
    ]);
  });

  it('has refused calls, with what is known of them', async () => {
    const { app, records } = audited();
    await app.inject(control('CreateSchema', { name: '?' }));
    const headers = { ...createSchema.headers, authorization: 'nonsense' };
    await app.inject({ ...createSchema, headers });
    expect(records).toMatchObject([
      ['add', { errorCode: 'InvalidInputException', userIdentity: { accessKeyId: 'AKIDEXAMPLE' } }],
      ['add', { errorCode: 'IncompleteSignature', userIdentity: { type: 'Unknown' }, requestParameters: null }],
    ]);
  });

  it('has events and recommendations only if it is to have all calls', async () => {
    const some = audited();
    await some.app.inject(putEvents);
    expect(some.records).toEqual([]);
    const every = audited({ all: true });
    await every.app.inject(putEvents);
    expect(every.records).toMatchObject([['commit', { eventName: 'PutEvents', managementEvent: false }]]);
  });

  it('fails a change whose record the disk does not take, and says that it was made', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: 'write' });
    const { app } = audited({ commit: () => Promise.reject(full) });
    const answer = await app.inject(createSchema);
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { __type: 'ServiceUnavailable', message: expect.stringMatching(/^The call was carried out, but its record/) },
    ]);
    expect((await app.inject(control('ListRecipes', {}))).statusCode).toBe(200);
  });

  it('has what a step refused as a failure of that call', async () => {
    const dispatch = () => Promise.reject(new ServiceError('ResourceInUseException', 'It is in use.'));
    const { app, records } = audited({ dispatch });
    await app.inject(createSchema);
    expect(records).toMatchObject([['add', { errorCode: 'ResourceInUseException', errorMessage: 'It is in use.' }]]);
  });

  it('has requests that address no operation, or cannot be read, with what they asked for', async () => {
    const { app, records } = audited();
    await app.inject({ method: 'GET', url: '/wp-login.php?X-Amz-Signature=secret' });
    await app.inject(control('CreateUniverse', {}));
    await app.inject({ ...createSchema, headers: { ...createSchema.headers, 'content-type': 'text/plain' } });
    expect(records).toMatchObject([
      ['add', { eventName: 'UnknownOperation', requestParameters: { method: 'GET', path: '/wp-login.php' } }],
      [
        'add',
        { errorCode: 'UnknownOperationException', requestParameters: { target: expect.stringMatching(/Universe/) } },
      ],
      ['add', { eventName: 'CreateSchema', errorCode: 'UnsupportedMediaType' }],
    ]);
    expect(JSON.stringify(records)).not.toContain('secret');
  });

  it('does not have strangers fill the disk with refusals', async () => {
    const { app, records } = audited();
    for (let n = 0; n < 120; n++) await app.inject({ method: 'GET', url: '/nowhere' });
    expect(records).toHaveLength(100);
    await app.inject(createSchema);
    expect(records.at(-1)).toMatchObject(['commit', { eventName: 'CreateSchema' }]);
  });
});
