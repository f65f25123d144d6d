import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as openSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, runOpenPersonalize, startServerProcess } from '../test/support/server.ts';
import { version } from './version.ts';

async function exitOf({ process: child }: Program): Promise<unknown> {
  const [code] = await once(child, 'close');
  return code;
}

describe('a running server', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'openpersonalize-main-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('says where it listens in one line, is up there, and ends by SIGTERM with code 0', async () => {
    const program = runOpenPersonalize(['start', '--port', '0', '--home', home]);
    await Promise.race([once(program.process.stdout, 'data'), once(program.process, 'close')]);
    const [, url = ''] = /^OpenPersonalize is listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(program.output()) ?? [];
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('process_resident_memory_bytes');
    program.process.kill('SIGTERM');
    expect(await exitOf(program)).toBe(0);
    expect(program.output().split('\n')).toHaveLength(2);
  });

  it('takes a signal that a terminal and npm have both passed on for one', async () => {
    const server = await startServerProcess({ home });
    const ended = [server.kill('SIGINT'), server.kill('SIGINT')];
    expect(await Promise.all(ended)).toEqual([0, 0]);
  });

  it('answers a request that is under way when it is told to end', async () => {
    const server = await startServerProcess({ home });
    const socket = openSocket(Number(new URL(server.url).port), '127.0.0.1');
    socket.setEncoding('utf8');
    socket.write(
      'POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{',
    );
    // Once another request is answered, the server has seen this one's head.
    await fetch(`${server.url}/healthz`);
    const ended = server.stop();
    await expect
      .poll(() =>
        fetch(`${server.url}/healthz`).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    socket.write('}');
    const [answer] = await once(socket, 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(await ended).toBe(0);
  });

  it('says which port is in use, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const program = runOpenPersonalize(['start', '--home', home, '--port', port]);
    expect(await exitOf(program)).toBe(1);
    expect(program.errors()).toBe(
      `Port ${port} of 127.0.0.1 is in use: choose another with --port, or --port 0 for any free one.\n`,
    );
    other.close();
  });
});

it('answers --version without starting anything', async () => {
  const program = runOpenPersonalize(['--version']);
  expect(await exitOf(program)).toBe(0);
  expect(program.output()).toBe(`${version}\n`);
});

it('ends with code 2 and a sentence when an option is wrong', async () => {
  const program = runOpenPersonalize(['start', '--host', 'a/b']);
  expect(await exitOf(program)).toBe(2);
  expect(program.errors()).toContain('It is no address.');
});

it('ends an evaluation of a file that is not there with code 2 and a sentence', async () => {
  const program = runOpenPersonalize(['evaluate', '--dataset', 'nowhere.csv', '--protocol', 'leave-one-out']);
  expect(await exitOf(program)).toBe(2);
  expect(program.errors().trim().split('\n').at(-1)).toBe('There is no file nowhere.csv.');
});

it.each([
  ['under a file', fileURLToPath(new URL('./main.ts/x', import.meta.url))],
  ['where the system allows none', '/proc/openpersonalize'],
])('says in one sentence that a home %s cannot be made, and ends with code 1', async (_case, home) => {
  const program = runOpenPersonalize(['start', '--home', home, '--port', '0']);
  let told = '';
  program.process.stderr.on('data', (chunk) => {
    told += chunk;
  });
  expect(await exitOf(program)).toBe(1);
  expect(told).toContain(`The folder ${home} cannot be made or used`);
  expect(told.trim().split('\n')).toHaveLength(1);
});
