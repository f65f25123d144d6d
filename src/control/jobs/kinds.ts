import type { Context } from '../parts.ts';
import { beginSchedule } from '../training-schedule.ts';
import { automaticTraining } from './automatic-training.ts';
import { campaignCreation, campaignUpdate } from './campaign-deployment.ts';
import { recordCompaction } from './compaction.ts';
import { creationOf } from './creation.ts';
import { datasetImport } from './dataset-import.ts';
import { datasetUpdate } from './dataset-update.ts';
import {
  campaignDeletion,
  datasetDeletion,
  datasetGroupDeletion,
  eventTrackerDeletion,
  solutionDeletion,
} from './deletions.ts';
import type { JobKind, JobName } from './job.ts';
import { modelUpdate } from './model-update.ts';
import { solutionUpdate } from './solution-update.ts';
import { versionTraining } from './version-training.ts';

export function jobKinds(context: Context): Readonly<Record<JobName, JobKind>> {
  return {
    'create-dataset-group': creationOf('dataset-group'),
    'create-dataset': creationOf('dataset'),
    'create-event-tracker': creationOf('event-tracker'),
    'create-solution': creationOf('solution', async (change, { arn, document }) => {
      if (document.performAutoTraining) await beginSchedule(change, arn);
    }),
    'create-campaign': campaignCreation(context),
    'update-dataset': datasetUpdate(context),
    'update-solution': solutionUpdate,
    'update-campaign': campaignUpdate(context),
    'update-solution-version': modelUpdate(context),
    'delete-dataset-group': datasetGroupDeletion(),
    'delete-dataset': datasetDeletion(context),
    'delete-event-tracker': eventTrackerDeletion(context),
    'delete-solution': solutionDeletion(),
    'delete-campaign': campaignDeletion(context),
    'begin-automatic-training': automaticTraining(true),
    'repeat-automatic-training': automaticTraining(false),
    'import-dataset': datasetImport(context),
    'compact-records': recordCompaction(context),
    'train-solution-version': versionTraining(context),
  };
}
