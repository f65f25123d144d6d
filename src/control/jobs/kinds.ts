import type { Context } from '../context.ts';
import { recordCompaction } from '../datasets/compaction.ts';
import { datasetImport } from '../datasets/dataset-import.ts';
import { datasetUpdate } from '../datasets/dataset-update.ts';
import { campaignCreation, campaignUpdate } from '../deployments/campaign-deployment.ts';
import { modelUpdate } from '../models/model-update.ts';
import { automaticTraining } from '../solutions/automatic-training.ts';
import { solutionUpdate } from '../solutions/solution-update.ts';
import { versionTraining } from '../solutions/version-training.ts';
import type { JobKind, JobName } from './job.ts';

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
