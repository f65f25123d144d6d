import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { clients } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)(
  'boto3 is recommended actions, none too soon again, not even after kill -9',
  async () => {
    await using server = await startServerProcess();
    const script = join(import.meta.dirname, 'actions.py');
    const { stdout } = await promisify(execFile)(environment?.python ?? '', [script, server.url, server.buckets]);
    const { campaignArn, actions } = JSON.parse(stdout);
    expect(actions).toContain('app');
    // The user had it a moment ago, and it may come again after a week.
    expect(actions).not.toContain('weekly');
    await server.kill('SIGKILL');
    await using again = await startServerProcess({ home: server.home });
    const { runtime } = clients(again.url);
    const asked = async (userId: string) => {
      const filter = { filterArn: filterArn(campaignArn), filterValues: { KIND: '"club","app","mail"' } };
      const { actionList } = await runtime.getActionRecommendations({
        campaignArn,
        userId,
        numResults: 100,
        ...filter,
      });
      return actionList?.map(({ actionId }) => actionId).sort();
    };
    expect(await asked('sleepy')).toEqual(actions);
    expect(await asked('somebody else')).toContain('weekly');
  },
);

const filterArn = (campaignArn: string) => campaignArn.replace('campaign/actions', 'filter/clubs');
