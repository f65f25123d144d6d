import { invalidInput, resourceInUse, resourceNotFound } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { EntityType } from '../../data/dataset-types.ts';
import type { Entity } from '../../data/records/entity-records.ts';
import type { ShownByAnswer } from '../../data/records/event-records.ts';
import type { RecordBatch } from '../../data/records/record-log.ts';
import type { Context } from '../context.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { isUnsettled } from '../resources/lifecycle.ts';
import { trackerArn } from './event-tracker.ts';
import { actionTrackerKey } from './record-caches.ts';

type RecordOperation = 'PutEvents' | 'PutActionInteractions' | 'PutItems' | 'PutUsers' | 'PutActions';

export function recordHandlers({ records, clock }: Context): HandlersOf<RecordOperation> {
  const { log, trackers, actionTrackers, datasets, impressions } = records;

  /** @throws ServiceError as PutItems, PutUsers and PutActions declare them. */
  async function putEntities(
    datasetArn: string,
    datasetType: EntityType,
    entities: readonly Entity[],
    { account, region }: Caller,
  ): Promise<Record<string, never>> {
    const dataset = await datasets.find(datasetArn);
    if (dataset?.account !== account || dataset.region !== region) throw resourceNotFound(datasetArn);
    if (dataset.datasetType !== datasetType || !dataset.target) {
      throw invalidInput(`Dataset ${datasetArn} is of type ${dataset.datasetType}; it must be of type ${datasetType}.`);
    }
    if (dataset.status !== 'ACTIVE') {
      throw resourceInUse(`Resource ${datasetArn} is in status ${dataset.status}; it must be ACTIVE.`);
    }
    if (isUnsettled(dataset.updateStatus)) {
      throw resourceInUse(`Resource ${datasetArn} has an update in status ${dataset.updateStatus}.`);
    }
    const { target } = dataset;
    const body = target.records.encode(entities, datasetType.toLowerCase());
    await log.append({ ...placeOf(target), records: entities.length, body });
    return {};
  }

  /** The lists of the answers that events name and of which they bring no impression themselves. */
  async function listsShown(events: Input<'PutEvents'>['eventList']): Promise<ShownByAnswer> {
    const shown = new Map<string, readonly string[]>();
    for (const { recommendationId, impression } of events) {
      if (recommendationId === undefined || impression !== undefined || shown.has(recommendationId)) continue;
      const items = await impressions.find(recommendationId);
      if (items) shown.set(recommendationId, items);
    }
    return shown;
  }

  return {
    async PutEvents(input, caller) {
      const { trackingId, eventList } = input;
      const tracker = await trackers.find(trackerArn(caller, trackingId));
      if (tracker?.trackingId !== trackingId || tracker.status !== 'ACTIVE') {
        throw invalidInput(`The trackingId ${trackingId} is not that of an event tracker that is ACTIVE.`);
      }
      const { target } = tracker;
      if (!target) {
        throw invalidInput(`The dataset group of trackingId ${trackingId} has no Interactions dataset that is ACTIVE.`);
      }
      const body = target.records.encode(input, clock.now(), await listsShown(eventList));
      await log.append({ ...placeOf(target), records: eventList.length, body });
      return {};
    },

    async PutActionInteractions({ trackingId, actionInteractions }, caller) {
      const tracker = await actionTrackers.find(actionTrackerKey(caller, trackingId));
      if (tracker?.status !== 'ACTIVE') {
        throw invalidInput(
          `The trackingId ${trackingId} is not that of an Action_Interactions dataset that is ACTIVE: DescribeDataset has it.`,
        );
      }
      const { target } = tracker;
      const body = target.records.encode(actionInteractions, clock.now());
      await log.append({ ...placeOf(target), records: actionInteractions.length, body });
      return {};
    },

    async PutItems({ datasetArn, items }, caller) {
      const entities = items.map(({ itemId, properties }) => ({ id: itemId, properties }));
      return await putEntities(datasetArn, 'ITEMS', entities, caller);
    },

    async PutUsers({ datasetArn, users }, caller) {
      const entities = users.map(({ userId, properties }) => ({ id: userId, properties }));
      return await putEntities(datasetArn, 'USERS', entities, caller);
    },

    async PutActions({ datasetArn, actions }, caller) {
      const entities = actions.map(({ actionId, properties }) => ({ id: actionId, properties }));
      return await putEntities(datasetArn, 'ACTIONS', entities, caller);
    },
  };
}

const placeOf = ({ datasetArn, layout, sealedGroupArn }: Omit<RecordBatch, 'records' | 'body'>) => ({
  datasetArn,
  layout,
  sealedGroupArn,
});
