import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/data/database/database.ts';
import { s3Client } from '../../src/data/objects/s3-store.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { clients, eventsClient, steps } from '../support/personalize.ts';
import { filesWith } from '../support/plain-text.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// Encrypted dataset groups where keys, buckets or rows are outside of the home.

const moto: Moto | undefined = await startMoto();
const postgres: Postgres | undefined = await startPostgres();
afterAll(() => Promise.all([postgres?.stop(), moto?.stop()]));

const roleArn = 'arn:aws:iam::000000000000:role/keys';
const planted = ['planted-user', 'planted-session', 'planted-item'];
const rowOf = (n: number) => `planted-user,${n % 2 === 0 ? 'a1' : 'planted-item'},watch,${1_700_000_000 + n}`;
const interactions = (rows: number) => `${twoTastes()}${Array.from({ length: rows }, (_, n) => rowOf(n)).join('\n')}\n`;

let home: string;
let server: ServerProcess;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-keys-outside-'));
});
afterEach(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

async function start(...options: readonly string[]) {
  server = await startServerProcess({ home, options });
  return { ...clients(server.url), events: eventsClient(server.url) };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

type Api = Awaited<ReturnType<typeof start>>;

/** An empty Interactions dataset of a group with a key. */
async function datasetOf(api: Api, kmsKeyArn: string) {
  const { datasetGroupArn = '' } = await api.personalize.createDatasetGroup({ name: 'films', kmsKeyArn, roleArn });
  const datasetArn = await steps(api).dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  return { datasetGroupArn, datasetArn };
}

/** From data to a campaign. */
async function campaignOf(
  api: Api,
  { datasetGroupArn, datasetArn }: Awaited<ReturnType<typeof datasetOf>>,
  location: string,
) {
  const create = steps(api);
  const imported = await create.importJob(await create.startImport(datasetArn, 'first', location));
  expect(imported?.status, imported?.failureReason).toBe('ACTIVE');
  const solutionArn = await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count');
  const version = await create.version(await create.startVersion(solutionArn));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  return await create.campaign('films', version?.solutionVersionArn ?? '');
}

describe.skipIf(!moto)('a server whose keys a KMS has, and whose buckets an S3 server', () => {
  const options = ['--kms-endpoint', moto?.url ?? '', '--s3-endpoint', moto?.url ?? ''];
  let kms: KMS;
  let kmsKeyArn: string;
  const object = { Bucket: 'films', Key: 'interactions.csv' };
  const location = 's3://films/interactions.csv';
  beforeAll(async () => {
    kms = new KMS({ endpoint: moto?.url ?? '', region: 'us-east-1' });
    kmsKeyArn = (await kms.createKey({})).KeyMetadata?.Arn ?? '';
    await moto?.createBucket('films');
  });
  afterAll(() => kms.destroy());

  const put = (rows: number) => s3Client(moto?.url).send(new PutObjectCommand({ ...object, Body: interactions(rows) }));

  test('removes at its start what a killed import has left of an object, which is in clear', async () => {
    const dataset = await datasetOf(await start(...options), kmsKeyArn);
    await put(400_000);
    await steps(clients(server.url)).startImport(dataset.datasetArn, 'killed', location);
    const copies = join(home, 'cache', 'buckets');
    await expect.poll(() => readdir(copies).catch(() => []), { interval: 5 }).not.toEqual([]);
    await expect.poll(() => filesWith(home, planted), { interval: 5 }).not.toEqual([]);
    await server.kill('SIGKILL');
    expect((await filesWith(home, planted)).every((name) => name.startsWith(join('cache', 'buckets')))).toBe(true);
    expect(await filesWith(home, planted)).not.toEqual([]);
    // The job runs again, and finds no object.
    await s3Client(moto?.url).send(new DeleteObjectCommand(object));
    await start(...options);
    expect(await filesWith(home, planted)).toEqual([]);
  });

  test('answers from what is sealed until the key is gone, and then says that it is', async () => {
    const api = await start(...options);
    const unknown = kmsKeyArn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    expect(await refusal(datasetOf(api, unknown))).toMatch(/^InvalidInputException: .*NotFoundException/);
    await put(100);
    const dataset = await datasetOf(api, kmsKeyArn);
    const campaignArn = await campaignOf(api, dataset, location);
    await server.stop();
    expect(await filesWith(home, planted)).toEqual([]);

    const again = await start(...options);
    const ask = () => again.runtime.getRecommendations({ campaignArn, userId: 'ua1' });
    expect((await ask()).itemList).toHaveLength(25);
    await fetch(`${moto?.url}/moto-api/reset`, { method: 'POST' });
    await expect.poll(() => refusal(ask()), { timeout: 120_000, interval: 1000 }).toContain(kmsKeyArn);
    expect(await refusal(ask())).toMatch(/^InvalidInputException: .* NotFoundException.*make the key there/);
  });
});

test.skipIf(!postgres)(
  'a server of two processes over PostgreSQL keeps nothing of a group with a key as it is',
  async () => {
    const url = (await postgres?.freshDatabase()) ?? '';
    const api = await start('--database', url, '--processes', '2', '--audit', 'on');
    const kms = new KMS({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const kmsKeyArn = (await kms.createKey({})).KeyMetadata?.Arn ?? '';
    const dataset = await datasetOf(api, kmsKeyArn);
    const location = await putObject(server.buckets, 'films', 'interactions.csv', interactions(100));
    const campaignArn = await campaignOf(api, dataset, location);
    const { datasetGroupArn } = dataset;
    const { trackingId } = await api.personalize.createEventTracker({ name: 'films', datasetGroupArn });
    /** Both processes answer: connections are handed out in turn. */
    const both = async (work: (own: Api) => Promise<unknown>) => {
      const told: string[] = [];
      for (let n = 0; n < 2; n++)
        told.push(await refusal(work({ ...clients(server.url), events: eventsClient(server.url) })));
      return told;
    };
    const put = ({ events }: Api) => {
      const eventList = [{ eventType: 'watch', itemId: 'planted-item', sentAt: new Date() }];
      return events.putEvents({ trackingId, userId: 'planted-user', sessionId: 'planted-session', eventList });
    };
    const ask = ({ runtime }: Api) => runtime.getRecommendations({ campaignArn, userId: 'planted-user' });
    expect([await both(put), await both(ask)]).toEqual([
      ['none', 'none'],
      ['none', 'none'],
    ]);
    const { database, snapshot, close } = await openDatabase({ url });
    try {
      expect(await database.selectFrom('record_log').select('body').execute()).toHaveLength(2);
      await snapshot(join(home, 'rows.sqlite'));
    } finally {
      await close();
    }
    expect(await filesWith(home, [...planted, 'unencrypted'])).toEqual([]);

    await kms.disableKey({ KeyId: kmsKeyArn });
    const refused = /^InvalidInputException: .* is disabled/;
    await expect
      .poll(async () => [...(await both(ask)), ...(await both(put))].every((told) => refused.test(told)), {
        timeout: 120_000,
        interval: 1000,
      })
      .toBe(true);
    await kms.enableKey({ KeyId: kmsKeyArn });
    expect([await both(ask), await both(put)].flat()).toEqual(['none', 'none', 'none', 'none']);
    kms.destroy();

    expect(await server.stop()).toBe(0);
    const search = runOpenPersonalize(['audit', 'search', '--resource', kmsKeyArn, '--json', '--home', home]);
    await once(search.process, 'close');
    expect(search.output()).toMatch(/"eventName":"GenerateDataKey".*"invokedBy":"personalize\.amazonaws\.com"/s);
    // The primary imports and trains, and each of the others answers.
    const files = (await readdir(join(home, 'audit'))).map((name) => /-(p\d)\.jsonl$/.exec(name)?.[1]);
    expect(files.toSorted()).toEqual(['p0', 'p1', 'p2']);
    const verify = runOpenPersonalize(['audit', 'verify', '--home', home]);
    expect(await once(verify.process, 'close')).toEqual([0, null]);
  },
);
