import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { resourceNotFound } from '../contract/errors.ts';
import type { Output } from '../contract/operations.ts';
import { dispatchTo, httpServerFor } from '../edge/http-server.fixture.ts';
import { showImports } from './imports.ts';

type Imports = Output<'ListImports'>['imports'];

const anImport: Imports[number] = {
  datasetImportJobArn: 'arn:job/first',
  datasetArn: 'arn:dataset',
  dataLocation: 's3://data/',
  status: 'ACTIVE',
  createdAt: 1_700_000_000_000,
  rows: 9742,
  rowsLeftOut: 1,
  valuesMissing: 12,
  problems: [
    {
      uri: 's3://data/a.csv',
      line: 7,
      column: 'YEAR',
      value: '19"0',
      rule: 'it must be a whole number',
      outcome: 'value missing',
    },
    { uri: 's3://data/a.csv', line: 9, rule: 'a quoted value must end on its line', outcome: 'row left out' },
  ],
};

/** What the command shows of a server that answers so. */
async function shown(imports: Imports, job?: string, limit = 20): Promise<string> {
  const server = httpServerFor({
    dispatch: dispatchTo({
      ListImports: async (input) => {
        if (input.job === 'none') throw resourceNotFound('none');
        return { imports };
      },
    }),
  });
  const endpoint = await server.listen({ port: 0, host: '127.0.0.1' });
  const output = new PassThrough();
  try {
    await showImports({ endpoint, home: 'no home', job, limit }, output);
  } finally {
    await server.close();
    output.end();
  }
  return await text(output);
}

it('shows of one import its counts, and each problem with place, value and rule', async () => {
  const lines = (await shown([anImport])).split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim());
  expect(lines).toContain('2023-11-14 22:13:20 arn:job/first ACTIVE 9,742 1 12');
  expect(lines).toContain('s3://data/a.csv 7 YEAR "19\\"0" it must be a whole number value missing');
  expect(lines).toContain('s3://data/a.csv 9 – – a quoted value must end on its line row left out');
});

it('says when there may be more problems than it shows', async () => {
  expect(await shown([anImport], undefined, 2)).toContain('These are the first 2: --limit 1000 shows up to 1000.');
  expect(await shown([anImport], undefined, 3)).not.toContain('--limit');
});

it('shows of several their counts, and how to see the problems', async () => {
  const { rows: _, rowsLeftOut: __, valuesMissing: ___, ...waiting } = { ...anImport, status: 'CREATE PENDING' };
  const output = await shown([{ ...waiting, problems: [] }, anImport]);
  expect(output).toContain('CREATE PENDING');
  expect(output).toContain('--job ARN');
  expect(output).not.toContain('whole number');
});

it('shows why an import failed, and says where there is none', async () => {
  expect(await shown([{ ...anImport, status: 'CREATE FAILED', failureReason: 'It is empty.' }])).toContain(
    'It is empty.',
  );
  expect(await shown([])).toContain('There are no import jobs yet.');
  await expect(shown([], 'none')).rejects.toThrow('Resource Arn none does not exist.');
});
