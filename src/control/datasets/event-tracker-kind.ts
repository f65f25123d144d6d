import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { type CommonDocument, defineKind, type ResourceOf, use } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';
import { type Dataset, datasetKind } from './dataset-kind.ts';

type EventTrackerDocument = CommonDocument & { readonly trackingId: string };

export const eventTrackerKind = defineKind<EventTrackerDocument>()({
  name: 'event-tracker',
  arnPath: arnPaths['event-tracker'],
  life: settingsLife,
  isTaggable: true,
  parent: datasetGroupKind,
  uses: [use(datasetKind, trackersOf)],
});

export type EventTracker = ResourceOf<typeof eventTrackerKind>;

/** An event tracker needs the dataset that its events go to (spec datasets.md §10). */
async function trackersOf(db: Database, { account, region, parent, document }: Dataset): Promise<EventTracker[]> {
  if (document.datasetType !== 'INTERACTIONS' || parent === null) return [];
  return await selectResources(db, eventTrackerKind, { account, region, parent });
}

/** The Interactions dataset of the group that a tracker belongs to; undefined while there is none. */
export async function datasetOfTracker(db: Database, { parent }: EventTracker): Promise<Dataset | undefined> {
  const datasetArn = `${(parent ?? '').replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;
  return await findResource(db, datasetKind, datasetArn);
}
