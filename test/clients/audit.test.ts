import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Personalize } from '@aws-sdk/client-personalize';
import { expect, test } from 'vitest';
import { access, keysOf } from '../support/access-keys.ts';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';

const account = '000000000000';
const group = 'arn:aws:personalize:us-east-1:000000000000:dataset-group/films';

/** The records that `openpersonalize audit search` finds. */
async function search(home: string, ...parameters: readonly string[]) {
  const program = runOpenPersonalize(['audit', 'search', ...parameters, '--json', '--home', home]);
  await new Promise((resolve) => program.process.once('close', resolve));
  return program
    .output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

test('where signatures are verified, the trail says who did what, and who was refused', async () => {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-audited-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true, force: true }));
  const root = await keysOf(home, 'create-key');
  await access(home, 'create-user', 'ada');
  const ada = await keysOf(home, 'create-key', '--user', 'ada');
  const server = await startServerProcess({ home, options: ['--auth', 'on'] });
  cleanUp.defer(() => server.kill('SIGTERM').then(() => {}));
  const clientOf = (credentials: typeof root) =>
    new Personalize({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const tags = [{ tagKey: 'owner', tagValue: 'secret owner' }];
  await clientOf(root).createDatasetGroup({ name: 'films', tags });
  await clientOf(ada)
    .deleteDatasetGroup({ datasetGroupArn: group })
    .catch(() => {});
  await clientOf({ ...ada, secretAccessKey: 'guess' })
    .listSchemas({})
    .catch(() => {});
  await access(home, 'disable-key', ada.accessKeyId);
  expect(await server.stop()).toBe(0);

  expect(await search(home, '--principal', `arn:aws:iam::${account}:root`)).toMatchObject([
    {
      eventName: 'CreateDatasetGroup',
      userIdentity: { type: 'Root', accountId: account, accessKeyId: root.accessKeyId },
      responseElements: { datasetGroupArn: group },
      sourceIPAddress: '127.0.0.1',
    },
  ]);
  expect(await search(home, '--principal', 'ada')).toMatchObject([
    { eventName: 'DeleteDatasetGroup', errorCode: 'AccessDeniedException', userIdentity: { type: 'IAMUser' } },
  ]);
  expect(await search(home, '--error', 'InvalidSignatureException')).toMatchObject([
    { eventName: 'ListSchemas', userIdentity: { type: 'Unknown', accessKeyId: ada.accessKeyId } },
  ]);
  const verify = runOpenPersonalize(['audit', 'verify', '--home', home]);
  expect(await new Promise((resolve) => verify.process.once('close', resolve))).toBe(0);
  expect(await search(home, '--resource', group)).toHaveLength(2);
  expect(await search(home, '--name', 'SetAccessKeyStatus')).toMatchObject([
    { eventSource: 'openpersonalize', requestParameters: { accessKeyId: ada.accessKeyId, status: 'Inactive' } },
  ]);
  // Commands record what they change, before there is a server too.
  expect(await search(home, '--name', 'AddUser')).toMatchObject([
    { requestParameters: { name: 'ada' }, userAgent: expect.stringMatching(/^openpersonalize access, uid \d+$/) },
  ]);
  expect(await search(home, '--name', 'AddAccessKey')).toHaveLength(2);
  const all = await search(home);
  expect(await search(home, '--from', all[0].eventTime)).toEqual(all);
  expect(await search(home, '--to', all[0].eventTime)).toEqual([]);
  expect(await search(home, '--from', '2999-01-01')).toEqual([]);
  const text = JSON.stringify(all);
  for (const secret of ['secret owner', root.secretAccessKey, ada.secretAccessKey]) expect(text).not.toContain(secret);
});
