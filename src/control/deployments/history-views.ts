import type { StreamedId } from '../../data/identity.ts';
import { HistoryView } from '../../data/views/live/history-view.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { ViewDefinition, ViewKind } from '../../data/views/view.ts';
import type { ViewSet } from '../../data/views/view-set.ts';
import { isLearnable } from '../../learn/training-set/columns.ts';
import { type Dataset, datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { type HistorySource, historySourceOf } from './history-source.ts';

/** A session that has had no user for so long is not remembered beyond a training. */
export const rememberedSessionMs = 7 * 24 * 3600 * 1000;
/** Numbers of a user's events fit into 16 bits. */
export const mostEvents = 2 ** 16 - 1;

type HistoryParts = Pick<ControlParts, 'database' | 'settings' | 'clock'> & { readonly owners: Owners };

/**
 * Live histories of every Interactions dataset from which a deployment answers, asked for or not: what users have done
 * since the oldest training among the models that are served.
 */
export function historyViews(parts: HistoryParts): ViewKind<HistoryView> {
  const { database, owners } = parts;
  return {
    name: 'live-histories',
    title: 'Live histories',
    lookEveryMs: 15_000,
    isHeavy: false,
    async needed() {
      const definitions: ViewDefinition<HistoryView>[] = [];
      for (const [datasetArn, watermark] of await oldestWatermarks(owners, database)) {
        const dataset = await findResource(database, datasetKind, datasetArn);
        if (dataset) definitions.push(definitionOf(parts, dataset, watermark));
      }
      return definitions;
    },
  };
}

/**
 * What the user or the session of an id has done that the model has not seen. Waits a while for a view that is being
 * read.
 *
 * @returns undefined if it has not been read by then
 */
export async function findHistory(
  histories: ViewSet<HistoryView>,
  source: HistorySource,
  id: string,
): Promise<StreamedId<LiveHistory> | undefined> {
  const key = { arn: source.datasetArn, sequence: source.sequence };
  const view = await histories.find(key, (held) => held.histories.after <= source.after);
  return view?.histories.find(id, source);
}

function definitionOf(
  { database, settings, clock }: HistoryParts,
  dataset: Dataset,
  after: number,
): ViewDefinition<HistoryView> {
  return {
    key: { arn: dataset.arn, sequence: dataset.sequence },
    version: `${dataset.document.schemaArn} ${after}`,
    sources: [{ arn: dataset.arn, rows: 'streamed' }],
    async create() {
      const schema = await schemaOf(database, dataset);
      return new HistoryView({
        datasetArn: dataset.arn,
        schema,
        fields: schema.fields.filter(isLearnable),
        limit: Math.min(settings.quotas.liveEventsPerUser, mostEvents),
        after,
        sessionsSince: clock.now() - rememberedSessionMs,
      });
    },
  };
}

/** The datasets from which deployments answer, each with the oldest watermark among their models'. */
async function oldestWatermarks(owners: Owners, db: Queryable): Promise<ReadonlyMap<string, number>> {
  const oldest = new Map<string, number>();
  for (const owned of await owners.deployments.all(db)) {
    const source = await historySourceOf(owners, db, owned);
    if (source) oldest.set(source.datasetArn, Math.min(source.after, oldest.get(source.datasetArn) ?? source.after));
  }
  return oldest;
}
