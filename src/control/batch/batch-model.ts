import { type GroupKey, sealedPrefix } from '../../data/encryption/group-key.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { type Job, WorkFailed } from '../jobs/job.ts';
import { hasNewData, presentState } from '../models/data-state.ts';
import { makeModel } from '../models/model-making.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';

/** The model that answers lines, and what it has not seen. */
export type BatchModel = {
  /** Prefix in the store. */
  readonly model: string;
  /** Up to which position of the record log it has seen the events; undefined: all that there are. */
  readonly watermark: number | undefined;
};

export type BatchModelRequest = {
  readonly context: Context;
  readonly job: Job;
  readonly progress: Progress;
  readonly version: SolutionVersion;
  /** Prefix in the store below which a model of the job's own goes. */
  readonly target: string;
  readonly sealing: GroupKey | undefined;
};

/**
 * The model of a version. The newest that was trained in full is brought up to date for the job, where its recipe can
 * and data has come since (spec batch.md §1): new items are then among the answers. Any other is used as it is.
 */
export async function modelFor({ version, target, sealing, ...making }: BatchModelRequest): Promise<BatchModel> {
  const { context } = making;
  const { database, owners } = context;
  const { model, watermark = 0, trainedOn = {}, datasetGroupArn } = version.document;
  if (model === undefined) throw new WorkFailed(`Solution version ${version.arn} has no model.`);
  const { kind, plan } = await owners.models.get(database, version.arn);
  const isNewest = await kind.isUpdated(database, version);
  if (!isNewest || !hasNewData(plan.recipe, trainedOn, await presentState(database, datasetGroupArn))) {
    return { model, watermark };
  }
  const updated = sealedPrefix(`${target}model/`, sealing);
  await makeModel({ ...making, ownerArn: version.arn, target: updated, sealing, modelToUpdate: model });
  return { model: updated, watermark: undefined };
}
