import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lookInto } from '../support/home.ts';
import { clients, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

const header = 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n';
const good = `${header}u1,i1,watch,1600000000\n`;

/** Files that must not be imported, and the reason that is given. The cases beside the import go further into each. */
const bad: Record<string, readonly [content: string | Uint8Array, reason: string]> = {
  'missing-column': [good.replaceAll('ITEM_ID', 'FILM'), 'missing the following columns:[ITEM_ID]'],
  'wrong-type': [good.replace('1600000000', 'soon'), 'line 2, column TIMESTAMP, value "soon"'],
  'empty-value': [good.replace('u1', ''), 'line 2, column USER_ID, value ""'],
  'long-id': [good.replace('i1', 'i'.repeat(257)), 'Length cannot be more than 256 characters for ITEM_ID'],
  'broken-quoting': [good.replace('i1', '"i1'), 'line 2: a quoted value must end on its line'],
  'latin-1': [Buffer.from(good.replace('i1', 'ü'), 'latin1'), 'line 2: the text must be encoded in UTF-8'],
  'utf-16': [Buffer.from(`\ufeff${good}`, 'utf16le'), 'is encoded in UTF-16'],
  'broken-gzip': [gzipSync(good).subarray(0, 30), 'is not a complete gzip file'],
  empty: ['', 'is empty'],
  'header-only': [header, 'has no data rows'],
};

/** Files that are unusual and in order, of one row each. */
const unusual: Record<string, string | Uint8Array> = {
  'extra-column': good.replace('\n', ',EXTRA\n').replace('0\n', '0,x\n'),
  'byte-order-mark': `\ufeff${good}`,
  crlf: good.replaceAll('\n', '\r\n'),
  gzip: gzipSync(good),
};

test('a bad file is told to its owner and changes nothing; an unusual one is imported', async () => {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bad-files-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true }));
  await using server = await startServerProcess({ home });
  const create = steps(clients(server.url));
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'w', schemas.interactions);
  const old = twoTastes();
  const run = async (name: string, location: string, mode: 'FULL' | 'INCREMENTAL' = 'FULL') =>
    create.importJob(await create.startImport(datasetArn, name, location, mode));
  expect(await run('old', await putObject(server.buckets, 'films', 'old.csv', old))).toMatchObject({
    status: 'ACTIVE',
  });

  for (const [name, [content, reason]] of Object.entries(bad)) {
    await writeFile(join(server.buckets, 'films', name), content);
    const job = await run(name, `s3://films/${name}`);
    expect(job, name).toMatchObject({ status: 'CREATE FAILED', failureReason: expect.stringContaining(reason) });
    expect(job?.failureReason).toContain(`films/${name}`);
  }
  for (const [name, content] of Object.entries(unusual)) {
    await writeFile(join(server.buckets, 'films', name), content);
    const job = await run(name, `s3://films/${name}`, 'INCREMENTAL');
    expect(job?.status, `${name}: ${job?.failureReason}`).toBe('ACTIVE');
  }

  expect(await server.stop()).toBe(0);
  const left = await lookInto(home);
  const oldRows = old.trimEnd().split('\n').length - 1;
  expect(left.rows.get(datasetArn)).toBe(oldRows + Object.keys(unusual).length);
  expect(left.strayFiles).toEqual([]);
});
