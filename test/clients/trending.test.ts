import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { clients } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)('boto3 sees what trends, and sees it again after kill -9', async () => {
  await using server = await startServerProcess();
  const script = join(import.meta.dirname, 'trending.py');
  const { stdout } = await promisify(execFile)(environment?.python ?? '', [script, server.url, server.buckets]);
  const { campaignArn, items } = JSON.parse(stdout);
  expect(items.slice(0, 2)).toEqual(['new', 'risen']);
  const explained = await fetch(`${server.url}/admin/explain?campaignArn=${campaignArn}&numResults=3`);
  const { items: causes, summary } = JSON.parse(await explained.text());
  expect(summary[0]).toMatch(/what trends, and then the items/);
  expect(causes[0]).toMatchObject({ itemId: 'new', origin: 'trend', why: expect.stringMatching(/40 interactions/) });
  expect(causes[2]).toMatchObject({ itemId: 'steady-0', origin: 'popular', rank: 1 });
  await server.kill('SIGKILL');
  await using again = await startServerProcess({ home: server.home });
  const { runtime } = clients(again.url);
  const { itemList } = await runtime.getRecommendations({ campaignArn });
  expect(itemList?.map(({ itemId }) => itemId)).toEqual(items);
});
