import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../learn/training/training.fixture.ts';
import { evaluate } from './evaluate.ts';

it('prints tables of every model and segment, and writes the same numbers as JSON', async () => {
  await using folder = await temporaryFolder();
  const dataset = join(folder.path, 'd.csv');
  const json = join(folder.path, 'report.json');
  // Everyone goes from a to b to c to d: a model that knows what follows finds all of them.
  const rows = Array.from({ length: 8 }, (_, user) => ['a', 'b', 'c', 'd'].map((item, n) => `u${user},${item},${n}`));
  const short = Array.from({ length: 8 }, (_, user) => ['c', 'd'].map((item, n) => `v${user},${item},${n}`));
  await writeFile(dataset, `USER_ID,ITEM_ID,TIMESTAMP\n${[...rows, ...short].flat().join('\n')}\n`);
  const [tables, progress] = [new PassThrough(), new PassThrough()];
  const request = { dataset, protocol: 'leave-one-out', k: [1, 2], seeds: 1, recipes: ['aws-popularity-count'] };
  await evaluate(request, { tables, progress, json }, new AbortController().signal);

  const text = String(tables.read());
  expect(text).toContain('leave-one-out: 32 interactions of 16 users train, 4 items are ranked');
  expect(text).toContain('One query a user, for all that is held out of the history: 8');
  const lines = text.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(lines).toContainEqual(
    expect.arrayContaining(['model', 'HR@1', 'NDCG@1', 'recall@1', 'MRR@1', 'coverage@1', 'novelty@1']),
  );
  expect(lines).toContainEqual(expect.arrayContaining(['markov', '1.0000', '1.0000', '1.0000', '1.0000', '0.250']));
  expect(lines).toContainEqual(expect.arrayContaining(['HR@1 / NDCG@1, queries', 'cold users, 8']));
  expect(String(progress.read())).toMatch(/markov: ranking +done in/);

  const report = JSON.parse(await readFile(json, 'utf8'));
  const markov = report.models.find(({ model }: { model: string }) => model === 'markov');
  expect(markov.asked.user).toMatchObject({ queries: 8, metrics: { 'hr@1': 1, 'ndcg@2': 1 } });
  expect(report.request).toEqual(request);
});

it('shows the spread over seeds, and why a model did not take part', async () => {
  const { reportOf, reportText } = await import('./evaluation-report.ts');
  const run = (seed: number, hit: number) => ({
    seed,
    trainingSeconds: 2,
    rankingSeconds: 1,
    measurements: {
      user: {
        queries: 4,
        metrics: { 'hr@5': hit },
        segments: { 'cold items': { queries: 0, metrics: {} }, 'head items': { queries: 4, metrics: { 'hr@5': hit } } },
      },
    },
  });
  const report = reportOf(
    { dataset: 'd', protocol: 'service', k: [5], seeds: 2 },
    {
      training: { users: 1, items: 2, interactions: 3 },
      candidates: [
        { name: 'learner', kind: 'recipe', runs: [run(0, 0.5), run(1, 0.7)] },
        { name: 'ease', kind: 'baseline', skipped: 'there are too many items' },
      ],
    },
  );
  expect(report.models[0]?.asked?.user?.deviations?.['hr@5']).toBeCloseTo(Math.sqrt(0.02), 12);
  expect(reportText(report)).toMatch(/learner +0\.6000 ±0\.1414/);
  expect(reportText(report)).toContain('ease: there are too many items.');
});
