import { arnPaths } from '../../contract/arn.ts';
import type { Domain } from '../../data/dataset-types.ts';
import { forgetGroupKeys } from '../../data/encryption/group-keys.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { settingsLife } from '../resources/lifecycle.ts';

type DatasetGroupDocument = CommonDocument & {
  /** Of a group that is encrypted. */
  readonly kmsKeyArn?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly domain?: Domain | undefined;
};

export const datasetGroupKind = defineKind<DatasetGroupDocument>()({
  name: 'dataset-group',
  arnPath: arnPaths['dataset-group'],
  life: settingsLife,
  isTaggable: true,
  quotas: [{ name: 'datasetGroups', most: 5, counts: 'live' }],
  async release({ db }, { arn }) {
    await forgetGroupKeys(db, arn);
    return [];
  },
});

export type DatasetGroup = ResourceOf<typeof datasetGroupKind>;
