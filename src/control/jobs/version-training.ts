import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../data/object-store.ts';
import type { TrainingRequest } from '../../learn/training.ts';
import { campaignsUsing, followLatest } from '../campaign-updates.ts';
import type { Change } from '../change.ts';
import { trainedEvents } from '../events-config.ts';
import type { Context } from '../parts.ts';
import { getRecipe } from '../recipe.ts';
import type { Documents, Resource } from '../resource.ts';
import { changeResource, findResource } from '../resource-store.ts';
import { withTrainedColumns } from '../training-columns.ts';
import type { Job, JobKind } from './job.ts';
import { subjectOf } from './subject.ts';
import { beginAttempt, checkpointPrefix } from './training-checkpoints.ts';
import { takeTrainingInputs } from './training-inputs.ts';

/**
 * Trains on the dataset group's data, going on where an attempt before was cut short, and puts the model into the store, `model.json` last; one transaction then makes the
 * version ACTIVE and starts the updates of the campaigns that follow its solution.
 */
export function versionTraining(context: Context): JobKind {
  const { store, workFolder, settings } = context;
  return {
    lane: 'training',
    async run(job, watch) {
      const version = await job.change(async (change) =>
        changeResource(change, await subjectOf(change, 'solution-version', job), { status: 'CREATE IN_PROGRESS' }),
      );
      const { prefix } = version.document;
      await using attempt = await beginAttempt(store, prefix, () => performance.now());
      const folder = join(workFolder, `training-${job.id}-${job.attempt}`);
      try {
        const modelFolder = join(folder, 'model');
        const scratch = join(folder, 'work');
        await mkdir(scratch, { recursive: true });
        watch.progress(0, 'fetching the data');
        const { datasetGroupArn } = version.document;
        const dataFolder = join(folder, 'data');
        const taken = await takeTrainingInputs({
          ...{ context, job, datasetGroupArn, folder: dataFolder, signal: watch.signal },
          async remember(change, recordsThrough) {
            await changeResource(change, await subjectOf(change, 'solution-version', job), {
              document: { recordsThrough },
            });
          },
        });
        const inputs = withTrainedColumns(taken.inputs, version.document);
        const { quotas: limits, seed, textEncoder, provider } = settings;
        const settingsOfRun = { limits, seed, textEncoder, provider, modelFolder, workFolder: scratch };
        const request = { ...requestFor(version), ...inputs, ...settingsOfRun };
        const { metrics, seconds } = await context.train(request, watch, attempt.checkpoints);
        watch.progress(1, 'storing the model');
        const model = `${prefix}${job.attempt}/`;
        await storeModel(store, modelFolder, model);
        return {
          commit: (change) =>
            finish(change, job, {
              ...{ model, metrics, trainedOn: taken.state },
              trainingHours: (attempt.secondsBefore + seconds) / 3600,
            }),
        };
      } catch (error) {
        await attempt.keepTime();
        throw error;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    fail: (change, job, failureReason) => end(change, job, failureReason),
    cancelled: (change, job) => end(change, job),
    async ended({ resourceArn }) {
      const version = await findResource(context.database, 'solution-version', resourceArn);
      if (version) await store.removeAll(checkpointPrefix(version.document.prefix));
    },
  };
}

function requestFor({
  document,
}: Resource<'solution-version'>): Pick<
  TrainingRequest,
  'recipe' | 'parameters' | 'eventType' | 'eventValueThreshold' | 'events'
> {
  const { algorithmHyperParameters, featureTransformationParameters, eventValueThreshold, eventsConfig } =
    document.solutionConfig ?? {};
  return {
    recipe: getRecipe(document.recipeArn).name,
    parameters: { ...algorithmHyperParameters, ...featureTransformationParameters },
    eventType: document.eventType,
    eventValueThreshold: eventValueThreshold === undefined ? undefined : Number(eventValueThreshold),
    events: trainedEvents(eventsConfig),
  };
}

/** `model.json` tells that a model is whole, and therefore comes last. */
async function storeModel(store: ObjectStore, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const isLast = (path: string) => path === join(folder, 'model.json');
  for (const path of [...names.filter((name) => !isLast(name)), ...names.filter(isLast)]) {
    await store.adopt(prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), path);
  }
}

type Trained = Pick<Documents['solution-version'], 'model' | 'metrics' | 'trainedOn' | 'trainingHours'>;

async function finish(change: Change, job: Job, trained: Trained): Promise<void> {
  const version = await subjectOf(change, 'solution-version', job);
  // Asked to stop after the last look at the signal: it is stopped; the next start clears the model away.
  if (version.status === 'CREATE STOPPING') return await end(change, job);
  await changeResource(change, version, { status: 'ACTIVE', document: trained });
  const solution = await findResource(change.trx, 'solution', version.parent ?? '');
  if (!solution) throw new Error(`${version.arn} has no solution.`);
  for (const campaign of await campaignsUsing(change.trx, solution)) {
    if (campaign.parent === solution.arn) await followLatest(change, campaign);
  }
}

/** A training that ends without a model: stopped where that was asked for, failed otherwise. */
async function end(change: Change, job: Job, failureReason?: string): Promise<void> {
  const version = await subjectOf(change, 'solution-version', job);
  if (version.status === 'CREATE STOPPING') {
    await changeResource(change, version, { status: 'CREATE STOPPED' });
  } else {
    await changeResource(change, version, { status: 'CREATE FAILED', document: { failureReason } });
  }
}
