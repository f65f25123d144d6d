import { arnPaths } from '../../contract/arn.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';

type EventTrackerDocument = CommonDocument & { readonly trackingId: string };

export const eventTrackerKind = defineKind<EventTrackerDocument>()({
  name: 'event-tracker',
  arnPath: arnPaths['event-tracker'],
  life: settingsLife,
  isTaggable: true,
  parent: datasetGroupKind,
});

export type EventTracker = ResourceOf<typeof eventTrackerKind>;
