import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ExploredAnswer, PropensityLog } from './propensity-log.ts';

let folder: string;
let errors: unknown[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'propensities-')), 'log');
  errors = [];
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const open = () => new PropensityLog({ folder, now: () => now, onError: (error) => errors.push(error) });
const answer = (recommendationId: string): ExploredAnswer => ({
  recommendationId,
  ownerArn: 'arn',
  userId: 'ü',
  rate: 0.09,
  choices: [
    { place: 3, itemId: 'new', explored: true, probability: 0.25 },
    { place: 7, itemId: 'known', explored: false, probability: 0.5 },
  ],
});

it('writes a line for each place that was explored', async () => {
  const log = open();
  log.add(answer('RID-1'));
  log.add({ ...answer('RID-2'), choices: [] });
  await log.close();
  const [file = ''] = await readdir(folder);
  const lines = (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');
  const common = { recommendationId: 'RID-1', campaignArn: 'arn', userId: 'ü', rate: 0.09 };
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at: '2026-01-02T03:04:05.000Z', ...common, place: 3, itemId: 'new', explored: true, probability: 0.25 },
    { at: '2026-01-02T03:04:05.000Z', ...common, place: 7, itemId: 'known', explored: false, probability: 0.5 },
  ]);
  expect(errors).toEqual([]);
});

it('keeps the newest files, and those of a person', async () => {
  const mine = ['propensities-2025.csv', 'propensities-20250102T030405.000Z-0000.jsonl.gz'];
  await mkdir(folder);
  for (const name of mine) await writeFile(join(folder, name), 'mine');
  for (let run = 0; run < 19; run++) {
    const log = new PropensityLog({ folder, now: () => now + run, onError: (error) => errors.push(error) });
    log.add(answer(`RID-${run}`));
    await log.close();
  }
  const present = (await readdir(folder)).toSorted();
  expect(present).toEqual(expect.arrayContaining(mine));
  const files = present.filter((name) => !mine.includes(name));
  expect(files).toHaveLength(16);
  expect(await readFile(join(folder, files[0] ?? ''), 'utf8')).toContain('RID-3');
  expect(errors).toEqual([]);
});

it('says so when the disk does not take it, and goes on', async () => {
  const log = new PropensityLog({ folder: '/dev/null/log', now: () => now, onError: (error) => errors.push(error) });
  log.add(answer('RID-1'));
  await log.close();
  expect(errors).toHaveLength(1);
});
