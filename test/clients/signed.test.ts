import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

let home: string;
let server: ServerProcess;
let root: Keys;
let shop: Keys;
let temporary: Keys;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-signed-'));
  // Before there is a server, …
  root = await keysOf(home, 'create-key');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  // … and by the one that runs.
  await access(home, 'create-account', '--account', '111122223333', '--name', 'shop');
  await access(home, 'create-user', 'ada', '--account', '111122223333', '--admin');
  shop = await keysOf(home, 'create-key', '--account', '111122223333', '--user', 'ada');
  await access(home, 'create-account', '--account', '444455556666');
  temporary = await keysOf(home, 'create-session', '--account', '444455556666');
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const settings = (credentials: Keys) => ({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
const wrong = () => ({ ...root, secretAccessKey: 'x'.repeat(40) });

describe('AWS SDK for JavaScript, whose signatures are verified', () => {
  it.each([
    ['the first account', () => root, '000000000000'],
    ['a user of another', () => shop, '111122223333'],
    ['a session of a third', () => temporary, '444455556666'],
  ])('works for %s, in its own account', async (_, keys, account) => {
    const personalize = new Personalize(settings(keys()));
    const { datasetGroupArn } = await personalize.createDatasetGroup({ name: 'films' });
    expect(datasetGroupArn).toBe(`arn:aws:personalize:us-east-1:${account}:dataset-group/films`);
    const { datasetGroups } = await personalize.listDatasetGroups({});
    expect(datasetGroups?.map(({ datasetGroupArn: arn }) => arn)).toEqual([datasetGroupArn]);
    const runtime = new PersonalizeRuntime(settings(keys()));
    const campaignArn = `arn:aws:personalize:us-east-1:${account}:campaign/none`;
    await expect(runtime.getRecommendations({ campaignArn, userId: '1' })).rejects.toThrow(/does not exist/);
    const events = new PersonalizeEvents(settings(keys()));
    const eventList = [{ eventType: 'watch', sentAt: new Date(), itemId: '1' }];
    const call = { trackingId: 'none', sessionId: 's', eventList };
    await expect(events.putEvents(call)).rejects.toThrow(/is not that of an event tracker/);
  });

  it('fails on all three services with a wrong secret, and with a key that is unknown or ended', async () => {
    const calls = (keys: Keys) => [
      () => new Personalize(settings(keys)).listRecipes({}),
      () => new PersonalizeRuntime(settings(keys)).getRecommendations({ campaignArn: 'arn:aws:personalize:a:b:c' }),
      () => new PersonalizeEvents(settings(keys)).putItems({ datasetArn: 'arn:aws:personalize:a:b:c', items: [] }),
    ];
    for (const call of calls(wrong())) {
      await expect(call()).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    }
    const spare = await keysOf(home, 'rotate-key', shop.accessKeyId, '--grace-hours', '24');
    for (const keys of [shop, spare]) {
      expect((await new Personalize(settings(keys)).listRecipes({})).recipes).not.toEqual([]);
    }
    await access(home, 'disable-key', spare.accessKeyId);
    for (const keys of [spare, { ...root, accessKeyId: 'AKIAUNKNOWN' }]) {
      for (const call of calls(keys)) {
        await expect(call()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
      }
    }
    const list = (await access(home, 'list')).text;
    expect(list).toMatch(new RegExp(`${spare.accessKeyId} +Inactive`));
    expect(list).not.toContain(spare.secretAccessKey);
    await access(home, 'delete-key', spare.accessKeyId);
    expect((await access(home, 'list')).text).not.toContain(spare.accessKeyId);
  });
});

describe.skipIf(!environment)('boto3 and the AWS CLI, whose signatures are verified', () => {
  const variables = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
    ...process.env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: server.url,
    AWS_MAX_ATTEMPTS: '1',
  });
  const script = `
import boto3
print(len(boto3.client('personalize').list_recipes()['recipes']))
try: boto3.client('personalize-runtime').get_recommendations(campaignArn='arn:aws:personalize:us-east-1:000000000000:campaign/none', userId='1')
except Exception as error: print(error)
`;
  const outcome = (call: Promise<{ stdout: string }>) =>
    call.then(
      ({ stdout }) => stdout,
      ({ stderr }: { stderr: string }) => stderr,
    );

  it('work with a right secret and fail with a wrong one', async () => {
    const boto = (keys: Keys) => outcome(run(environment?.python ?? '', ['-c', script], { env: variables(keys) }));
    expect(await boto(root)).toMatch(/^\d+\n.*ResourceNotFoundException/);
    expect(await boto(wrong())).toContain('InvalidSignatureException');
    const session = await keysOf(home, 'create-session', '--hours', '0.25');
    expect(await boto(session)).toMatch(/^\d+\n.*ResourceNotFoundException/);
    expect(await boto({ ...session, sessionToken: 'made up' })).toContain('UnrecognizedClientException');
    const aws = (keys: Keys) =>
      outcome(
        run(environment?.python ?? '', [join(environment?.bin ?? '', 'aws'), 'personalize', 'list-schemas'], {
          env: variables(keys),
        }),
      );
    expect(JSON.parse(await aws(root))).toEqual({ schemas: [] });
    expect(await aws(wrong())).toContain('InvalidSignatureException');
  });
});

it('shows events and imports to who may read the home, and to nobody else without an access key', async () => {
  const verb = async (name: string, ...options: readonly string[]) => {
    const program = runOpenPersonalize([name, ...options]);
    await new Promise((resolve) => program.process.once('close', resolve));
    return program.output() + program.errors();
  };
  expect(await verb('imports', '--home', home)).toContain('There are no import jobs yet.');
  const asked = ['--endpoint', server.url];
  expect(await verb('imports', '--home', home, ...asked)).toContain('There are no import jobs yet.');
  expect(await verb('imports', '--home', 'none', ...asked)).toContain('Missing Authentication Token');
});

it('beyond this machine a server starts with an access key alone, and says how to make one', async () => {
  const other = await mkdtemp(join(tmpdir(), 'openpersonalize-beyond-'));
  try {
    const start = (...options: readonly string[]) =>
      startServerProcess({ home: other, options: ['--host', '0.0.0.0', ...options] });
    await expect(start()).rejects.toThrow(/make one with "openpersonalize access create-key"/);
    await expect(start('--auth', 'off')).rejects.toThrow(/With --auth off the server listens on this machine alone/);
    const keys = await keysOf(other, 'create-key');
    await using beyond = await start();
    const port = new URL(beyond.url).port;
    expect(beyond.url).toBe(`http://0.0.0.0:${port}`);
    const endpoint = `http://127.0.0.1:${port}`;
    const client = new Personalize({ endpoint, region: 'us-east-1', credentials: keys });
    expect((await client.listSchemas({})).schemas).toEqual([]);
    const unsigned = await fetch(`${endpoint}/admin/events`);
    expect(unsigned.status).toBe(403);
    // The tools on this machine find it, whatever it listens on.
    expect((await access(other, 'list')).text).toContain(keys.accessKeyId);
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});
