import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { announcement } from '../../src/edge/running-server.ts';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { chromiumFor } from '../support/chromium.ts';
import { active, clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

// AWS Amplify's analytics provider in a real browser, unmodified: its page comes from one origin, its calls go to the
// address of AWS, which the browser resolves to a relay in front of this server.

const run = promisify(execFile);
const host = 'personalize-events.us-east-1.amazonaws.com';

const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: [
    ...[
      { name: 'USER_ID', type: 'string' },
      { name: 'ITEM_ID', type: 'string' },
      { name: 'TIMESTAMP', type: 'long' },
    ],
    ...[
      { name: 'EVENT_TYPE', type: 'string' },
      { name: 'EVENT_VALUE', type: ['float', 'null'] },
    ],
    { name: 'DEVICE', type: ['string', 'null'] },
  ],
});

type Options = {
  readonly folder: string;
  readonly browser: string;
  readonly server: ServerProcess;
  /** What the page signs with. */
  readonly keys: Keys;
  /** What the tracker is made with. */
  readonly admin?: Keys;
};

/**
 * Has a browser open a page that records events of a new tracker, until it says that they are sent.
 *
 * @returns the codes of errors that the page was answered, and what the server tells of the events that have come
 */
async function visit({ folder, browser, server, keys, admin }: Options) {
  await using opened = new AsyncDisposableStack();
  const trackingId = await makeTracker(server.url, admin);
  const relay = await startTlsRelay(folder, Number(new URL(server.url).port));
  opened.defer(() => void relay.server.close());
  const site = await startSite(await bundle());
  opened.defer(() => void site.server.close());
  const query = new URLSearchParams({ trackingId, ...keys });
  const parameters = [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`],
    ...['--ignore-certificate-errors', `--host-resolver-rules=MAP ${host} 127.0.0.1:${portOf(relay.server)}`],
    `http://127.0.0.1:${portOf(site.server)}/?${query}`,
  ];
  const child = spawn(browser, parameters, { stdio: 'ignore' });
  const gone = once(child, 'close');
  opened.defer(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  await site.done;
  return { errors: relay.errors, events: await eventsOf(server, trackingId) };
}

/** The events of a tracker as who may read the home of the server is shown them. */
async function eventsOf({ url, home }: ServerProcess, trackingId: string) {
  const { token }: { token: string } = JSON.parse(await readFile(join(home, announcement), 'utf8'));
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/admin/events?trackingId=${trackingId}`, { headers });
  const { events }: { events: Record<string, unknown>[] } = JSON.parse(await answer.text());
  // The library sends what it knows of a visitor in one call and what it knows of a user in another, at the same time.
  return events
    .map(({ eventType, countsFor, itemId, eventValue, eventId, outcome }) => ({
      eventType,
      countsFor,
      itemId,
      eventValue,
      eventId,
      outcome,
    }))
    .toSorted((one, other) => `${one.eventType} ${one.itemId}`.localeCompare(`${other.eventType} ${other.itemId}`));
}

const common = { countsFor: 'visitor-1', eventId: null, eventValue: null, outcome: 'counted' };
const recorded = [
  { ...common, eventType: 'Identify', itemId: null, outcome: 'identify' },
  { ...common, eventType: 'purchase', itemId: 'i2', eventId: 'order-1' },
  { ...common, eventType: 'view', itemId: 'before-sign-in' },
  ...['i1', 'i2', 'i3'].map((itemId) => ({ ...common, eventType: 'view', itemId, eventValue: 0.25 })),
];

test('the events of a page with AWS Amplify arrive and are explained', async (context) => {
  const browser = await chromiumFor('AWS Amplify is');
  if (browser === undefined) return context.skip('there is no Chromium on this machine');
  await using folder = await temporaryFolder();
  await using server = await startServerProcess();
  const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  const { events } = await visit({ folder: folder.path, browser, server, keys });
  expect(events).toEqual(recorded);
});

test('where signatures are verified, they arrive from who may put events, signed with the right secret', async (context) => {
  const browser = await chromiumFor('AWS Amplify is');
  if (browser === undefined) return context.skip('there is no Chromium on this machine');
  await using folder = await temporaryFolder();
  const home = join(folder.path, 'home');
  const policy = join(folder.path, 'policy.json');
  const put = { Effect: 'Allow', Action: 'personalize:PutEvents', Resource: '*' };
  await writeFile(policy, JSON.stringify({ Version: '2012-10-17', Statement: put }));
  const admin = await keysOf(home, 'create-key');
  const ofSite = ['--account', '000000000000', '--user', 'site'];
  await access(home, 'create-user', 'site', '--account', '000000000000');
  await access(home, 'put-policy', 'visits', '--document', policy, ...ofSite);
  const key = await keysOf(home, 'create-key', ...ofSite);
  const session = await keysOf(home, 'create-session', ...ofSite);
  await access(home, 'create-user', 'nobody', '--account', '000000000000');
  const nobody = await keysOf(home, 'create-key', '--account', '000000000000', '--user', 'nobody');
  await using server = await startServerProcess({ home, options: ['--auth', 'on'] });
  const visits = [
    ['an access key', key, recorded],
    ['a session', session, recorded],
    ['a wrong secret', { ...key, secretAccessKey: admin.secretAccessKey }, 'InvalidSignatureException'],
    ['a session whose token is made up', { ...session, sessionToken: 'token' }, 'UnrecognizedClientException'],
    ['a user without that right', nobody, 'AccessDeniedException'],
  ] as const;
  for (const [name, keys, expected] of visits) {
    await using of = await temporaryFolder();
    const { events, errors } = await visit({ folder: of.path, browser, server, keys, admin });
    if (typeof expected === 'string') expect([...new Set(errors), events], name).toEqual([expected, []]);
    else expect([errors, events], name).toEqual([[], expected]);
  }
});

/** In a dataset group of its own. */
async function makeTracker(url: string, keys: Keys | undefined): Promise<string> {
  const { personalize } = clients(url, keys);
  const create = steps({ personalize });
  const name = `shop-${randomUUID()}`;
  const datasetGroupArn = await create.datasetGroup(name);
  await create.dataset(datasetGroupArn, 'Interactions', name, schema);
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  return trackingId;
}

/** The page's script with the libraries that it imports, as a web site would ship them: code by file name. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const entry = join(import.meta.dirname, 'amplify/page.js');
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env': '{}' },
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const [output] = [result].flat();
  if (!output || !('output' in output)) throw new Error('The page was not bundled.');
  return new Map(output.output.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code]] : [])));
}

/** A web site of another origin than the service. `done` resolves when its page says so. */
async function startSite(scripts: ReadonlyMap<string, string>) {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (path === '/done') resolve();
    if (path === '/failed') text(request).then((reason) => reject(new Error(`The page failed: ${reason}`)), reject);
    const script = scripts.get(path);
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<script type="module" src="/page.js"></script>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, done };
}

/** Takes the browser's TLS off, as a reverse proxy would. `errors` are the codes of errors in answers, as they come. */
async function startTlsRelay(folder: string, port: number) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const certificate = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${host}`];
  await run('openssl', ['req', ...certificate, '-keyout', key, '-out', cert]);
  const errors: string[] = [];
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const one of [socket, upstream]) one.on('error', () => one.destroy());
    upstream.on('data', (bytes) => {
      const [, code] = /^x-amzn-errortype: (\w+)/im.exec(bytes.toString('latin1')) ?? [];
      if (code !== undefined) errors.push(code);
    });
    socket.pipe(upstream).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, errors };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'openpersonalize-amplify-'));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }) };
}

const portOf = (server: { address(): AddressInfo | string | null }): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
};
