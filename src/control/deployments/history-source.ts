import type { EventCondition } from '../../data/views/live/event-condition.ts';
import type { HistoryWish } from '../../data/views/live/live-histories.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import type { TrainingPlan } from '../models/model-owner.ts';
import type { Owners } from '../owners.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import type { OwnedDeployment } from './deployment-owner.ts';

/** Where a deployment's answers find what users have done since its model's training. */
export type HistorySource = HistoryWish & {
  /** Of an Interactions dataset. */
  readonly datasetArn: string;
  /** Which dataset of that ARN: one that was deleted and created again has no history of before. */
  readonly sequence: number;
};

/** Undefined where answers do not depend on what users do, where nothing is served, and where the dataset is gone. */
export async function historySourceOf(
  owners: Owners,
  db: Queryable,
  { owner: { document }, modelOwnerArn }: OwnedDeployment,
): Promise<HistorySource | undefined> {
  const { deployment } = document;
  const { owner, plan } = (deployment && (await owners.models.find(db, modelOwnerArn))) ?? {};
  if (!deployment || !owner || !plan?.recipe.usesHistory) return undefined;
  const datasetArn = `${plan.datasetGroupArn.replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  const dataset = await findResource(db, datasetKind, datasetArn);
  return (
    dataset && {
      datasetArn,
      sequence: dataset.sequence,
      after: deployment.watermark ?? owner.document.watermark ?? 0,
      events: trainedConditions(plan),
    }
  );
}

/** Events count for a model that its training would have taken. */
export function trainedConditions(plan: TrainingPlan): readonly EventCondition[] {
  const { recipe, eventType, eventValueThreshold, events } = plan;
  const { trainsOn, learnsFromOthers } = recipe.useCase ?? {};
  if (trainsOn !== undefined && !learnsFromOthers) return [{ eventType: trainsOn, anyCase: true }];
  const isFree = eventType === undefined && eventValueThreshold === undefined;
  return events ?? (isFree ? [] : [{ eventType, eventValueThreshold }]);
}
