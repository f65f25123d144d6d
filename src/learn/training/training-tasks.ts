import type { TrainingRequest, TrainingResult } from './training.ts';

type Request = Omit<TrainingRequest, 'modelFolder' | 'modelToUpdate'>;

/** What the child process of a training does. */
export type TrainingTasks = {
  /** Learns a model. */
  train: {
    readonly input: {
      readonly request: Request;
      /** Where the model goes. */
      readonly folder: string;
      /** Where checkpoints lie: those that an earlier attempt kept, and those that this one makes, if it makes any. */
      readonly checkpoints?: { readonly earlier: string | undefined; readonly made: string } | undefined;
    };
    readonly result: TrainingResult['metrics'];
  };
  /** Brings a model up to date. */
  update: {
    readonly input: { readonly request: Request; readonly model: string; readonly folder: string };
    readonly result: TrainingResult['metrics'];
  };
};
