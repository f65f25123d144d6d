import { callOff } from '../jobs/queue.ts';
import type { Kind, Resource, ResourceOf } from './kind.ts';
import { removeResource, requireNoUpdate, requireStatus, selectResources } from './resource-store.ts';
import type { Transaction } from './transaction.ts';

/**
 * Deletes a resource that nothing needs any more: it is gone with this transaction, and its name is free.
 *
 * @throws ServiceError ResourceInUseException while it is being created or changed.
 */
export async function deleteResource(tx: Transaction, resource: Resource): Promise<void> {
  requireStatus(resource, 'ACTIVE', 'CREATE FAILED');
  requireNoUpdate(resource);
  await removeResource(tx, resource.arn);
}

/**
 * Removes the resources of a kind that go with the one that they belong to, and calls off the jobs that work for them.
 * @returns them
 */
export async function removeChildren<K extends Kind>(
  tx: Transaction,
  kind: K,
  { account, region, arn: parent }: Resource,
): Promise<ResourceOf<K>[]> {
  const children = await selectResources(tx.db, kind, { account, region, parent });
  for (const { arn } of children) {
    await callOff(tx, arn);
    await removeResource(tx, arn);
  }
  return children;
}
