import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookInto } from '../support/home.ts';
import { clients, eventsClient, settled, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';
import { writeLargeCsv } from './large-csv.ts';

// A server is killed while it exports, and started again. The export must come to its end by itself, to the bytes of an
// undisturbed one, with nothing half-written at any moment. KILL_SEED=7 tries other moments.
const seed = Number(process.env.KILL_SEED ?? 1);
const kills = 4;
const rows = 3_000_000;

let folder: string;
let home: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-export-'));
  home = join(folder, 'home');
  await mkdir(home);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start() {
  server = await startServerProcess({ home });
  return clients(server.url);
}

/** The files of an export by name; undefined before there are any. */
async function filesOf(name: string): Promise<ReadonlyMap<string, string> | undefined> {
  const place = join(server.buckets, 'out', name);
  const names = await readdir(place).catch(() => undefined);
  return (
    names && new Map(await Promise.all(names.sort().map(async (one) => [one, await digest(join(place, one))] as const)))
  );
}

const digest = async (path: string) => {
  const content = await readFile(path);
  const hash = await crypto.subtle.digest('SHA-256', content);
  return `${content.length} ${Buffer.from(hash).toString('hex')}`;
};

test('an export that is killed becomes what an undisturbed one is', async () => {
  const first = await start();
  const create = steps(first);
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  await writeLargeCsv(join(server.buckets, 'films/large.csv'), rows);
  await mkdir(join(server.buckets, 'out'));
  const imported = await create.importJob(await create.startImport(datasetArn, 'large', 's3://films/large.csv'));
  expect(imported?.status, imported?.failureReason).toBe('ACTIVE');
  const { trackingId = '' } = await first.personalize.createEventTracker({ name: 'tracker', datasetGroupArn });
  await eventsClient(server.url).putEvents({
    trackingId,
    userId: 'u1',
    sessionId: 's1',
    eventList: [{ eventType: 'watch', itemId: 'i1', sentAt: new Date(1_700_000_000_000) }],
  });

  const startExport = async ({ personalize }: ReturnType<typeof clients>, name: string) => {
    const { datasetExportJobArn = '' } = await personalize.createDatasetExportJob({
      jobName: name,
      datasetArn,
      ingestionMode: 'ALL',
      roleArn: 'arn:aws:iam::000000000000:role/PersonalizeRole',
      jobOutput: { s3DataDestination: { path: `s3://out/${name}/` } },
    });
    return datasetExportJobArn;
  };
  const ended = async ({ personalize }: ReturnType<typeof clients>, datasetExportJobArn: string) => {
    const job = await settled(
      async () => (await personalize.describeDatasetExportJob({ datasetExportJobArn })).datasetExportJob,
    );
    expect(job?.status, job?.failureReason).toBe('ACTIVE');
  };

  const began = performance.now();
  await ended(first, await startExport(first, 'undisturbed'));
  const milliseconds = performance.now() - began;
  const wanted = await filesOf('undisturbed');
  expect(wanted?.size).toBeGreaterThan(1);

  let interrupted = 0;
  for (let kill = 0; kill < kills; kill++) {
    const name = `killed-${kill}`;
    const arn = await startExport(clients(server.url), name);
    await sleep(((kill + ((seed * 7919 + kill * 104_729) % 1000) / 1000) / kills) * milliseconds);
    await server.kill('SIGKILL');
    if ((await lookInto(home)).jobs.includes('export-dataset')) interrupted++;
    for (const [file, content] of (await filesOf(name)) ?? []) {
      expect(wanted?.get(file), `${file}, which is there before the end, is whole`).toBe(content);
    }
    await ended(await start(), arn);
    expect(await filesOf(name)).toEqual(wanted);
  }
  expect(await server.stop(), server.log()).toBe(0);
  expect((await lookInto(home)).strayFiles).toEqual([]);
  expect(interrupted, 'kills that came before the end of the work').toBeGreaterThan(0);
});
