import type { Change } from './change.ts';
import { enqueue } from './jobs/queue.ts';
import type { Resource } from './resource.ts';
import { changeResource, requireNoUpdate, requireStatus } from './resource-store.ts';

export type DeletableKind = 'dataset-group' | 'dataset' | 'event-tracker' | 'solution' | 'campaign';

/**
 * Starts the deletion of a resource that nothing needs any more.
 *
 * @throws ServiceError ResourceInUseException while it is being created, changed or deleted.
 */
export async function beginDeletion<K extends DeletableKind>(change: Change, resource: Resource<K>): Promise<void> {
  requireStatus(resource, 'ACTIVE', 'CREATE FAILED');
  requireNoUpdate(resource);
  await changeResource<DeletableKind>(change, resource, { status: 'DELETE PENDING' });
  await enqueue(change, { kind: `delete-${resource.kind}`, resourceArn: resource.arn });
}
