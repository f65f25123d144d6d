import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { DuckDBInstance } from '@duckdb/node-api';
import type { BenchOptions, BenchResult } from '../result.ts';
import { startServerProcess } from '../serving/server-process.ts';

const files = 4;
const roleArn = 'arn:aws:iam::000000000000:role/any';
const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' })),
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});

/**
 * A data deletion job of 10,000 users among 10 M interactions, from its creation until it is COMPLETED, and how long
 * the slowest PutEvents takes meanwhile. The same job again has nothing to write, and has to read all the same.
 */
export async function benchDeletion({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 200_000 : 10_000_000;
  const users = quick ? 1000 : 10_000;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    await makeFiles(folder, rows, users);
    const server = await startServerProcess(['--home', join(folder, 'home'), '--buckets', join(folder, 'buckets')]);
    try {
      return await measure(server.url, rows, users);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(url: string, rows: number, users: number): Promise<BenchResult[]> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const personalize = new Personalize({ endpoint: url, region: 'us-east-1', credentials });
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name: 'bench' });
  const { schemaArn } = await personalize.createSchema({ name: 'bench', schema });
  const datasetType = 'Interactions';
  const { datasetArn } = await personalize.createDataset({ name: 'bench', datasetGroupArn, schemaArn, datasetType });
  const dataSource = { dataLocation: 's3://bench/rows/' };
  const { datasetImportJobArn } = await personalize.createDatasetImportJob({ jobName: 'all', datasetArn, dataSource });
  const importJob = async () => (await personalize.describeDatasetImportJob({ datasetImportJobArn })).datasetImportJob;
  await ended(importJob, 'ACTIVE');
  const { trackingId } = await personalize.createEventTracker({ name: 'bench', datasetGroupArn });
  const deletion = async (jobName: string) => {
    const began = performance.now();
    const { dataDeletionJobArn } = await personalize.createDataDeletionJob({
      ...{ jobName, datasetGroupArn, roleArn },
      dataSource: { dataLocation: 's3://bench/users.csv' },
    });
    const describe = async () => (await personalize.describeDataDeletionJob({ dataDeletionJobArn })).dataDeletionJob;
    const job = await ended(describe, 'COMPLETED');
    return { seconds: (performance.now() - began) / 1000, numDeleted: job?.numDeleted ?? 0 };
  };
  const events = new PersonalizeEvents({ endpoint: url, region: 'us-east-1', credentials });
  const watch = slowestOf(() =>
    events.putEvents({
      ...{ trackingId, sessionId: 's', userId: 'somebody else' },
      eventList: [{ eventType: 'View', itemId: 'item-1', sentAt: new Date() }],
    }),
  );
  const first = await deletion('first');
  const slowest = await watch.end();
  const second = await deletion('second');
  const detail = `${users.toLocaleString('en')} users, ${first.numDeleted.toLocaleString('en')} of ${rows.toLocaleString('en')} interactions`;
  return [
    { name: 'batch: data deletion job', value: first.seconds, unit: 's', limit: 30, detail },
    { name: 'batch: the same data deletion job again', value: second.seconds, unit: 's', detail },
    { name: 'batch: slowest PutEvents beside a data deletion job', value: slowest, unit: 'ms', detail },
  ];
}

type Described = { readonly status?: string | undefined; readonly failureReason?: string | undefined } | undefined;

async function ended<D extends Described>(describe: () => Promise<D>, status: string): Promise<D> {
  for (;;) {
    const described = await describe();
    if (described?.status === status) return described;
    if (described?.status?.endsWith('FAILED')) throw new Error(described.failureReason);
    await sleep(50);
  }
}

/** Calls one after another until it is told to end; then says how many milliseconds the slowest took. */
function slowestOf(call: () => Promise<unknown>): { end(): Promise<number> } {
  let isOver = false;
  const calling = (async () => {
    let slowest = 0;
    while (!isOver) {
      const began = performance.now();
      await call();
      slowest = Math.max(slowest, performance.now() - began);
      await sleep(5);
    }
    return slowest;
  })();
  return {
    end: async () => {
      isOver = true;
      return await calling;
    },
  };
}

/** Files of interactions in which every user is as likely, and the list of those who go. */
async function makeFiles(folder: string, rows: number, users: number): Promise<void> {
  const place = join(folder, 'buckets/bench/rows');
  await mkdir(place, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (let file = 0; file < files; file++) {
    const each = rows / files;
    await connection.run(`
      COPY (SELECT 'user-' || hash(n) % 138000 AS USER_ID, 'item-' || hash(n + 7) % 27000 AS ITEM_ID,
          CASE WHEN n % 5 = 0 THEN 'Purchase' ELSE 'View' END AS EVENT_TYPE, 1600000000 + n // 10 AS TIMESTAMP
        FROM range(${file * each}, ${(file + 1) * each}) numbers(n))
      TO '${join(place, `${file}.csv`)}' (FORMAT csv)`);
  }
  connection.closeSync();
  instance.closeSync();
  const list = Array.from({ length: users }, (_, user) => `user-${user * 13}`);
  await writeFile(join(folder, 'buckets/bench/users.csv'), `USER_ID\n${list.join('\n')}\n`);
}
