import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { clients } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)('boto3 has the next best actions, and the same ones after kill -9', async () => {
  await using server = await startServerProcess();
  const script = join(import.meta.dirname, 'next-best-action.py');
  const { stdout } = await promisify(execFile)(environment?.python ?? '', [script, server.url, server.buckets]);
  const { campaignArn, actions, scores } = JSON.parse(stdout);
  expect(actions).toContain('new');
  expect(actions).not.toContain('loyalty-0');
  await server.kill('SIGKILL');
  await using again = await startServerProcess({ home: server.home });
  const { runtime } = clients(again.url);
  const listed = async (userId: string) => {
    const { actionList = [] } = await runtime.getActionRecommendations({ campaignArn, userId, numResults: 10 });
    return Object.fromEntries(actionList.map(({ actionId = '', score }) => [actionId, score]));
  };
  // REPEAT_FREQUENCY counts over the restart, from what the log holds.
  expect(Object.keys(await listed('u2')).sort()).toEqual(actions);
  expect(Object.keys(await listed('u0')).sort()).toEqual(Object.keys(scores).sort());
  for (const [id, score] of Object.entries(await listed('u0'))) expect(score).toBeCloseTo(scores[id], 2);
});
