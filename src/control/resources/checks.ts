import { resourceAlreadyExists, resourceInUse } from '../../contract/errors.ts';
import type { Kind, Resource, ResourceOf } from './kind.ts';
import { isUnsettled } from './lifecycle.ts';
import { getResource, type Queryable, type Scope } from './resource-store.ts';
import { updateStatusOf } from './updates.ts';

/** As `getResource`. @throws ServiceError also ResourceInUseException if it is not ACTIVE. */
export async function getActive<K extends Kind>(
  db: Queryable,
  kind: K,
  arn: string,
  scope: Scope,
): Promise<ResourceOf<K>> {
  const resource = await getResource(db, kind, arn, scope);
  requireStatus(resource, 'ACTIVE');
  return resource;
}

/** @throws ServiceError ResourceInUseException if the resource has none of the statuses. */
export function requireStatus(resource: Resource, ...statuses: readonly string[]): void {
  if (statuses.includes(resource.status)) return;
  throw resourceInUse(`Resource ${resource.arn} is in status ${resource.status}; it must be ${statuses.join(' or ')}.`);
}

/** @throws ServiceError ResourceInUseException while an update of the resource is waiting or going on. */
export function requireNoUpdate(resource: Resource): void {
  const status = updateStatusOf(resource);
  if (isUnsettled(status)) throw resourceInUse(`Resource ${resource.arn} has an update in status ${status}.`);
}

/** @throws ServiceError ResourceAlreadyExistsException if something bears the ARN already, in whatever status. */
export async function refuseExisting(db: Queryable, arn: string): Promise<void> {
  const row = await db.selectFrom('resources').select('arn').where('arn', '=', arn).executeTakeFirst();
  if (row) throw resourceAlreadyExists(arn);
}
