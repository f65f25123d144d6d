import { arnPaths } from '../../contract/arn.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';

export const datasetGroupKind = defineKind<CommonDocument>()({
  name: 'dataset-group',
  arnPath: arnPaths['dataset-group'],
  life: settingsLife,
  isTaggable: true,
  quota: { name: 'datasetGroups', most: 5, counts: 'live' },
});

export type DatasetGroup = ResourceOf<typeof datasetGroupKind>;
