import type { EventCondition } from '../../data/views/live/event-condition.ts';
import type { HistoryWish } from '../../data/views/live/live-histories.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { getRecipe } from '../recipes/recipe.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { trainedEvents } from '../solutions/events-config.ts';
import { type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import type { Campaign } from './campaign-kind.ts';

/** Where a campaign's answers find what users have done since its model's training. */
export type HistorySource = HistoryWish & {
  /** Of an Interactions dataset. */
  readonly datasetArn: string;
  /** Which dataset of that ARN: one that was deleted and created again has no history of before. */
  readonly sequence: number;
};

/** Undefined where answers do not depend on what users do, where nothing is served, and where the dataset is gone. */
export async function historySourceOf(
  db: Queryable,
  { document: { deployment, solutionVersionArn } }: Campaign,
): Promise<HistorySource | undefined> {
  const version = deployment && (await findResource(db, solutionVersionKind, solutionVersionArn));
  if (!version || !getRecipe(version.document.recipeArn).usesHistory) return undefined;
  const { datasetGroupArn, watermark = 0 } = version.document;
  const datasetArn = `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  const dataset = await findResource(db, datasetKind, datasetArn);
  return (
    dataset && {
      ...{ datasetArn, sequence: dataset.sequence },
      after: deployment.watermark ?? watermark,
      events: trainedConditions(version),
    }
  );
}

/** Events count for a model that its training would have taken. */
function trainedConditions({ document }: SolutionVersion): readonly EventCondition[] {
  const { eventType, solutionConfig: { eventValueThreshold, eventsConfig } = {} } = document;
  const threshold = eventValueThreshold === undefined ? undefined : Number(eventValueThreshold);
  const isFree = eventType === undefined && threshold === undefined;
  return trainedEvents(eventsConfig) ?? (isFree ? [] : [{ eventType, eventValueThreshold: threshold }]);
}
