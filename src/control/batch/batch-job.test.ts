import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const roleArn = 'arn:aws:iam::123456789012:role/batch';
const at = (path: string) => ({ s3DataSource: { path } });
const to = (path: string) => ({ s3DataDestination: { path } });

type Asked = Input<'CreateBatchInferenceJob'>;

/** A version that answers, in a group with data. */
async function version(recipe = 'aws-user-personalization'): Promise<string> {
  const step = steps(bench);
  const { group } = await withData(bench);
  return await step.version(await step.solution(group, 'likes', recipe));
}

const asked = (solutionVersionArn: string, more: Partial<Asked> = {}): Asked => ({
  jobName: 'nightly',
  solutionVersionArn,
  jobInput: at('s3://data/in/'),
  jobOutput: to('s3://data/out/'),
  roleArn,
  ...more,
});

/** Creates a job and waits for its end. */
async function run(input: Asked) {
  const { batchInferenceJobArn = '' } = await bench.call('CreateBatchInferenceJob', input);
  await bench.settled(batchInferenceJobArn);
  return (await bench.call('DescribeBatchInferenceJob', { batchInferenceJobArn })).batchInferenceJob;
}

const inBucket = (key: string) => join(bench.home, 'buckets', 'data', key);

async function put(key: string, content: string): Promise<void> {
  await mkdir(dirname(inBucket(key)), { recursive: true });
  await writeFile(inBucket(key), content);
}

const found = async (folder: string) => (await readdir(inBucket(folder), { recursive: true })).toSorted();
const users = (...ids: string[]) => ids.map((userId) => `${JSON.stringify({ userId })}\n`).join('');
const answer = (id: string) => `{"input":{"userId":"${id}"},"output":{"recommendedItems":[]},"error":null}\n`;

/** What is left of batch jobs in the server's store. */
async function leftInStore(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of bench.parts.store.list('batch/')) keys.push(key);
  return keys;
}

it('answers the lines of all files, each in a file of its own, and leaves nothing in the store', async () => {
  const solutionVersionArn = await version();
  await put('in/a.json', users('u1', 'u2'));
  await put('in/deep/b.json', users('u3'));
  await put('in/empty.json', '');
  await put('in/_SUCCESS', 'mark');
  const job = await run(asked(solutionVersionArn, { tags: [{ tagKey: 'team', tagValue: 'mail' }] }));
  expect(job).toMatchObject({
    jobName: 'nightly',
    batchInferenceJobArn: arnFor('batch-inference-job/nightly'),
    solutionVersionArn,
    status: 'ACTIVE',
    numResults: 25,
    batchInferenceJobMode: 'BATCH_INFERENCE',
    batchInferenceJobConfig: {
      itemExplorationConfig: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' },
    },
    jobInput: at('s3://data/in/'),
    jobOutput: to('s3://data/out/'),
    roleArn,
  });
  expect(await found('out')).toEqual(['_CHECK', 'a.json.out', 'b.json.out', 'empty.json.out']);
  expect(await readFile(inBucket('out/a.json.out'), 'utf8')).toBe(answer('u1') + answer('u2'));
  expect(await readFile(inBucket('out/b.json.out'), 'utf8')).toBe(answer('u3'));
  expect(await readFile(inBucket('out/empty.json.out'), 'utf8')).toBe('');
  await expect.poll(leftInStore).toEqual([]);
  const { tags } = await bench.call('ListTagsForResource', { resourceArn: job?.batchInferenceJobArn ?? '' });
  expect(tags).toEqual([{ tagKey: 'team', tagValue: 'mail' }]);
});

it('takes every object whose key begins with the path, but not its own output', async () => {
  const solutionVersionArn = await version();
  await put('in/a.json', users('u1'));
  await put('in_old/b.json', users('u2'));
  await put('in/out/c.json.out', 'of an earlier job');
  const job = await run(asked(solutionVersionArn, { jobInput: at('s3://data/in'), jobOutput: to('s3://data/in/out') }));
  expect(job?.status).toBe('ACTIVE');
  expect(await found('in/out')).toEqual(['_CHECK', 'a.json.out', 'b.json.out', 'c.json.out']);
  // Once more: what it has written beside its input is no input.
  const again = { jobName: 'again', jobInput: at('s3://data/in/a'), jobOutput: to('s3://data/in/') };
  await run(asked(solutionVersionArn, again));
  await run(asked(solutionVersionArn, { ...again, jobName: 'once-more' }));
  expect(await found('in')).toEqual([
    '_CHECK',
    'a.json',
    'a.json.out',
    'out',
    ...(await found('in/out')).map((name) => `out/${name}`),
  ]);
});

it('divides large files into shares and ranges, and keeps the order of lines', async () => {
  const solutionVersionArn = await version();
  const ids = Array.from({ length: 60_000 }, (_, n) => `user-${n}`);
  await put('in/all.json', users(...ids));
  const job = await run(asked(solutionVersionArn));
  expect(job?.status).toBe('ACTIVE');
  expect(bench.scored.length).toBeGreaterThan(1);
  const written = await readFile(inBucket('out/all.json.out'), 'utf8');
  expect(written === ids.map(answer).join('')).toBe(true);
});

it('resumes after the server: ranges that are done are not done again', async () => {
  const solutionVersionArn = await version();
  await put('in/all.json', users(...Array.from({ length: 60_000 }, (_, n) => `user-${n}`)));
  bench.scoring.hold();
  const { batchInferenceJobArn = '' } = await bench.call('CreateBatchInferenceJob', asked(solutionVersionArn));
  await expect.poll(() => bench.scored.length).toBe(2);
  const describe = () => bench.call('DescribeBatchInferenceJob', { batchInferenceJobArn });
  expect((await describe()).batchInferenceJob?.status).toBe('CREATE IN_PROGRESS');
  const home = bench.home;
  await bench.control.stop();
  const before = await leftInStore();
  expect(before.some((key) => key.endsWith('plan.json'))).toBe(true);
  const other = await openBench({ home, database: { ...bench.parts, close: async () => {} } as never });
  try {
    expect(await other.settled(batchInferenceJobArn)).toBe('ACTIVE');
  } finally {
    await other.close();
  }
});

it('refuses at once what cannot work', async () => {
  const solutionVersionArn = await version();
  const refused = (more: Partial<Asked>) =>
    refusal(bench.call('CreateBatchInferenceJob', asked(solutionVersionArn, more)));
  const invalid = 'InvalidInputException: ';
  expect(await refused({ jobInput: at('http://data/in/') })).toBe(`${invalid}Invalid S3 input path.`);
  expect(await refused({ jobOutput: to('s3://data') })).toBe(`${invalid}Invalid S3 output path.`);
  expect(await refused({ jobOutput: to('s3://data/in') })).toBe(
    `${invalid}Invalid S3 output path. The paths of input and output must differ.`,
  );
  expect(await refused({ numResults: 501 })).toBe(`${invalid}numResults must be from 1 to 500.`);
  expect(await refused({ numResults: -1 })).toBe(`${invalid}numResults must be from 1 to 500.`);
  expect(await refused({ batchInferenceJobConfig: { rankingInfluence: { POPULARITY: 0.5 } } })).toBe(
    `${invalid}rankingInfluence does not apply to the recipe aws-user-personalization.`,
  );
  expect(await refused({ batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: '2' } } })).toBe(
    `${invalid}explorationWeight 2 is invalid; it must be a number from 0 to 1.`,
  );
  const missing = arnFor('filter/none');
  expect(await refused({ filterArn: missing })).toBe(
    `ResourceNotFoundException: Resource Arn ${missing} does not exist.`,
  );
  await put('in/a.json', users('u1'));
  await run(asked(solutionVersionArn));
  expect(await refused({})).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${arnFor('batch-inference-job/nightly')} already exists.`,
  );
});

it.each([
  ['aws-item-affinity', 'CreateBatchInferenceJob', 'CreateBatchSegmentJob'],
  ['aws-sims', 'CreateBatchSegmentJob', 'CreateBatchInferenceJob'],
  ['aws-trending-now', 'CreateBatchInferenceJob', 'CreateCampaign'],
] as const)('refuses a version of %s in %s, and names %s', async (recipe, operation, instead) => {
  const solutionVersionArn = await version(recipe);
  const message = await refusal(bench.call(operation, asked(solutionVersionArn)));
  expect(message).toMatch(
    new RegExp(`InvalidInputException: A batch .* cannot use recipe ${recipe} .* Use ${instead} instead`),
  );
});

it('takes filters of its group that are about items', async () => {
  const solutionVersionArn = await version();
  const filter = async (name: string, filterExpression: string) => {
    const { filterArn = '' } = await bench.call('CreateFilter', {
      name,
      filterExpression,
      datasetGroupArn: arnFor('dataset-group/films'),
    });
    return filterArn;
  };
  const ofUsers = await filter('of-users', 'EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("*")').catch(
    () => undefined,
  );
  if (ofUsers) {
    expect(
      await refusal(bench.call('CreateBatchInferenceJob', asked(solutionVersionArn, { filterArn: ofUsers }))),
    ).toMatch(/is about UserID; recipe aws-user-personalization needs one about ItemID/);
  }
});

it('fails with what is wrong of the input, the output, or all lines', async () => {
  const solutionVersionArn = await version();
  const reason = async (jobName: string, more: Partial<Asked> = {}) => {
    const job = await run(asked(solutionVersionArn, { jobName, ...more }));
    expect(job?.status).toBe('CREATE FAILED');
    return job?.failureReason;
  };
  expect(await reason('nothing')).toBe('Invalid S3 input path. There is no file whose name begins with s3://data/in/.');
  expect(await reason('no-bucket', { jobOutput: to('s3://nowhere/out/') })).toMatch(
    /^Invalid S3 output path\. .*nowhere/,
  );
  await put('in/a/x.json', users('u1'));
  await put('in/b/x.json', users('u2'));
  expect(await reason('same-name')).toBe(
    's3://data/in/a/x.json and s3://data/in/b/x.json would both become x.json.out. ' +
      'Give one of them another name, or create a job for each folder.',
  );
  await put('bad/x.json', users('bad-1', 'bad-2'));
  expect(await reason('all-bad', { jobInput: at('s3://data/bad/') })).toBe(
    'None of the 2 lines could be answered. The first one of s3://data/bad/x.json: It is bad.',
  );
  expect((await found('out')).includes('x.json.out')).toBe(true);
  await expect.poll(leftInStore).toEqual([]);
});

it('keeps to the limits on files, bytes, lines and jobs', async () => {
  await bench.close();
  const quotas = { batchFiles: 2, batchBytes: 100, batchLinesPerFile: 3, unfinishedBatchInferenceJobs: 1 };
  bench = await openBench({ quotas });
  const solutionVersionArn = await version();
  const reason = async (jobName: string) => (await run(asked(solutionVersionArn, { jobName })))?.failureReason;
  await put('in/a.json', `${users('u1', 'u2', 'u3')}\n\n`);
  expect(await reason('fits')).toBeUndefined();
  await put('in/a.json', users('u1', 'u2', 'u3', 'u4'));
  expect(await reason('lines')).toBe(
    's3://data/in/a.json has more than 3 lines; a file of this batch job may have no more.',
  );
  await put('in/a.json', users('u'.repeat(100)));
  expect(await reason('bytes')).toBe('The files at s3://data/in/ have 114 bytes; a batch job reads no more than 100.');
  await put('in/a.json', users('u1'));
  await put('in/b.json', users('u1'));
  await put('in/c.json', users('u1'));
  expect(await reason('files')).toBe('There are more than 2 files at s3://data/in/; a batch job reads no more.');
  await put('one/a.json', users('u1'));
  bench.scoring.hold();
  const job = (jobName: string) => asked(solutionVersionArn, { jobName, jobInput: at('s3://data/one/') });
  const { batchInferenceJobArn = '' } = await bench.call('CreateBatchInferenceJob', job('held'));
  expect(await refusal(bench.call('CreateBatchInferenceJob', job('too-many')))).toBe(
    'LimitExceededException: More than 1 resources with PENDING or IN_PROGRESS status.',
  );
  expect(await refusal(bench.call('DeleteSolution', { solutionArn: arnFor('solution/likes') }))).toMatch(
    /ResourceInUseException.*batch-inference-job\/held/,
  );
  bench.scoring.release();
  expect(await bench.settled(batchInferenceJobArn)).toBe('ACTIVE');
});

it('ends with the sentence of a share that cannot be done, and stops the others', async () => {
  const solutionVersionArn = await version();
  await put('in/all.json', users(...Array.from({ length: 60_000 }, (_, n) => `user-${n}`)));
  bench.scoring.hold();
  const { batchInferenceJobArn = '' } = await bench.call('CreateBatchInferenceJob', asked(solutionVersionArn));
  await expect.poll(() => bench.scored.length).toBe(2);
  await writeFile(inBucket('in/all.json'), users('another'));
  bench.scoring.release(new Error('the process died'));
  expect(await bench.settled(batchInferenceJobArn)).toBe('CREATE FAILED');
  const { batchInferenceJob } = await bench.call('DescribeBatchInferenceJob', { batchInferenceJobArn });
  expect(batchInferenceJob?.failureReason).toBe(
    's3://data/in/all.json was changed while the job was reading it. Create the job again.',
  );
  await expect.poll(leftInStore).toEqual([]);
  expect(await found('out')).toEqual(['_CHECK']);
});

it('begins again where a restore has left the queue but not what its jobs were about to do', async () => {
  const solutionVersionArn = await version();
  await put('in/a.json', users('u1'));
  bench.scoring.hold();
  const { batchInferenceJobArn = '' } = await bench.call('CreateBatchInferenceJob', asked(solutionVersionArn));
  await expect.poll(() => bench.scored.length).toBe(1);
  await bench.parts.store.removeAll('batch/');
  bench.scoring.release(new Error('it went wrong'));
  bench.scoring.hold();
  await expect.poll(() => bench.scored.length, { timeout: 10_000 }).toBe(2);
  bench.scoring.release();
  expect(await bench.settled(batchInferenceJobArn)).toBe('ACTIVE');
  expect(await readFile(inBucket('out/a.json.out'), 'utf8')).toBe(answer('u1'));
});

it('brings the newest version that was trained in full up to date, and no other', async () => {
  const solutionVersionArn = await version();
  await put('in/a.json', users('u1'));
  await run(asked(solutionVersionArn));
  expect(bench.trained).toHaveLength(1);
  await steps(bench).imported(arnFor('dataset/films/INTERACTIONS'), 'second');
  await run(asked(solutionVersionArn, { jobName: 'after-an-import' }));
  expect(bench.trained.map(({ modelToUpdate }) => modelToUpdate !== undefined)).toEqual([false, true]);
  const newer = await steps(bench).version(arnFor('solution/likes'));
  await steps(bench).imported(arnFor('dataset/films/INTERACTIONS'), 'third');
  await run(asked(solutionVersionArn, { jobName: 'of-the-older' }));
  expect(bench.trained).toHaveLength(3);
  await run(asked(newer, { jobName: 'of-the-newer' }));
  expect(bench.trained).toHaveLength(4);
  await expect.poll(leftInStore).toEqual([]);
});

it('lists jobs of both kinds, newest first', async () => {
  const solutionVersionArn = await version();
  await put('in/a.json', users('u1'));
  for (const jobName of ['first', 'second']) await run(asked(solutionVersionArn, { jobName }));
  const names = async (input: Input<'ListBatchInferenceJobs'>) =>
    (await bench.call('ListBatchInferenceJobs', input)).batchInferenceJobs?.map(({ jobName }) => jobName);
  expect(await names({ solutionVersionArn })).toEqual(['second', 'first']);
  expect(await names({ solutionVersionArn: arnFor('solution/other/1') })).toEqual([]);
  expect(await bench.call('ListBatchSegmentJobs', {})).toEqual({ batchSegmentJobs: [] });
});
