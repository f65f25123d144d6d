import { limitExceeded } from '../../contract/errors.ts';
import { enqueueFirst } from '../jobs/enqueue.ts';
import type { Settings } from '../settings.ts';
import { refuseExisting } from './checks.ts';
import { type Kind, wordsFor } from './kind.ts';
import { liveStatuses, unfinishedStatuses } from './lifecycle.ts';
import { countResources, type Draft, insertResource, type Scope } from './resource-store.ts';
import { addTags, type Tags } from './tag-store.ts';
import type { Transaction } from './transaction.ts';

/**
 * Creates a resource that a caller has asked for, with its tags, and starts the work for it.
 *
 * @throws ServiceError ResourceAlreadyExistsException if something bears the ARN, LimitExceededException if the kind's
 *   quota is used up, and as `addTags`.
 */
export async function createResource<K extends Kind>(
  tx: Transaction,
  kind: K,
  { quotas }: Pick<Settings, 'quotas'>,
  scope: Scope,
  { tags, ...draft }: Draft<K> & { readonly tags?: Tags | undefined },
): Promise<void> {
  await refuseExisting(tx.db, draft.arn);
  await requireRoom(tx, kind, quotas, scope, draft.parent);
  await startResource(tx, kind, scope, draft);
  if (kind.isTaggable) await addTags(tx, draft.arn, tags, quotas.tagsPerResource);
}

/** Adds a resource and starts the work for it. @throws ServiceError ResourceAlreadyExistsException */
export async function startResource<K extends Kind>(
  tx: Transaction,
  kind: K,
  scope: Scope,
  draft: Draft<K>,
): Promise<void> {
  await insertResource(tx, kind, scope, draft);
  await enqueueFirst(tx, kind, draft);
}

/** @throws ServiceError LimitExceededException if one more would be one too many (texts: spec resources.md §8). */
async function requireRoom(
  { db }: Transaction,
  kind: Kind,
  quotas: Settings['quotas'],
  { account, region }: Scope,
  parent: string | null,
): Promise<void> {
  for (const { name, most, counts, among } of kind.quotas ?? []) {
    const parents = parent === null ? undefined : await among?.(db, parent);
    const statuses = counts === 'live' ? liveStatuses(kind.life) : unfinishedStatuses(kind.life);
    const limit = quotas[name] ?? most;
    if ((await countResources(db, kind, { account, region, parents, statuses })) < limit) continue;
    throw limitExceeded(
      counts === 'live'
        ? `Cannot create a ${wordsFor(kind)}. More than ${limit} resources in ACTIVE state. Please delete some and try again.`
        : `More than ${limit} resources with PENDING or IN_PROGRESS status.`,
    );
  }
}
