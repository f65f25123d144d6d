import { randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import { resourceAlreadyExists } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { getActive } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource, selectResources } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';
import { type EventTracker, eventTrackerKind } from './event-tracker-kind.ts';

type EventTrackerOperation = 'CreateEventTracker' | 'DescribeEventTracker' | 'ListEventTrackers' | 'DeleteEventTracker';

/** A tracker's ARN ends in the first 8 digits of its tracking id, a UUID, so that either finds it. */
export const trackerArn = (caller: Pick<Caller, 'account' | 'region'>, trackingId: string): string =>
  arnOf(caller, eventTrackerKind.arnPath, { id: trackingId.slice(0, 8) });

export function eventTrackerHandlers(context: Context): HandlersOf<EventTrackerOperation> {
  const { database, transaction, settings, records } = context;
  return {
    async CreateEventTracker({ name, datasetGroupArn, tags }, caller) {
      return await transaction(caller.account, async (tx) => {
        const group = await getActive(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const [present] = await selectResources(tx.db, eventTrackerKind, { ...caller, parent: group.arn });
        if (present) throw resourceAlreadyExists(present.arn); // one for each dataset group, spec events.md §6
        const trackingId = randomUUID();
        const arn = trackerArn(caller, trackingId);
        const draft = { arn, name, parent: group.arn, document: { trackingId }, tags };
        await createResource(tx, eventTrackerKind, settings, caller, draft);
        return { eventTrackerArn: arn, trackingId };
      });
    },

    async DescribeEventTracker({ eventTrackerArn }, caller) {
      const tracker = await getResource(database, eventTrackerKind, eventTrackerArn, caller);
      const { account: accountId, parent, document } = tracker;
      const { trackingId } = document;
      return {
        eventTracker: { ...summaryOf(tracker), accountId, trackingId, datasetGroupArn: parent ?? undefined },
      };
    },

    async ListEventTrackers({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, eventTrackerKind, caller, page, datasetGroupArn);
      return { eventTrackers: resources.map(summaryOf), nextToken };
    },

    /** The events stay. */
    async DeleteEventTracker({ eventTrackerArn }, caller) {
      await deleteResource(context, eventTrackerKind, eventTrackerArn, caller);
      await records.trackers.forget(eventTrackerArn);
      return {};
    },
  };
}

function summaryOf(tracker: EventTracker) {
  const { name, arn, status } = tracker;
  return { name, eventTrackerArn: arn, status, ...timesOf(tracker) };
}
