import type { Context } from '../parts.ts';
import { automaticTraining } from './automatic-training.ts';
import { campaignCreation, campaignUpdate } from './campaign-deployment.ts';
import { recordCompaction } from './compaction.ts';
import { datasetImport } from './dataset-import.ts';
import { datasetUpdate } from './dataset-update.ts';
import type { JobKind, JobName } from './job.ts';
import { modelUpdate } from './model-update.ts';
import { solutionUpdate } from './solution-update.ts';
import { versionTraining } from './version-training.ts';

export function jobKinds(context: Context): Readonly<Record<JobName, JobKind>> {
  return {
    'create-campaign': campaignCreation(context),
    'update-dataset': datasetUpdate(context),
    'update-solution': solutionUpdate,
    'update-campaign': campaignUpdate(context),
    'update-solution-version': modelUpdate(context),
    'begin-automatic-training': automaticTraining(true),
    'repeat-automatic-training': automaticTraining(false),
    'import-dataset': datasetImport(context),
    'compact-records': recordCompaction(context),
    'train-solution-version': versionTraining(context),
  };
}
