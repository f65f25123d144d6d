import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { received } from '../../src/access/signatures/signatures.fixture.ts';
import { askAdmin, askAsOperator } from '../../src/cli/ask-admin.ts';
import { type Captured, captureAs, type Form, type Unsigned } from '../../src/edge/capture.fixture.ts';
import { forgeryOf } from '../../src/edge/forged.arbitrary.ts';
import { meaningOf } from '../../src/edge/forged-meaning.fixture.ts';
import { announcedServer } from '../../src/edge/running-server.ts';
import { type Keys, keysOf } from '../support/access-keys.ts';
import { active, clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

/** `SOCKET_FORGERIES=100000 npx vitest run test/clients/forgeries` tries so many. */
const numRuns = Number(process.env.SOCKET_FORGERIES ?? 500);

const region = 'us-east-1';

let home: string;
let server: ServerProcess;
let keys: Keys;
let host: string;
/** Requests that the server has taken, as they went over the wire, and whether S3's rules hold. */
let captured: ReadonlyMap<Captured, { readonly isS3: boolean }>;
let tracker: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-forgeries-'));
  keys = await keysOf(home, 'create-key');
  const session = await keysOf(home, 'create-session');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  ({ host } = new URL(server.url));
  const group = await furnish();
  captured = new Map(await capture(group, session));
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Makes a dataset group with an event tracker. @returns its ARN */
async function furnish(): Promise<string> {
  const { personalize } = clients(server.url, keys);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  await create.dataset(datasetGroupArn, 'Interactions', 'clicks', schemas.interactions);
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  tracker = trackingId;
  return datasetGroupArn;
}

const json = (target: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AmazonPersonalize.${target}`,
});
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Requests of all services, in both forms of a signature; what they do twice is as if it were done once. */
async function capture(resourceArn: string, session: Keys) {
  const tags = [{ tagKey: 'owner', tagValue: 'ada é' }];
  const event = { eventType: 'watch', sentAt: 1_700_000_000, itemId: 'i1', eventId: 'e1' };
  const events = { trackingId: tracker, userId: 'ada', sessionId: 's', eventList: [event] };
  const user = 'Action=CreateUser&Version=2010-05-08&UserName=bob';
  const tagged = 'Action=TagUser&Version=2010-05-08&UserName=bob&Tags.member.1.Key=team&Tags.member.1.Value=a%2Bb';
  const made: readonly (readonly [Unsigned, Form, Keys])[] = [
    [{ method: 'POST', path: '/', headers: json('ListDatasetGroups'), body: '{}' }, personalize, session],
    [{ ...post, headers: json('TagResource'), body: JSON.stringify({ resourceArn, tags }) }, personalize, keys],
    [
      { ...post, path: '/events', headers: { 'content-type': 'application/json' }, body: JSON.stringify(events) },
      personalize,
      session,
    ],
    [
      { method: 'GET', path: '/admin/events', query: { limit: '20', trackingId: tracker }, headers: {} },
      { ...personalize, inQuery: true },
      keys,
    ],
    [{ method: 'PUT', path: '/films', headers: { 'x-amz-content-sha256': emptyHash } }, s3, keys],
    [
      {
        ...{ method: 'PUT', path: '/films/a%20b/%C3%A9.csv', query: { 'x-id': 'PutObject' } },
        headers: { 'x-amz-content-sha256': emptyHash, 'x-amz-meta-by': 'ada  lovelace' },
      },
      s3,
      session,
    ],
    [
      {
        ...{ method: 'GET', path: '/films', query: { prefix: 'a b/', 'list-type': '2' } },
        headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      { ...s3, inQuery: true },
      keys,
    ],
    [{ ...post, headers: form, body: user }, iam, keys],
    [{ ...post, headers: form, body: tagged }, iam, keys],
  ];
  const signedAt = Date.now();
  return await Promise.all(
    made.map(async ([unsigned, how, credentials]) => {
      const request = await captureAs(unsigned, { ...how, ...{ host, region, signedAt, credentials } });
      return [request, { isS3: how.service === 's3' }] as const;
    }),
  );
}

const post = { method: 'POST', path: '/' };
const personalize = { service: 'personalize' };
const s3 = { service: 's3' };
const iam = { service: 'iam' };

/** The bytes of a request, with no more than what one connection for one request takes. */
function bytesOf({ method, url, headers, body }: Captured): Buffer {
  const own = { connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
  const lines = [...Object.entries(own), ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** What bytes say to a server, read as plainly as can be. */
function meaning(bytes: Buffer, isS3: boolean): string {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const [method = '', url = '', ...version] = line.split(/ +/);
  const headers = lines.map((each): [string, string] => {
    const colon = each.indexOf(':');
    return [each.slice(0, colon), each.slice(colon + 1)];
  });
  const request = received({ method, url }, headers);
  // What is behind the body belongs to no request, on a connection for one.
  const body = text.slice(end + 4).slice(0, Number(request.headers['content-length']));
  return meaningOf(request, body, isS3) + version.join(' ');
}

/** All that the server says to bytes until it closes the connection. */
async function said(bytes: Buffer): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return (await buffer(socket)).toString('latin1');
}

/** What a request gets that nobody has signed: before, or in place of, any word on what it asks for. */
const refusals = new Set([
  ...['InvalidSignatureException', 'IncompleteSignatureException', 'MissingAuthenticationToken'],
  ...['UnrecognizedClientException', 'AccessDeniedException', 'ExpiredTokenException'],
  // Of IAM and S3.
  ...['SignatureDoesNotMatch', 'IncompleteSignature', 'InvalidClientTokenId', 'AccessDenied', 'ExpiredToken'],
  ...['InvalidAccessKeyId', 'InvalidToken', 'RequestTimeTooSkewed', 'AuthorizationHeaderMalformed', 'InvalidRequest'],
  ...['AuthorizationQueryParametersError', 'MissingSecurityHeader'],
  // Of requests that address nothing, or are none.
  ...[
    'UnknownOperationException',
    'UnsupportedMediaType',
    'BadRequest',
    'InvalidAction',
    'MissingAction',
    'MalformedHttpRequestException',
    'InvalidURI',
  ],
]);

/** Whether an answer refuses a request, or is one that needs no signature: a page, or what a browser asks before. */
function isRefusal(answer: string): boolean {
  const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  if (/^2/.test(status)) return !/^x-amzn?-request-?id:/im.test(answer);
  const [, named, inXml] = /^x-amzn-errortype: (\w+)|<Code>(\w+)</im.exec(answer) ?? [];
  const code = named ?? inXml;
  // To HEAD, S3 answers no code.
  return code === undefined ? /^40[03]$/.test(status) : /^4/.test(status) && refusals.has(code);
}

/** All that somebody could have changed. */
async function state(): Promise<unknown> {
  const { personalize: client } = clients(server.url, keys);
  const { datasetGroups = [] } = await client.listDatasetGroups({});
  const tags = datasetGroups.map(({ datasetGroupArn }) => client.listTagsForResource({ resourceArn: datasetGroupArn }));
  const { schemas: ownSchemas } = await client.listSchemas({});
  const asked = { endpoint: server.url, home };
  const { events } = await askAdmin(asked, 'ListEvents', { trackingId: tracker, limit: 1000 });
  const running = await announcedServer(home);
  return {
    datasetGroups,
    schemas: ownSchemas,
    tags: (await Promise.all(tags)).map(({ tags: own }) => own),
    // The same event may have come again.
    events: [...new Set(events.map(({ userId, itemId, eventType }) => `${userId} ${itemId} ${eventType}`))],
    files: await filesBelow(server.buckets),
    principals: running && (await askAsOperator(running, 'ListPrincipals', {})),
  };
}

async function filesBelow(folder: string): Promise<unknown> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(paths.sort().map(async (path) => [path, await readFile(path, 'utf8')]));
}

it('answers what was captured and then changed with a refusal, over real connections, and changes nothing', async () => {
  // In their order: a user is made before it is tagged.
  for (const request of captured.keys()) {
    expect(await said(bytesOf(request)), request.url + request.body).toMatch(/^HTTP\/1\.1 20[04] /);
  }
  const before = await state();
  const loot = {
    captured: [...captured.keys()],
    accessKeyIds: [keys.accessKeyId],
    regions: [region, 'eu-west-1'],
    host,
  };
  await fc.assert(
    fc.asyncProperty(forgeryOf(loot), async ({ original, forged }) => {
      const { isS3 = false } = captured.get(original) ?? {};
      const bytes = bytesOf(forged);
      if (meaning(bytes, isS3) === meaning(bytesOf(original), isS3)) return;
      const answer = await said(bytes);
      if (!isRefusal(answer)) throw new Error(`To ${bytes} the server says ${answer}`);
    }),
    { numRuns },
  );
  expect(await state()).toEqual(before);
});
