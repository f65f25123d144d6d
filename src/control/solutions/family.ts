import { type Family, serve } from '../family.ts';
import { modelTraining } from '../models/model-training.ts';
import { modelUpdate } from '../models/model-update.ts';
import { automaticTraining } from './automatic-training.ts';
import { solutionKinds } from './kinds.ts';
import { solutionHandlers } from './solution.ts';
import { solutionKind } from './solution-kind.ts';
import { solutionUpdate } from './solution-update.ts';
import { solutionVersionHandlers } from './solution-version.ts';
import { solutionVersionKind } from './solution-version-kind.ts';
import { scheduleTraining } from './training-schedule.ts';
import { versionOwner } from './version-owner.ts';
import { versionTraining } from './version-training.ts';

export const solutions: Family = {
  kinds: solutionKinds,
  modelOwners: [versionOwner],
  operations: (context) => ({ ...solutionHandlers(context), ...solutionVersionHandlers(context) }),
  services: (context) => [
    serve(solutionKind, {
      jobs: {
        'update-solution': solutionUpdate,
        'begin-automatic-training': automaticTraining(true),
        'repeat-automatic-training': automaticTraining(false),
      },
      schedule: scheduleTraining,
    }),
    serve(solutionVersionKind, {
      jobs: {
        'train-solution-version': modelTraining(context, versionTraining),
        'update-solution-version': modelUpdate(context),
      },
    }),
  ],
};
