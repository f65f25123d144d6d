import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { isAlive, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// That a resumed training ends as if it had never stopped is tested beside the recipe; here, that a trainer and a
// server that are killed leave something to go on from, and that a training that is stopped ends at once and leaves
// nothing.

const patience = { interval: 100 };

let folder: string;
let home: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-resume-'));
  home = join(folder, 'home');
  // Enough to train on for minutes: a training that ends before its first checkpoint shows nothing.
  await putObject(join(folder, 'buckets'), 'films', 'events.csv', twoTastes({ usersATaste: 6000 }));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

async function start() {
  server = await startServerProcess({ home, options: ['--buckets', join(folder, 'buckets')] });
  return clients(server.url);
}

/** Names of the checkpoints that lie in the store. */
async function checkpoints(): Promise<string[]> {
  const models = join(home, 'store', 'models');
  const versions = await readdir(models).catch(() => []);
  const names = await Promise.all(
    versions.map((version) => readdir(join(models, version, 'checkpoints')).catch((): string[] => [])),
  );
  return names.flat();
}

const wentOn = () => /going on from the checkpoint encoder-1 at step [1-9]/.test(server.log());
const reported = () => /"epoch":[\d.]+,"loss":[\d.]+,"validationNdcg":[\d.]+,"msg":"epoch /.test(server.log());

test('a training whose trainer and server are killed goes on, and is stopped at once', async () => {
  const create = steps(await start());
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  await create.importJob(await create.startImport(datasetArn, 'events', 's3://films/events.csv'));
  const solutionArn = await create.solution(datasetGroupArn, 'next', 'aws-user-personalization-v2');
  const solutionVersionArn = await create.startVersion(solutionArn);
  await expect.poll(checkpoints, patience).toContain('encoder-1');
  expect(server.log()).toMatch(/The encoder takes about \d+ (seconds|minutes) to train/);

  const [trainer = 0] = await server.children();
  process.kill(trainer, 'SIGKILL');
  await expect.poll(wentOn, patience).toBe(true);
  expect(server.log()).toContain('was ended by SIGKILL');
  await server.kill('SIGKILL');
  const { personalize } = await start();
  await expect.poll(wentOn, patience).toBe(true);
  await expect.poll(reported, patience).toBe(true);
  const { body } = await fetch(`${server.url}/metrics`).then(async (answer) => ({ body: await answer.text() }));
  for (const gauge of ['job_progress', 'training_epoch', 'training_loss', 'training_validation_ndcg']) {
    expect(body).toMatch(new RegExp(`^openpersonalize_${gauge}{kind="train-solution-version",.*} [\\d.e-]+$`, 'm'));
  }

  const trainers = await server.children();
  await personalize.stopSolutionVersionCreation({ solutionVersionArn });
  const describe = async () => (await personalize.describeSolutionVersion({ solutionVersionArn })).solutionVersion;
  await expect.poll(async () => (await describe())?.status, patience).toBe('CREATE STOPPED');
  expect(trainers.filter(isAlive)).toEqual([]);
  await expect.poll(checkpoints).toEqual([]);
});
