import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PersonalizeServiceException } from '@aws-sdk/client-personalize';
import { PersonalizeRuntimeServiceException } from '@aws-sdk/client-personalize-runtime';
import { createDatasetGroup, newRunName } from './dataset-groups.ts';
import { QuickstartError } from './failure.ts';
import { importData } from './import-data.ts';
import { prepareMovieRatings } from './movie-ratings.ts';
import { metricsTable, nextSteps, recommendationsTable } from './report.ts';
import { openSession, type Session } from './steps.ts';
import { createCampaign, trainSolutions } from './training.ts';
import { prepareVideoStore } from './video-store.ts';

export type QuickstartOptions = {
  /** Where a server listens. */
  readonly url: string;
  /** The folder where that server finds `s3://` buckets. */
  readonly bucketsFolder: string;
  /** A MovieLens-style ratings file; without it a video store is made up. */
  readonly ratings?: string | undefined;
  /** If the server ends when this is done: how it is started again, and where it listens then. */
  readonly restart?: { readonly command: string; readonly url: string } | undefined;
  readonly output: NodeJS.WritableStream;
};

const videoStoreSeed = 1;

/**
 * From data to recommendations, step by step through the public API, reported to `output`.
 *
 * @throws QuickstartError whose message names what failed, why, and what to do.
 */
export async function runQuickstart(options: QuickstartOptions): Promise<void> {
  const workFolder = await mkdtemp(join(tmpdir(), 'openpersonalize-quickstart-'));
  try {
    await journey(openSession(options.url, options.output), options, workFolder);
  } catch (error) {
    if (error instanceof PersonalizeServiceException || error instanceof PersonalizeRuntimeServiceException) {
      throw new QuickstartError(`The server refused a request.\n${error.name}: ${error.message}`, { cause: error });
    }
    throw error;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function journey(session: Session, options: QuickstartOptions, workFolder: string): Promise<void> {
  const { output } = session;
  const data = await (options.ratings === undefined
    ? prepareVideoStore(workFolder, videoStoreSeed)
    : prepareMovieRatings(options.ratings, workFolder));
  const run = newRunName(new Date());
  output.write(`\n${run}: ${data.description}\n\n`);

  const datasetGroupArn = await createDatasetGroup(session, run);
  await importData(session, data, { run, datasetGroupArn, bucketsFolder: options.bucketsFolder });
  const [trained, baseline] = await trainSolutions(session, { run, datasetGroupArn }, [
    'aws-user-personalization',
    'aws-popularity-count',
  ] as const);
  const campaignArn = await createCampaign(session, run, trained.solutionVersionArn);

  output.write('\n');
  for (const viewer of data.viewers) {
    output.write(`${await recommendationsTable(session, campaignArn, viewer, data.films)}\n`);
  }
  output.write('Accuracy on held-out users\n\n');
  output.write(`${metricsTable(trained, baseline)}\n`);
  output.write(
    'Metrics leave out items that a user had before, unless users come back to such items; the recommendations above ' +
      'leave them out always.\n\n',
  );
  const { restart } = options;
  const opening = restart ? `Next, after ${restart.command}:` : 'Next, from another shell with the AWS CLI:';
  const url = restart?.url ?? options.url;
  output.write(`${opening}\n\n${nextSteps({ url, datasetGroupArn, trained, campaignArn, viewer: data.viewers[0] })}\n`);
  if (!restart) output.write(`The server keeps listening on ${options.url}; Ctrl+C ends it.\n`);
}
