import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookInto } from '../support/home.ts';
import { clients, settled, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A server is killed while it works on a batch job, and started again, until the job ends. Its output must be that of
// an undisturbed one, and nothing half-written may ever be seen. KILL_SEED=7 tries other moments.
const seed = Number(process.env.KILL_SEED ?? 1);
const jobs = 2;
const killsOfEach = 5;
const roleArn = 'arn:aws:iam::000000000000:role/PersonalizeRole';

let folder: string;
let home: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-batch-'));
  home = join(folder, 'home');
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start() {
  server = await startServerProcess({ home });
  return clients(server.url);
}

/** Outputs of a job by name, without the probe; undefined before there are any. */
async function outputsOf(name: string): Promise<ReadonlyMap<string, string> | undefined> {
  const place = join(server.buckets, 'films/out', name);
  const names = await readdir(place).catch(() => undefined);
  const outputs = names?.filter((one) => one !== '_CHECK').sort();
  return (
    outputs && new Map(await Promise.all(outputs.map(async (one) => [one, await digest(join(place, one))] as const)))
  );
}

async function digest(path: string): Promise<string> {
  const content = await readFile(path);
  const hash = await crypto.subtle.digest('SHA-256', content);
  return `${content.length} ${Buffer.from(hash).toString('hex')}`;
}

/** A number from 0 to 1 that follows from the seed. */
const drawn = (n: number) => (((seed + n) * 7919 + n * 104_729) % 1000) / 1000;

test('a batch job that is killed again and again becomes what an undisturbed one is', async () => {
  const first = await start();
  const create = steps(first);
  const group = await create.datasetGroup('films');
  const dataset = await create.dataset(group, 'Interactions', 'films', schemas.interactions);
  const rows = await putObject(server.buckets, 'films', 'rows.csv', twoTastes());
  expect((await create.importJob(await create.startImport(dataset, 'rows', rows)))?.status).toBe('ACTIVE');
  const solution = await create.solution(group, 'likes', 'aws-user-personalization');
  const version = await create.version(await create.startVersion(solution));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  for (const file of ['one', 'two']) {
    const lines = Array.from({ length: 30_000 }, (_, n) => (n % 1000 === 7 ? 'no line' : `{"userId":"ua${n % 70}"}`));
    await putObject(server.buckets, 'films', `in/${file}.json`, lines.join('\n'));
  }

  const startJob = async ({ personalize }: ReturnType<typeof clients>, jobName: string) => {
    const { batchInferenceJobArn = '' } = await personalize.createBatchInferenceJob({
      ...{ jobName, solutionVersionArn: version?.solutionVersionArn, roleArn },
      jobInput: { s3DataSource: { path: 's3://films/in/' } },
      jobOutput: { s3DataDestination: { path: `s3://films/out/${jobName}/` } },
      batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: '0' } },
    });
    return batchInferenceJobArn;
  };
  const ended = async ({ personalize }: ReturnType<typeof clients>, batchInferenceJobArn: string) => {
    const describe = async () =>
      (await personalize.describeBatchInferenceJob({ batchInferenceJobArn })).batchInferenceJob;
    const job = await settled(describe);
    expect(job?.status, `${job?.failureReason} ${server.log()}`).toBe('ACTIVE');
  };

  const began = performance.now();
  await ended(first, await startJob(first, 'undisturbed'));
  const milliseconds = performance.now() - began;
  const wanted = await outputsOf('undisturbed');
  expect([...(wanted?.keys() ?? [])]).toEqual(['one.json.out', 'two.json.out']);

  let interrupted = 0;
  for (let job = 0; job < jobs; job++) {
    const name = `killed-${job}`;
    let arn: string | undefined;
    for (let kill = 0; kill < killsOfEach; kill++) {
      const now = kill === 0 && job === 0 ? first : kill === 0 ? clients(server.url) : await start();
      arn ??= await startJob(now, name);
      // The first kill comes while a process works on lines, the others at any moment.
      if (kill === 0) await expect.poll(() => server.children()).not.toEqual([]);
      else await sleep(drawn(job * killsOfEach + kill) * milliseconds);
      await server.kill('SIGKILL');
      if ((await lookInto(home)).jobs.some((kind) => kind.includes('batch'))) interrupted++;
      for (const [file, content] of (await outputsOf(name)) ?? []) {
        expect(wanted?.get(file), `${file}, which is there before the end, is whole`).toBe(content);
      }
    }
    await ended(await start(), arn ?? '');
    expect(await outputsOf(name)).toEqual(wanted);
  }
  expect(await server.stop(), server.log()).toBe(0);
  expect((await lookInto(home)).strayFiles).toEqual([]);
  expect(await readdir(join(home, 'store/batch')).catch(() => [])).toEqual([]);
  expect(interrupted, 'kills that came before the end of the work').toBeGreaterThanOrEqual(jobs);
});
