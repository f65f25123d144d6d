import { type Family, serve } from '../family.ts';
import { dataDeletionJobHandlers } from './data-deletion-job.ts';
import { dataDeletionJobKind } from './data-deletion-job-kind.ts';
import { deletionKinds } from './kinds.ts';
import { userDeletion } from './user-deletion.ts';

export const deletions: Family = {
  kinds: deletionKinds,
  operations: dataDeletionJobHandlers,
  services: (context) => [serve(dataDeletionJobKind, { jobs: { 'delete-users': userDeletion(context) } })],
};
