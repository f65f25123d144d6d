import type { Field } from '../../data/dataset-schema.ts';
import type { DatasetType } from '../../data/dataset-types.ts';
import { ActionEventRecords } from '../../data/records/action-event-records.ts';
import { EntityRecords } from '../../data/records/entity-records.ts';
import { EventRecords } from '../../data/records/event-records.ts';
import type { LayoutId } from '../../data/records/layouts.ts';
import type { RecordLog } from '../../data/records/record-log.ts';
import type { ControlParts } from '../parts.ts';
import { isUnsettled } from '../resources/lifecycle.ts';
import { type CacheParts, ResourceCache } from '../resources/resource-cache.ts';
import { findResource, type Scope, selectResources } from '../resources/resource-store.ts';
import { updateStatusOf } from '../resources/updates.ts';
import { type Dataset, datasetKind, schemaOf } from './dataset-kind.ts';
import { datasetOfTracker, eventTrackerKind } from './event-tracker-kind.ts';

/** Where records go: a dataset, with its schema's way to write them down. */
type Target<Records> = {
  readonly datasetArn: string;
  /** The dataset group, if it is encrypted. */
  readonly sealedGroupArn?: string | undefined;
  readonly records: Records;
  readonly layout: LayoutId;
};

/** What PutEvents needs to know of an event tracker. */
export type TrackerEntry = {
  readonly trackingId: string;
  readonly status: string;
  /** Absent for as long as the dataset group has no Interactions dataset that is ACTIVE. */
  readonly target?: Target<EventRecords>;
};

/** What PutActionInteractions needs to know of the tracker that an Action_Interactions dataset has. */
export type ActionTrackerEntry = {
  readonly status: string;
  readonly target: Target<ActionEventRecords>;
};

/** What requests need to know of a dataset. */
export type DatasetEntry = {
  readonly account: string;
  readonly region: string;
  /** Which dataset of its ARN. */
  readonly sequence: number;
  readonly datasetType: DatasetType;
  /** The columns that it has now. */
  readonly fields: readonly Field[];
  readonly status: string;
  /** Of the replacement of its schema that is under way. */
  readonly updateStatus?: string | undefined;
  /** Absent for datasets of events. */
  readonly target?: Target<EntityRecords>;
};

type RecordCacheParts = Pick<ControlParts, 'database'> & CacheParts & { readonly records: RecordLog };

/** Event trackers by their ARN. */
export function trackerCache(parts: RecordCacheParts): ResourceCache<TrackerEntry> {
  return new ResourceCache<TrackerEntry>(parts, {
    async read(arn) {
      const tracker = await findResource(parts.database, eventTrackerKind, arn);
      if (!tracker) return undefined;
      const { status, document } = tracker;
      const dataset = await datasetOfTracker(parts.database, tracker);
      if (dataset?.status !== 'ACTIVE') return { status, trackingId: document.trackingId };
      const records = new EventRecords(await schemaOf(parts.database, dataset));
      return { status, trackingId: document.trackingId, target: await targetOf(parts, dataset, records) };
    },
    isReady: ({ target }) => target !== undefined,
  });
}

/** The trackers of Action_Interactions datasets by `actionTrackerKey`. */
export function actionTrackerCache(parts: RecordCacheParts): ResourceCache<ActionTrackerEntry> {
  return new ResourceCache<ActionTrackerEntry>(parts, {
    async read(key) {
      const [account = '', region = ''] = key.split(' ');
      const datasets = await selectResources(parts.database, datasetKind, { account, region });
      const dataset = datasets.find(({ document: { trackingId } }) => {
        return trackingId !== undefined && actionTrackerKey({ account, region }, trackingId) === key;
      });
      if (!dataset) return undefined;
      const records = new ActionEventRecords(await schemaOf(parts.database, dataset));
      return { status: dataset.status, target: await targetOf(parts, dataset, records) };
    },
    isReady: ({ status }) => status === 'ACTIVE',
  });
}

export const actionTrackerKey = ({ account, region }: Scope, trackingId: string): string =>
  `${account} ${region} ${trackingId}`;

/** Datasets by their ARN. */
export function datasetCache(parts: RecordCacheParts): ResourceCache<DatasetEntry> {
  return new ResourceCache<DatasetEntry>(parts, {
    async read(arn) {
      const dataset = await findResource(parts.database, datasetKind, arn);
      if (!dataset) return undefined;
      const { account, region, sequence, status } = dataset;
      const { datasetType } = dataset.document;
      const schema = await schemaOf(parts.database, dataset);
      const facts = { account, region, sequence, status, datasetType, fields: schema.fields };
      const entry = { ...facts, updateStatus: updateStatusOf(dataset) };
      if (datasetType === 'INTERACTIONS' || datasetType === 'ACTION_INTERACTIONS') return entry;
      const records = new EntityRecords(schema, datasetType);
      return { ...entry, target: await targetOf(parts, dataset, records) };
    },
    isReady: ({ status, updateStatus }) => status === 'ACTIVE' && !isUnsettled(updateStatus),
  });
}

async function targetOf<Records extends EventRecords | ActionEventRecords | EntityRecords>(
  { records: log }: RecordCacheParts,
  { arn: datasetArn, parent }: Dataset,
  records: Records,
): Promise<Target<Records>> {
  const sealedGroupArn = parent !== null && (await log.keys?.has(parent)) ? parent : undefined;
  return { datasetArn, sealedGroupArn, records, layout: await log.layouts.idOf(records.layout) };
}
