import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import { EventsByTypeView } from '../../data/views/events-by-type/events-by-type-view.ts';
import type { ViewDefinition, ViewKey, ViewKind } from '../../data/views/view.ts';
import type { Context } from '../context.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import type { ControlParts } from '../parts.ts';
import { findResource } from '../resources/resource-store.ts';
import { rememberedSessionMs } from './history-views.ts';

type EventTypeParts = Pick<ControlParts, 'database' | 'settings' | 'clock'>;

/** Interactions by event type, of every Interactions dataset whose events filters ask for. */
export function eventTypeViews(parts: EventTypeParts): ViewKind<EventsByTypeView> {
  return {
    name: 'events-by-type',
    title: 'Interactions by event type',
    lookEveryMs: 5000,
    isHeavy: true,
    async needed(asked) {
      const definitions: ViewDefinition<EventsByTypeView>[] = [];
      for (const key of asked) {
        const definition = await definitionOf(parts, key);
        if (definition) definitions.push(definition);
      }
      return definitions;
    },
  };
}

/**
 * What the users of a dataset group have done, by event type. Waits a while for a view that is being read.
 *
 * @returns undefined if it has not been read by then, or the group has no Interactions dataset
 */
export async function findEvents(
  { records, answers }: Pick<Context, 'records' | 'answers'>,
  datasetGroupArn: string,
): Promise<EventsByType | undefined> {
  const arn = `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  const dataset = await records.datasets.find(arn);
  return dataset && (await answers.views.eventsByType.find({ arn, sequence: dataset.sequence }))?.events;
}

async function definitionOf(
  { database, settings, clock }: EventTypeParts,
  key: ViewKey,
): Promise<ViewDefinition<EventsByTypeView> | undefined> {
  const dataset = await findResource(database, datasetKind, key.arn);
  if (dataset?.sequence !== key.sequence) return undefined;
  return {
    key,
    version: dataset.document.schemaArn,
    sources: [{ arn: dataset.arn, rows: 'all' }],
    create: async () =>
      new EventsByTypeView({
        datasetArn: dataset.arn,
        schema: await schemaOf(database, dataset),
        limit: settings.quotas.interactionsPerEventType,
        sessionsSince: clock.now() - rememberedSessionMs,
      }),
  };
}
