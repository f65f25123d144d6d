import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FilePath, filePath, keyOf } from '../../data/encryption/file-path.ts';
import { prefixKey, sealedPrefix } from '../../data/encryption/group-key.ts';
import { forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { runDeletionTask } from '../../learn/forgetting/run-deletion-task.ts';
import { localModel } from '../../learn/model/stored-model.ts';
import type { Context } from '../context.ts';
import { deploymentOf } from '../deployments/deployment-owner.ts';
import { awaitRestart, requestRestart } from '../jobs/queue.ts';
import { storeModel } from '../models/model-making.ts';
import { type ModelDocument, modelsOf, type OwnedModel } from '../models/model-owner.ts';
import { modelSealing } from '../models/model-sealing.ts';
import { checkpointPrefix } from '../models/training-checkpoints.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { DeletionWork } from './forget-in-dataset.ts';
import { listFiles } from './list-files.ts';

/**
 * Has every model of the dataset group forget the users, and trainings that go on begin again: they have taken data
 * with the users. All that is trained from now on does not see them.
 */
export async function forgetInModels(work: DeletionWork): Promise<void> {
  await restartTrainings(work);
  const { context, job } = work;
  await using list = await listFiles(context, work.users, `${job.id}-${job.attempt}-models`);
  for (const owned of await modelsOfGroup(work)) {
    work.signal.throwIfAborted();
    await forgetInOwner(work, owned, list.files, join(list.folder, 'models'));
  }
}

async function modelsOfGroup({ context: { owners, database }, deletion }: DeletionWork): Promise<OwnedModel[]> {
  const { account, region } = deletion;
  const owned = await owners.models.all(database, { account, region });
  return owned.filter(({ plan }) => plan.datasetGroupArn === deletion.parent);
}

const waitMs = 250;

/** Ends when no attempt goes on that has taken its data before, and nothing is left of what such attempts have kept. */
async function restartTrainings(work: DeletionWork): Promise<void> {
  const { context, job, signal } = work;
  const owned = await modelsOfGroup(work);
  const kinds = owned.flatMap(({ kind }) =>
    Object.entries(kind.kind.jobs ?? {}).flatMap(([name, { pool }]) => (pool === 'training' ? [name] : [])),
  );
  const arns = owned.map(({ owner }) => owner.arn);
  const { restarted, now } = await job.transaction(async (tx) => ({
    restarted: await requestRestart(tx, arns, kinds),
    now: tx.now,
  }));
  while (await awaitRestart(context.database, restarted)) await sleep(waitMs, undefined, { signal });
  for (const { owner } of owned) {
    // A training that has begun again finds none, or leaves those of other data aside.
    await context.store.removeAll(checkpointPrefix(owner.document.prefix));
  }
  // What attempts that were ended have half written is removed as what was replaced is.
  await job.transaction(async ({ db }) => {
    await db
      .updateTable('unreferenced_objects')
      .set({ job_id: null })
      .where('job_id', 'in', [-1, ...restarted])
      .where('created_at', '<', now)
      .where('name', 'not like', '%/checkpoints/%')
      .execute();
  });
}

async function forgetInOwner(
  work: DeletionWork,
  { owner }: OwnedModel,
  users: readonly FilePath[],
  workFolder: string,
): Promise<void> {
  const made = new Map<string, string>();
  for (const model of new Set(modelsOf(owner.document))) {
    const forgetful = await modelWithout(work, owner, model, users, join(workFolder, randomUUID()));
    if (forgetful !== undefined) made.set(model, forgetful);
  }
  if (made.size > 0) await exchangeModels(work, owner.arn, made);
}

/** Makes a model that does not know the users. @returns its prefix; undefined if the present one does not, either */
async function modelWithout(
  work: DeletionWork,
  owner: OwnedModel['owner'],
  model: string,
  users: readonly FilePath[],
  workFolder: string,
): Promise<string | undefined> {
  const { context, job, progress } = work;
  const { store } = context;
  const sealing = await modelSealing(context, owner.arn);
  const target = sealedPrefix(`${owner.document.prefix}forgotten/${randomUUID()}/`, sealing);
  await job.transaction(({ db, now }) => noteUnreferenced(db, [target], now, job.id));
  await mkdir(workFolder, { recursive: true });
  await using copy = await localModel(store, model);
  const folder = filePath(workFolder, sealing && prefixKey(sealing, target));
  const input = { model: filePath(copy.path, keyOf(copy)), users, folder };
  if ((await runDeletionTask('forgetUsers', input, progress)) === 0) return undefined;
  await storeModel(store, workFolder, target);
  return target;
}

/** Has the owner, and all that serve its models, name others in their place, in one transaction. */
async function exchangeModels(
  { context, job }: DeletionWork,
  ownerArn: string,
  made: ReadonlyMap<string, string>,
): Promise<void> {
  const { owners, database, serving, answers } = context;
  const owned = await owners.models.find(database, ownerArn);
  if (!owned) return; // it was deleted meanwhile, and what was made is cleared away
  for (const { owner, deployed } of await owners.deployments.serving(database, owned.owner)) {
    const model = made.get(deployed.model);
    if (model !== undefined) await serving.prepare(deploymentOf(owner.arn, { ...deployed, model }));
  }
  const moved = await job.transaction((tx) => exchangeIn(context, tx, ownerArn, made));
  for (const [arn, model] of moved) {
    await answers.deployments.forget(arn);
    serving.release(arn, model);
  }
}

/** @returns the model that each deployment has now */
async function exchangeIn(
  { owners }: Context,
  tx: Parameters<typeof changeResource>[0],
  ownerArn: string,
  made: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const moved = new Map<string, string>();
  const owned = await owners.models.find(tx.db, ownerArn);
  if (!owned) return moved;
  const used = modelsOf(owned.owner.document).filter((model) => made.has(model));
  // A deployment of a recommender is in the same document as its model.
  await changeResource(tx, owned.owner, { document: exchanged(owned.owner.document, made) });
  for (const { owner, deployed } of await owners.deployments.serving(tx.db, owned.owner)) {
    const model = made.get(deployed.model);
    if (model === undefined) continue;
    await changeResource(tx, owner, { document: { deployment: { ...deployed, model } } });
    moved.set(owner.arn, model);
  }
  await forgetUnreferenced(
    tx.db,
    used.flatMap((model) => made.get(model) ?? []),
  );
  await noteUnreferenced(tx.db, used, tx.now);
  return moved;
}

function exchanged(document: ModelDocument, made: ReadonlyMap<string, string>): Partial<ModelDocument> {
  const { model, update, superseded } = document;
  const inPlaceOf = (prefix: string) => made.get(prefix) ?? prefix;
  return {
    ...(model !== undefined && { model: inPlaceOf(model) }),
    ...(update && { update: { ...update, model: inPlaceOf(update.model) } }),
    ...(superseded && { superseded: { ...superseded, model: inPlaceOf(superseded.model) } }),
  };
}
