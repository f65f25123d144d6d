import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBatchInferenceJobCommand,
  DescribeBatchInferenceJobCommand,
  DescribeCampaignCommand,
} from '@aws-sdk/client-personalize';
import { answered, openSession, type Session, untilActive } from '../../src/quickstart/steps.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { loadFromAnotherProcess } from '../serving/load-process.ts';
import { type Catalogue, deployCatalogue, userIdOf } from '../serving/prepared-home.ts';
import { startServerProcess } from '../serving/server-process.ts';

const full: Catalogue = { items: 27_000, users: 10_000, interactions: 300_000 };
const quick: Catalogue = { items: 2000, users: 1000, interactions: 20_000 };
const perSecond = 100;
const bucket = 'bench';

/**
 * A batch job from end to end, by one process and by two: on two cores in at most 0.6 of the time. And what answers
 * take meanwhile: at a modest rate p99 is at most twice that of an idle server.
 */
export async function benchTwoWorkers({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const catalogue = isQuick ? quick : full;
  const lines = isQuick ? 60_000 : 120_000;
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const first = await startServerProcess(['--home', home]);
    const { personal } = await deployCatalogue(first.url, home, catalogue).finally(() => first.stop());
    await mkdir(join(home, 'buckets', bucket), { recursive: true });
    const users = Array.from({ length: lines }, (_, n) => JSON.stringify({ userId: userIdOf(n % catalogue.users) }));
    await writeFile(join(home, 'buckets', bucket, 'users.json'), users.join('\n'));
    const one = await withServer(home, 1, (url) => jobSeconds(url, personal, 'one'));
    const two = await withServer(home, 2, (url) => jobSeconds(url, personal, 'two'));
    const { idle, beside } = await withServer(home, undefined, (url) =>
      answersBeside(url, personal, catalogue, isQuick),
    );
    return [
      {
        name: 'batch: a job by two processes beside one',
        value: two,
        unit: 's',
        ratio: two / one,
        limit: 0.6,
        detail: `${lines} lines of aws-user-personalization, ${catalogue.items} items; by one process ${one.toFixed(1)} s`,
      },
      {
        name: `batch: ${perSecond} requests/s beside a job, p99`,
        value: beside,
        unit: 'ms',
        ratio: beside / idle,
        limit: 2,
        detail: `idle ${idle.toFixed(1)} ms`,
      },
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function withServer<T>(home: string, processes: number | undefined, work: (url: string) => Promise<T>) {
  const option = processes === undefined ? [] : ['--batch-processes', String(processes)];
  const server = await startServerProcess(['--home', home, ...option]);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function startJob({ personalize }: Session, campaignArn: string, jobName: string): Promise<string> {
  const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
  const { batchInferenceJobArn } = await personalize.send(
    new CreateBatchInferenceJobCommand({
      jobName,
      solutionVersionArn: campaign?.solutionVersionArn,
      roleArn: 'arn:aws:iam::000000000000:role/Bench',
      jobInput: { s3DataSource: { path: `s3://${bucket}/users.json` } },
      jobOutput: { s3DataDestination: { path: `s3://${bucket}/${jobName}/` } },
      batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: '0' } },
    }),
  );
  return answered(batchInferenceJobArn, 'batchInferenceJobArn');
}

async function jobSeconds(url: string, campaignArn: string, name: string): Promise<number> {
  const session = openSession(url, process.stderr);
  const began = performance.now();
  const arn = await startJob(session, campaignArn, name);
  await untilActive(session, { arn, advice: 'Run the bench again.' }, async () => {
    const described = await session.personalize.send(
      new DescribeBatchInferenceJobCommand({ batchInferenceJobArn: arn }),
    );
    return described.batchInferenceJob;
  });
  return (performance.now() - began) / 1000;
}

/** p99 of answers in milliseconds, before a job begins and while it goes on. */
async function answersBeside(url: string, campaignArn: string, { users }: Catalogue, isQuick: boolean) {
  const requests = Array.from({ length: 1000 }, (_, n) => ({
    path: '/recommendations',
    input: { campaignArn, userId: userIdOf((n * 7919) % users), numResults: 25 },
  }));
  const load = { perSecond, connections: 16 };
  const measure = () => loadFromAnotherProcess({ url, load, seconds: isQuick ? 2 : 8, requests });
  await measure();
  const idle = await measure();
  await startJob(openSession(url, process.stderr), campaignArn, 'beside');
  const beside = await measure();
  return { idle: idle.p99, beside: beside.p99 };
}
