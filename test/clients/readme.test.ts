import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultServerOptions } from '../../src/cli/options/server-options.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

// The examples of the README, as they stand: all but the port, which is a free one here.

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

/** The blocks of code in a language, in their order. */
const examples = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);

const isOfNpm = (code: string) => code.startsWith('npm ');

it('starts with commands of npm that there are', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const named = [...readme.matchAll(/\bnpm (?:run )?([a-z]+)/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'run');
  expect(named).toEqual(expect.arrayContaining(['quickstart', 'start', 'bench', 'test']));
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  expect(examples('sh').filter(isOfNpm)).toEqual([
    'npm run quickstart\n',
    'npm start\n',
    'npm run demo -- retail    # or video\n',
  ]);
});

describe.skipIf(environment === undefined)('from data to recommendations', () => {
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openpersonalize-readme-'));
    server = await startServerProcess({ home: join(folder, '.openpersonalize') });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the README's only example in the language, in the folder of the server, and gives what it prints. */
  async function runExample(language: string, program: string, parameters: readonly string[]): Promise<string> {
    const [code = '', ...others] = examples(language).filter((each) => !isOfNpm(each));
    expect(others).toEqual([]);
    const url = `http://127.0.0.1:${defaultServerOptions.port}`;
    expect(code).toContain(url);
    const env = { HOME: folder, PATH: [environment?.bin, process.env.PATH].join(delimiter) };
    const { stdout } = await run(program, [...parameters, code.replaceAll(url, server.url)], { cwd: folder, env });
    return stdout;
  }

  const itemsIn = (text: string) => text.match(/(comedy|drama)-\d+/g) ?? [];

  it('goes there by the AWS CLI', async () => {
    const output = await runExample('sh', 'bash', ['-euo', 'pipefail', '-c']);
    expect(output).not.toContain('FAILED');
    const items = itemsIn(output);
    expect(items).toHaveLength(5);
    expect(items.filter((item) => item.startsWith('comedy-'))).toHaveLength(5);
  });

  it('follows events by boto3', async () => {
    const items = itemsIn(await runExample('python', environment?.python ?? '', ['-c']));
    expect(items).toHaveLength(5);
    expect(items.filter((item) => item.startsWith('comedy-')).length).toBeGreaterThanOrEqual(4);
    expect(items).not.toContainEqual(expect.stringMatching(/^comedy-[0-4]$/));
  });
});
