import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

/** Overwrites the second half of a file, as a disk or a person may: it keeps its name and size. */
async function overwriteHalf(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(Math.ceil(size / 2)), 0, Math.ceil(size / 2), Math.floor(size / 2));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}

test('a damaged file of a model or of a dataset is named and never served', async () => {
  await using first = await startServerProcess();
  const { home, buckets } = first;
  const create = steps(clients(first.url));
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const location = await putObject(buckets, 'films', 'events.csv', twoTastes());
  await create.importJob(await create.startImport(datasetArn, 'films', location));
  const solution = await create.solution(datasetGroupArn, 'films', 'aws-user-personalization');
  const version = await create.startVersion(solution);
  expect(await create.version(version)).toMatchObject({ status: 'ACTIVE' });
  const campaignArn = await create.campaign('films', version);
  expect(await first.stop()).toBe(0);

  // Each is opened by the first request after a start.
  const models = await filesBelow(join(home, 'store', 'models'));
  expect(models.map((path) => path.split('/').at(-1)).sort()).toEqual(
    ['items.parquet', 'model.json', 'tensors.safetensors', 'users.parquet'].sort(),
  );
  for (const path of models) {
    const whole = await readFile(path);
    await overwriteHalf(path);
    await using server = await startServerProcess({ home, options: ['--buckets', buckets] });
    const { runtime } = clients(server.url);
    const asked = runtime.getRecommendations({ campaignArn, userId: 'ua1', numResults: 5 });
    await expect(asked, path).rejects.toMatchObject({
      $metadata: { httpStatusCode: 503 },
      message: expect.stringContaining(`${path} is damaged`),
    });
    await writeFile(path, whole);
    const { itemList } = await runtime.getRecommendations({ campaignArn, userId: 'ua1', numResults: 5 });
    expect(itemList).toHaveLength(5);
  }

  const [dataFile = '', ...others] = await filesBelow(join(home, 'store', 'datasets'));
  expect(others).toEqual([]);
  await overwriteHalf(dataFile);
  await using server = await startServerProcess({ home, options: ['--buckets', buckets] });
  const again = steps(clients(server.url));
  const failed = await again.version(await again.startVersion(solution));
  expect(failed).toMatchObject({ status: 'CREATE FAILED' });
  expect(failed?.failureReason).toContain(`${dataFile} is damaged`);
  expect(failed?.failureReason).toContain('importMode FULL');
  expect(server.log()).not.toContain('"attempt":');
  // What it advises helps.
  expect(await again.importJob(await again.startImport(datasetArn, 'again', location))).toMatchObject({
    status: 'ACTIVE',
  });
  expect(await again.version(await again.startVersion(solution))).toMatchObject({ status: 'ACTIVE' });
});
