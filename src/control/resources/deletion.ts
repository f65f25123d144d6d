import { resourceInUse } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../handler.ts';
import { callOff } from '../jobs/queue.ts';
import { requireNoUpdate, requireStatus } from './checks.ts';
import { type Kind, type Resource, titleFor } from './kind.ts';
import { settledStatuses, unfinishedStatuses } from './lifecycle.ts';
import { getResource, removeResource, selectResources } from './resource-store.ts';
import type { Transaction } from './transaction.ts';

/**
 * Deletes the caller's resource of an ARN, which nothing needs any more: it is gone with one transaction, and so is all
 * that goes with it; their names are free. What they have in the store is removed in the background.
 *
 * @throws ServiceError ResourceNotFoundException, or ResourceInUseException while it is being created or changed, or in
 *   use.
 */
export async function deleteResource(
  { transaction, kinds, cancelWork }: Pick<Context, 'transaction' | 'kinds' | 'cancelWork'>,
  kind: Kind,
  arn: string,
  caller: Caller,
): Promise<void> {
  const removed = await transaction(caller.account, async (tx) => {
    const resource = await getResource(tx.db, kind, arn, caller);
    requireStatus(resource, ...settledStatuses(kind.life));
    requireNoUpdate(resource);
    return await removeWithChildren(tx, kinds, resource);
  });
  for (const gone of removed) cancelWork(gone);
}

const inUse = 'is in use by';

async function refuseUsed(db: Database, kinds: readonly Kind[], resource: Resource): Promise<void> {
  for (const kind of kinds) {
    for (const { kind: used, users, phrase = inUse } of kind.uses ?? []) {
      if (used === resource.kind) refuseFirst(resource, await users(db, resource), phrase);
    }
    if (kind.parent !== resource.kind) continue;
    const { account, region, arn: parent } = resource;
    const isBound = kind.goesWithParent === true;
    const statuses = isBound ? unfinishedStatuses(kind.life) : undefined;
    const children = await selectResources(db, kind, { account, region, parent, statuses });
    refuseFirst(resource, children, isBound ? inUse : 'still holds');
  }
}

function refuseFirst({ arn, kind }: Resource, [user]: readonly Resource[], phrase: string): void {
  if (!user) return;
  // The status of what is nothing but settings tells nothing.
  const hasWork = user.kind.life.first !== 'ACTIVE';
  const state = phrase === inUse && hasWork ? `, which is in status ${user.status}` : '';
  throw resourceInUse(`${titleFor(kind)} ${arn} ${phrase} ${user.arn}${state}.`);
}

/**
 * Removes a resource and those that go with it, and calls off the work for them.
 *
 * @returns ARNs of all that is gone
 * @throws ServiceError ResourceInUseException if one of them is in use
 */
async function removeWithChildren(tx: Transaction, kinds: readonly Kind[], resource: Resource): Promise<string[]> {
  await refuseUsed(tx.db, kinds, resource);
  const { kind, account, region, arn, document } = resource;
  const removed = [arn];
  for (const childKind of kinds.filter(({ parent, goesWithParent }) => goesWithParent && parent === kind)) {
    for (const child of await selectResources(tx.db, childKind, { account, region, parent: arn })) {
      removed.push(...(await removeWithChildren(tx, kinds, child)));
    }
  }
  await callOff(tx, arn);
  const objects = kind.release ? await kind.release(tx, resource) : (kind.objects?.(document) ?? []);
  await noteUnreferenced(tx.db, objects, tx.now);
  await removeResource(tx, arn);
  return removed;
}
