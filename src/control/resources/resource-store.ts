import type { Kysely, Selectable } from 'kysely';
import { resourceAlreadyExists, resourceNotFound } from '../../contract/errors.ts';
import { isUniqueViolation } from '../../data/database/dialect.ts';
import type { ResourceRow, Tables } from '../../data/database/tables.ts';
import type { Caller } from '../handler.ts';
import type { Kind, Resource, ResourceOf, StatusOf } from './kind.ts';
import { mayFollow } from './lifecycle.ts';
import type { Transaction } from './transaction.ts';
import { updateStatusOf } from './updates.ts';

/** A database, or a transaction on it. */
export type Queryable = Kysely<Tables>;

/** Whose resources are meant. */
export type Scope = Pick<Caller, 'account' | 'region'>;

/** Resources by an ARN that a caller has written. A NUL, which PostgreSQL refuses in text, is in none that exists. */
export function resourcesNamed(db: Queryable, arn: string) {
  return db.selectFrom('resources').where('arn', '=', withoutNul(arn));
}

const withoutNul = (text: string) => text.replaceAll('\0', '?');

/** The resource of `kind` with this ARN, of any account. */
export async function findResource<K extends Kind>(
  db: Queryable,
  kind: K,
  arn: string,
): Promise<ResourceOf<K> | undefined> {
  const row = await resourcesNamed(db, arn).selectAll().where('kind', '=', kind.name).executeTakeFirst();
  return row && toResource(row, kind);
}

/** The resource that bears `arn`, if it is of one of these kinds. */
export async function findResourceAmong<K extends Kind>(
  db: Queryable,
  kinds: readonly K[],
  arn: string,
): Promise<ResourceOf<K> | undefined> {
  const row = await resourcesNamed(db, arn).selectAll().executeTakeFirst();
  return row && toResourceAmong(row, kinds);
}

/** Every resource of these kinds, of any account and region. */
export async function allResources<K extends Kind>(db: Queryable, kinds: readonly K[]): Promise<ResourceOf<K>[]> {
  const names = kinds.map(({ name }) => name);
  const rows = await db.selectFrom('resources').selectAll().where('kind', 'in', names).execute();
  return rows.map((row) => toResourceAmong(row, kinds)).filter((resource) => resource !== undefined);
}

/** @throws ServiceError ResourceNotFoundException if `arn` is no such resource, or one of another account or region. */
export async function getResource<K extends Kind>(
  db: Queryable,
  kind: K,
  arn: string,
  scope: Scope,
): Promise<ResourceOf<K>> {
  const resource = await findResource(db, kind, arn);
  if (resource?.account !== scope.account || resource.region !== scope.region) throw resourceNotFound(arn);
  return resource;
}

export type Draft<K extends Kind> = Pick<ResourceOf<K>, 'arn' | 'name' | 'parent' | 'document'>;

/**
 * @throws ServiceError ResourceAlreadyExistsException if something bears the ARN already, such as a random id drawn
 *   twice.
 */
export async function insertResource<K extends Kind>(
  { db: trx, now }: Transaction,
  kind: K,
  { account, region }: Scope,
  { arn, name, parent, document }: Draft<K>,
): Promise<void> {
  await trx
    .insertInto('resources')
    .values({
      arn,
      name,
      parent,
      account,
      region,
      kind: kind.name,
      document: JSON.stringify(document),
      status: kind.life.first,
      version: 1,
      created_at: now,
      updated_at: now,
    })
    .execute()
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? resourceAlreadyExists(arn) : error;
    });
}

type Changes<R extends Resource> = {
  readonly status?: R['status'];
  readonly parent?: string;
  readonly document?: Partial<R['document']>;
};

/**
 * The only way in which a resource changes. `document` is laid over the present one; a member given as undefined goes.
 *
 * @throws Error if the kind's life cycle has no such step, or if the resource has changed since it was read: both are
 *   defects, because a change holds the account's lock.
 */
export async function changeResource<R extends Resource>(
  { db: trx, now }: Transaction,
  resource: R,
  { status = resource.status, parent, document }: Changes<R>,
): Promise<R> {
  const changed = {
    ...resource,
    status,
    parent: parent ?? resource.parent,
    document: { ...resource.document, ...document },
    version: resource.version + 1,
    updatedAt: now,
  };
  assertSteps(resource, changed);
  const { numUpdatedRows } = await trx
    .updateTable('resources')
    .set({
      status,
      parent: changed.parent,
      document: JSON.stringify(changed.document),
      version: changed.version,
      updated_at: now,
    })
    .where('arn', '=', resource.arn)
    .where('version', '=', resource.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`${resource.arn} is no longer as it was read.`);
  return changed;
}

function assertSteps(before: Resource, after: Resource): void {
  const { steps, updateSteps } = before.kind.life;
  if (!mayFollow(steps, before.status, after.status)) {
    throw new Error(`${before.arn} cannot go from ${before.status} to ${after.status}.`);
  }
  const [from, to] = [updateStatusOf(before), updateStatusOf(after)];
  // The first update of a resource begins as one after another does.
  if (updateSteps && to !== undefined && !mayFollow(updateSteps, from ?? 'ACTIVE', to)) {
    throw new Error(`The update of ${before.arn} cannot go from ${from} to ${to}.`);
  }
}

/** Its tags go with it. */
export async function removeResource({ db: trx }: Transaction, arn: string): Promise<void> {
  await trx.deleteFrom('resources').where('arn', '=', arn).execute();
}

export type Selection = Scope & {
  /** Only resources that belong to this one. */
  readonly parent?: string | undefined;
  /** Only resources that belong to one of these. */
  readonly parents?: readonly string[] | undefined;
  /** Only resources in one of these statuses. */
  readonly statuses?: readonly string[] | undefined;
};

/** The resources of a kind, newest first; `before` and `limit` cut a page out of them. */
export async function selectResources<K extends Kind>(
  db: Queryable,
  kind: K,
  selection: Selection & { readonly before?: number; readonly limit?: number },
): Promise<ResourceOf<K>[]> {
  const { before, limit } = selection;
  let query = whereSelected(db, kind, selection).selectAll().orderBy('sequence', 'desc');
  if (before !== undefined) query = query.where('sequence', '<', before);
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map((row) => toResource(row, kind));
}

export async function countResources(db: Queryable, kind: Kind, selection: Selection): Promise<number> {
  const { count } = await whereSelected(db, kind, selection)
    .select((column) => column.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function whereSelected(db: Queryable, kind: Kind, { account, region, parent, parents, statuses }: Selection) {
  let query = db
    .selectFrom('resources')
    .where('kind', '=', kind.name)
    .where('account', '=', account)
    .where('region', '=', region);
  if (parent !== undefined) query = query.where('parent', '=', withoutNul(parent));
  if (parents !== undefined) query = query.where('parent', 'in', [...parents, '']); // an empty list is no SQL
  if (statuses !== undefined) query = query.where('status', 'in', statuses);
  return query;
}

function toResourceAmong<K extends Kind>(row: Selectable<ResourceRow>, kinds: readonly K[]): ResourceOf<K> | undefined {
  const kind = kinds.find(({ name }) => name === row.kind);
  return kind && toResource(row, kind);
}

function toResource<K extends Kind>(row: Selectable<ResourceRow>, kind: K): ResourceOf<K> {
  const { status, document, created_at: createdAt, updated_at: updatedAt, ...columns } = row;
  return {
    ...columns,
    kind,
    status: status as StatusOf<K>, // only changeResource writes the column, and only statuses of the kind
    document: JSON.parse(document),
    createdAt,
    updatedAt,
  };
}
