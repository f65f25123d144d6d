import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Personalize } from '@aws-sdk/client-personalize';
import { S3 } from '@aws-sdk/client-s3';
import { announcedServer } from '../../edge/running-server.ts';
import { jobProgress } from '../../quickstart/job-progress.ts';
import { startProgressBar } from '../../terminal/progress-bar.ts';
import { defaultEndpoint, type RecommendOptions } from '../options/tool-options.ts';
import { type FailedLine, headerFor, rowsOf } from './answers-csv.ts';
import { BucketFiles } from './bucket-files.ts';
import { idsOf, type Subject } from './ids-file.ts';

const pollEveryMs = 250;
const file = 'lines.json';
/** Lines that were not answered, of which it is said why. */
const mostShown = 5;

export type Streams = {
  /** Of the lists, where no file is named. */
  readonly output: NodeJS.WritableStream;
  readonly messages: NodeJS.WritableStream;
  readonly signal: AbortSignal;
};

/**
 * Writes the lists of all users of a file, or beside all items, as CSV: by a batch inference job whose files it makes
 * and removes.
 *
 * @returns whether each line was answered
 * @throws Error with a sentence for a person
 */
export async function recommend(options: RecommendOptions, streams: Streams): Promise<boolean> {
  const { users, items } = options;
  if ((users === undefined) === (items === undefined)) throw new Error('Give either --users FILE or --items FILE.');
  const subject: Subject = users === undefined ? byItem : byUser;
  const endpoint = options.endpoint ?? (await announcedServer(options.home))?.url ?? defaultEndpoint;
  const personalize = new Personalize(settingsFor(endpoint));
  const s3 = new S3({ ...settingsFor(options.s3Endpoint ?? endpoint), forcePathStyle: true });
  try {
    const solutionVersionArn = options.solutionVersion ?? (await versionOf(personalize, options.campaign));
    const name = `recommend-${randomUUID()}`;
    await using files = await BucketFiles.open(s3, options.bucket, `${name}/`);
    await files.upload(`in/${file}`, linesOf(users ?? items ?? '', subject));
    const { batchInferenceJobArn = '' } = await personalize.createBatchInferenceJob({
      ...{ jobName: name, solutionVersionArn, numResults: options.results, roleArn: options.role },
      ...(options.filter !== undefined && { filterArn: options.filter }),
      jobInput: { s3DataSource: { path: files.uri(`in/${file}`) } },
      jobOutput: { s3DataDestination: { path: files.uri('out/') } },
    });
    await untilAnswered({ personalize, endpoint, batchInferenceJobArn }, streams);
    return await writeLists(files, subject, options.out, streams);
  } finally {
    personalize.destroy();
    s3.destroy();
  }
}

const byUser: Subject = { column: 'USER_ID', key: 'userId' };
const byItem: Subject = { column: 'ITEM_ID', key: 'itemId' };

/** Without an access key in the environment any will do: a server that verifies signatures refuses it. */
function settingsFor(endpoint: string) {
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const hasKey = process.env.AWS_ACCESS_KEY_ID !== undefined || process.env.AWS_PROFILE !== undefined;
  return { endpoint, region, ...(!hasKey && { credentials: { accessKeyId: 'any', secretAccessKey: 'any' } }) };
}

async function versionOf(personalize: Personalize, campaignArn: string | undefined): Promise<string> {
  if (campaignArn === undefined) throw new Error('Give --solution-version ARN or --campaign ARN.');
  const { campaign } = await personalize.describeCampaign({ campaignArn });
  return campaign?.solutionVersionArn ?? '';
}

async function* linesOf(path: string, subject: Subject): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const ids of idsOf(path, subject)) {
    if (ids.length === 0) continue;
    isEmpty = false;
    yield `${ids.map((id) => JSON.stringify({ [subject.key]: id })).join('\n')}\n`;
  }
  if (isEmpty)
    throw new Error(`${path} names no ${subject.column}: write one id a line, or a column ${subject.column}.`);
}

type Asked = { readonly personalize: Personalize; readonly endpoint: string; readonly batchInferenceJobArn: string };

async function untilAnswered(
  { personalize, endpoint, batchInferenceJobArn }: Asked,
  { messages, signal }: Streams,
): Promise<void> {
  const bar = startProgressBar(messages, 'Recommending');
  for (;;) {
    const { batchInferenceJob } = await personalize.describeBatchInferenceJob({ batchInferenceJobArn });
    const { status, failureReason } = batchInferenceJob ?? {};
    if (status === 'ACTIVE') return bar.done();
    if (status === 'CREATE FAILED') {
      bar.failed();
      throw new Error(failureReason ?? 'The batch inference job failed; the log of the server says why.');
    }
    // A server that does not show its metrics still answers.
    const fraction = await jobProgress(endpoint, batchInferenceJobArn).catch(() => undefined);
    if (fraction !== undefined) bar.update(fraction);
    await sleep(pollEveryMs, undefined, { signal }).catch(() => {
      bar.failed();
      throw new Error(`Stopped. The server ends ${batchInferenceJobArn} by itself, without its files.`);
    });
  }
}

async function writeLists(
  files: BucketFiles,
  subject: Subject,
  out: string | undefined,
  { output, messages }: Streams,
): Promise<boolean> {
  const failed: FailedLine[] = [];
  let failures = 0;
  async function* csv() {
    yield headerFor(subject);
    for await (const line of files.lines(`out/${file}.out`)) {
      const rows = rowsOf(line, subject);
      if (typeof rows === 'string') yield rows;
      else if (failures++ < mostShown) failed.push(rows);
    }
  }
  const target = out === undefined ? output : createWriteStream(out);
  await pipeline(Readable.from(csv(), { objectMode: false }), target, { end: out !== undefined });
  for (const { id, error } of failed) messages.write(`${id}: ${error}\n`);
  if (failures > failed.length)
    messages.write(`… and ${failures - failed.length} more lines that were not answered.\n`);
  return failures === 0;
}
