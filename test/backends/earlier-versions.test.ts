import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answers, answersOf } from '../support/answers.ts';
import { clients, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { putObject, twoTastes } from '../support/two-tastes.ts';

// Homes that earlier versions wrote (test/fixtures/home-writer.ts): this one must open them, answer as they did, and go
// on.
const homes = join(import.meta.dirname, '../fixtures/homes');
const versions = await readdir(homes);
const options = ['--quota', 'campaignsPerDatasetGroup=9'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-earlier-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(versions)('a home that version %s wrote', (version) => {
  test('opens, answers as it did, and learns on', async () => {
    const home = join(folder, version);
    await cp(join(homes, version, 'home'), home, { recursive: true });
    const expected: Answers = JSON.parse(await readFile(join(homes, version, 'expected.json'), 'utf8'));
    await using server = await startServerProcess({ home, options });

    const answers = await answersOf(server.url, expected.campaigns);
    // Beside them there may be a version whose automatic training has come due since the home was written.
    expect(answers.resources).toMatchObject(expected.resources);
    for (const [question, items] of Object.entries(expected.lists)) {
      const same = answers.lists[question]?.filter((item) => items.includes(item)) ?? [];
      // Another processor may round otherwise, and the newest item may be explored.
      expect(same.length, question).toBeGreaterThanOrEqual(items.length - 1);
    }
    await goOn(server.url, server.buckets);
  });
});

/** Imports again, trains again on all that there is, and deploys the outcome. */
async function goOn(url: string, buckets: string): Promise<void> {
  const { personalize } = clients(url);
  const create = steps({ personalize });
  const { datasets = [] } = await personalize.listDatasets({});
  const interactions = datasets.find(({ datasetType }) => /^interactions$/i.test(datasetType ?? ''));
  const location = await putObject(buckets, 'films', 'more.csv', twoTastes({ usersATaste: 70 }));
  const job = await create.startImport(interactions?.datasetArn ?? '', 'more', location, 'INCREMENTAL');
  expect(await create.importJob(job)).toMatchObject({ status: 'ACTIVE' });
  const { solutions = [] } = await personalize.listSolutions({});
  for (const name of ['popular', 'personal']) {
    const { solutionArn = '' } = solutions.find((solution) => solution.name === name) ?? {};
    const solutionVersionArn = await create.startVersion(solutionArn);
    expect(await create.version(solutionVersionArn)).toMatchObject({ status: 'ACTIVE' });
    const { campaigns = [] } = await personalize.listCampaigns({ solutionArn });
    await personalize.updateCampaign({ campaignArn: campaigns[0]?.campaignArn, solutionVersionArn });
  }
}
