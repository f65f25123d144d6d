import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Personalize } from '@aws-sdk/client-personalize';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { announcedServer } from '../../src/edge/running-server.ts';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { type CertificateFiles, makeCertificate } from '../support/certificate.ts';
import { pythonEnvironment } from '../support/python.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

let home: string;
let files: CertificateFiles;
let server: ServerProcess;
let root: Keys;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-tls-'));
  root = await keysOf(home, 'create-key');
  files = await makeCertificate(home);
  const tls = ['--tls-cert', files.cert, '--tls-key', files.key];
  server = await startServerProcess({ home, options: ['--auth', 'on', '--trusted-proxy', '127.0.0.0/8', ...tls] });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const personalize = async (credentials: Keys, headers: Readonly<Record<string, string>> = {}) => {
  const agent = new Agent({ ca: await readFile(files.cert) });
  const client = new Personalize({
    ...{ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 },
    requestHandler: { httpsAgent: agent },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      // A proxy adds them, after the client has signed.
      if (typeof args.request === 'object' && args.request !== null && 'headers' in args.request) {
        Object.assign(args.request.headers ?? {}, headers);
      }
      return await next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return client;
};

it('clients of AWS that trust the certificate ask over TLS', async () => {
  expect(server.url).toMatch(/^https:/);
  expect((await (await personalize(root)).listRecipes({})).recipes).not.toEqual([]);
  if (!environment) return;
  const script = "import boto3; print(len(boto3.client('personalize').list_recipes()['recipes']) > 0)";
  const env = {
    ...{ ...process.env, AWS_ACCESS_KEY_ID: root.accessKeyId, AWS_SECRET_ACCESS_KEY: root.secretAccessKey },
    ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_ENDPOINT_URL: server.url, AWS_CA_BUNDLE: files.cert },
  };
  expect((await run(environment.python, ['-c', script], { env })).stdout).toBe('True\n');
});

it('health is told over TLS', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const ca = await readFile(files.cert);
  request(new URL('/healthz', server.url), { ca }, (answer) => text(answer).then(resolve, reject))
    .on('error', reject)
    .end();
  expect(await promise).toBe('ok\n');
});

it('aws:SecureTransport and aws:SourceIp are those of the client, also behind a proxy', async () => {
  await access(home, 'create-user', 'ann');
  const ann = await keysOf(home, 'create-key', '--user', 'ann');
  const document = join(home, 'policy.json');
  const Condition = {
    Bool: { 'aws:SecureTransport': 'true' },
    IpAddress: { 'aws:SourceIp': ['127.0.0.1', '203.0.113.9'] },
  };
  const Statement = { Effect: 'Allow', Action: 'personalize:ListSchemas', Resource: '*', Condition };
  await writeFile(document, JSON.stringify({ Version: '2012-10-17', Statement }));
  await access(home, 'put-policy', 'secure', '--user', 'ann', '--document', document);
  const outcome = async (headers = {}) =>
    await (await personalize(ann, headers)).listSchemas({}).then(
      () => 'allowed',
      (error: Error) => error.name,
    );
  expect(await outcome()).toBe('allowed');
  expect(await outcome({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' })).toBe('allowed');
  expect(await outcome({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' })).toBe(
    'AccessDeniedException',
  );
  expect(await outcome({ 'x-forwarded-for': '203.0.113.10' })).toBe('AccessDeniedException');
});

it('the commands of who may read the home ask over TLS, and trust the certificate of the server alone', async () => {
  const verb = async (...parameters: readonly string[]) => {
    const program = runOpenPersonalize([...parameters, '--home', home]);
    await new Promise((resolve) => program.process.once('close', resolve));
    return program.output() + program.errors();
  };
  const endpoint = server.url.replace('https:', 'http:');
  expect(await verb('imports', '--endpoint', server.url)).toContain('There are no import jobs yet.');
  // The default endpoint has no TLS; the home knows better.
  expect(await verb('imports', '--endpoint', endpoint)).toContain('There are no import jobs yet.');
  expect((await access(home, 'list')).text).toContain(root.accessKeyId);
  expect(await verb('backup', join(home, 'backup'))).toContain('backup');
  expect(await verb('doctor')).toContain(`The server of this home answers at ${server.url}`);

  const { fingerprint } = (await announcedServer(home)) ?? {};
  const other = await makeCertificate(home, 'other');
  await copyFile(other.cert, files.cert);
  await copyFile(other.key, files.key);
  await expect.poll(async () => (await announcedServer(home))?.fingerprint).not.toBe(fingerprint);
  expect((await access(home, 'list')).text).toContain(root.accessKeyId);
});

it('half a pair, and a certificate that is none, are sentences', async () => {
  const start = (...options: readonly string[]) => startServerProcess({ options });
  await expect(start('--tls-cert', files.cert)).rejects.toThrow(/give both --tls-cert and --tls-key/);
  await expect(start('--tls-cert', files.key, '--tls-key', files.key)).rejects.toThrow(/cannot be used: /);
});
