import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Moto, startMoto } from '../../../test/support/moto.ts';
import { KeyError } from '../../data/encryption/key-error.ts';
import { EndpointDataKeys } from './endpoint-data-keys.ts';

const context = { group: 'films' };
const use = (kmsKeyArn: string) => ({
  kmsKeyArn,
  account: '000000000000',
  datasetGroupArn: 'arn:aws:personalize:eu-west-1:000000000000:dataset-group/films',
  roleArn: 'arn:aws:iam::000000000000:role/keys',
});
const refusalOf = async () => undefined;

/** Kind and message of the KeyError with which a use fails. */
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof KeyError ? `${error.kind}: ${error.message}` : String(error)),
  );

const moto: Moto | undefined = await startMoto();

describe.skipIf(!moto)('data keys of a KMS', () => {
  let kms: KMS;
  let keys: EndpointDataKeys;
  beforeAll(() => {
    kms = new KMS({ endpoint: moto?.url ?? '', region: 'eu-west-1' });
    keys = new EndpointDataKeys({ endpoint: moto?.url ?? '', refusalOf });
  });
  afterAll(async () => {
    await keys.close();
    kms.destroy();
    await moto?.stop();
  });
  const newKey = async () => (await kms.createKey({})).KeyMetadata?.Arn ?? '';

  it('are unwrapped with their key and context alone', async () => {
    const arn = await newKey();
    const { plaintext, wrapped } = await keys.generate(use(arn), context);
    expect(plaintext).toHaveLength(32);
    expect(Buffer.from(wrapped).includes(Buffer.from(plaintext))).toBe(false);
    expect(await keys.unwrap(use(arn), wrapped, context)).toEqual(plaintext);
    expect(await problemOf(keys.unwrap(use(arn), wrapped, { group: 'other' }))).toMatch(/^invalid: /);
    expect(await problemOf(keys.unwrap(use(arn), wrapped.subarray(0, -1), context))).toMatch(/^invalid: /);
  });

  it('of a key that is not there are refused', async () => {
    const unknown = (await newKey()).replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    expect(await problemOf(keys.generate(use(unknown), context))).toMatch(/^notFound: .*NotFoundException/);
  });
});

describe('a KMS that', () => {
  let server: Server;
  let asked = 0;
  const arn = 'arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000';

  async function keysOf(answer: RequestListener, timeoutMs?: number): Promise<EndpointDataKeys> {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    asked = 0;
    server = createServer((request, response) => {
      asked++;
      request.resume();
      request.on('end', () => answer(request, response));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return new EndpointDataKeys({ endpoint: `http://127.0.0.1:${port}`, refusalOf, ...(timeoutMs && { timeoutMs }) });
  }

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('answers with an error of its own is asked three times', async () => {
    const keys = await keysOf((_request, response) => response.writeHead(500).end('{"__type":"KMSInternalException"}'));
    expect(await problemOf(keys.generate(use(arn), context))).toMatch(/^unreachable: .*KMSInternalException/);
    expect(asked).toBe(3);
  });

  it.each([
    ['AccessDeniedException', 'denied', 'check the credentials of this server and the policy of the key'],
    ['ExpiredTokenException', 'denied', 'check the credentials of this server and the policy of the key'],
    ['DisabledException', 'disabled', 'enable it there'],
    ['KMSInvalidStateException', 'pendingDeletion', 'cancel its deletion there and enable it'],
    ['InvalidCiphertextException', 'invalid', 'restore what it has encrypted from a backup'],
  ])('answers %s is asked once, and says what to do', async (name, kind, advice) => {
    const body = JSON.stringify({ __type: name, message: 'It is so.' });
    const keys = await keysOf((_request, response) => response.writeHead(400).end(body));
    expect(await problemOf(keys.generate(use(arn), context))).toMatch(
      new RegExp(`^${kind}: The key ${arn} cannot be used by http.*: ${name}, It is so\\. To go on, ${advice}\\.$`),
    );
    expect(asked).toBe(1);
  });

  it('does not answer is unreachable, once three attempts have taken their time', async () => {
    const keys = await keysOf(() => {}, 50);
    expect(await problemOf(keys.unwrap(use(arn), Buffer.from('x'), context))).toMatch(/^unreachable: .*TimeoutError/);
    expect(asked).toBe(3);
  });

  it('answers no key is unreachable', async () => {
    const keys = await keysOf((_request, response) => response.end('{}'));
    expect(await problemOf(keys.generate(use(arn), context))).toMatch(/^unreachable: .* without a key\.$/);
  });

  it('is asked nothing that the role of the dataset group may not do', async () => {
    const keys = await keysOf((_request, response) => response.end('{}'));
    const wanted: string[] = [];
    const refusing = new EndpointDataKeys({
      endpoint: 'http://127.0.0.1:9',
      refusalOf: async ({ action }) => `No ${wanted.push(action)}.`,
    });
    expect(await problemOf(refusing.generate(use(arn), context))).toBe('denied: No 1.');
    expect(await problemOf(refusing.unwrap(use(arn), Buffer.from('x'), context))).toBe('denied: No 2.');
    expect(wanted).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
    await keys.close();
  });

  it('is not there is unreachable', async () => {
    const keys = await keysOf((_request, response) => response.end('{}'));
    const nowhere = new EndpointDataKeys({ endpoint: 'http://127.0.0.1:9', refusalOf });
    expect(await problemOf(nowhere.generate(use(arn), context))).toMatch(/^unreachable: .*ECONNREFUSED/);
    await keys.close();
  });
});
