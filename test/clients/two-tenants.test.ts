import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { access, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { twoTastes } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

let home: string;
let server: ServerProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-tenants-'));
  await keysOf(home, 'create-key');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Goes the way of the getting-started tutorial as the root of an account, whose items have its name behind them. */
async function tutorial(account: string, name: string) {
  await access(home, 'create-account', '--account', account, '--name', name);
  const { accessKeyId, secretAccessKey } = await keysOf(home, 'create-key', '--account', account);
  const interactions = join(home, `${name}.csv`);
  await writeFile(interactions, twoTastes().replace(/,([ab]\d+),/g, `,$1-${name},`));
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, AWS_ENDPOINT_URL: server.url, AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  };
  const script = join(import.meta.dirname, 'tutorial.py');
  const { stdout } = await run(environment?.python ?? '', [script, interactions], { env });
  const said = (word: string) => new RegExp(`^${word} (.*)$`, 'm').exec(stdout)?.[1]?.split(' ');
  return { items: said('recommended'), groups: said('groups'), buckets: said('buckets'), ends: stdout.slice(-5) };
}

it.skipIf(!environment)('two tenants go through the tutorial at once, and each sees its own alone', async () => {
  const tenants = [
    ['111122223333', 'films'],
    ['444455556666', 'books'],
  ] as const;
  const journeys = await Promise.all(tenants.map(([account, name]) => tutorial(account, name)));
  for (const [i, [account, name]] of tenants.entries()) {
    expect(journeys[i]).toEqual({
      items: Array(10).fill(expect.stringMatching(new RegExp(`^[ab]\\d+-${name}$`))),
      groups: [`arn:aws:personalize:us-east-1:${account}:dataset-group/tutorial`],
      buckets: [`${account}-us-east-1-personalizepocvod`],
      ends: 'done\n',
    });
  }
});
