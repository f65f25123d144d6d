import type { FilePath } from '../../data/encryption/file-path.ts';
import type { TrainingRequest, TrainingResult } from './training.ts';

type Request = Omit<TrainingRequest, 'modelFolder' | 'modelToUpdate'>;

/** What the child process of a training does. */
export type TrainingTasks = {
  /** Learns a model. */
  train: {
    readonly input: {
      readonly request: Request;
      /** Where the model goes. */
      readonly folder: FilePath;
      /** Where checkpoints lie: those that an earlier attempt kept, and those that this one makes, if it makes any. */
      readonly checkpoints?: { readonly earlier: FilePath | undefined; readonly made: FilePath } | undefined;
    };
    readonly result: TrainingResult['metrics'];
  };
  /** Brings a model up to date. */
  update: {
    readonly input: { readonly request: Request; readonly model: FilePath; readonly folder: FilePath };
    readonly result: TrainingResult['metrics'];
  };
};
