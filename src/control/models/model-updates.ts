import type { Context } from '../context.ts';
import { insertJob } from '../jobs/queue.ts';
import type { Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { OwnedModel } from './model-owner.ts';

type UpdateContext = Pick<Context, 'owners' | 'settings'>;

/** Schedules the updates of a model that is deployed, if its owner's model is updated and no update waits yet. */
export async function scheduleUpdates(
  { owners, settings }: UpdateContext,
  tx: Transaction,
  ownerArn: string,
): Promise<void> {
  const owned = await owners.models.find(tx.db, ownerArn);
  if (!owned || !(await owned.kind.isUpdated(tx.db, owned.owner))) return;
  const scheduled = await tx.db
    .selectFrom('jobs')
    .select('id')
    .where('resource_arn', '=', ownerArn)
    .where('kind', '=', owned.kind.updateJob)
    .executeTakeFirst();
  if (!scheduled) await scheduleNextUpdate({ settings }, tx, owned);
}

/** Schedules the next update, one period from now; none where models are not updated. */
export async function scheduleNextUpdate(
  { settings: { updateEveryMs } }: Pick<Context, 'settings'>,
  tx: Transaction,
  { owner, kind }: OwnedModel,
): Promise<void> {
  if (updateEveryMs === 0) return;
  await insertJob(tx, { kind: kind.updateJob, resourceArn: owner.arn, delayMs: updateEveryMs });
}

/** Whether a model is one that is brought up to date, behind a deployment (spec recipes.md §1.2). */
export async function isUpdateDue(
  { owners, settings }: UpdateContext,
  db: Queryable,
  { owner, kind }: OwnedModel,
): Promise<boolean> {
  if (settings.updateEveryMs === 0 || !(await kind.isUpdated(db, owner))) return false;
  return (await owners.deployments.serving(db, owner)).length > 0;
}
