import { invalidInput, ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { Queryable } from './resource-store.ts';
import type { Transaction } from './transaction.ts';

export type Tags = NonNullable<Input<'TagResource'>['tags']>;

/** Sorted by key. */
export async function tagsOf(db: Queryable, arn: string): Promise<Tags> {
  const rows = await db
    .selectFrom('tags')
    .select(['key', 'value'])
    .where('resource_arn', '=', arn)
    .orderBy('key')
    .execute();
  return rows.map(({ key, value }) => ({ tagKey: key, tagValue: value }));
}

/**
 * Adds tags; a key that is there already takes the new value (spec resources.md §5).
 *
 * @throws ServiceError InvalidInputException for a reserved or repeated key, TooManyTagsException beyond `limit` tags.
 */
export async function addTags({ db: trx }: Transaction, arn: string, tags: Tags = [], limit: number): Promise<void> {
  refuseBadKeys(tags);
  const keys = new Set((await tagsOf(trx, arn)).map((tag) => tag.tagKey));
  for (const { tagKey } of tags) keys.add(tagKey);
  if (keys.size > limit) {
    throw new ServiceError('TooManyTagsException', `A resource cannot have more than ${limit} tags.`);
  }
  for (const { tagKey, tagValue } of tags) {
    await trx
      .insertInto('tags')
      .values({ resource_arn: arn, key: tagKey, value: tagValue })
      .onConflict((conflict) => conflict.columns(['resource_arn', 'key']).doUpdateSet({ value: tagValue }))
      .execute();
  }
}

function refuseBadKeys(tags: Tags): void {
  const seen = new Set<string>();
  for (const { tagKey } of tags) {
    if (/^aws:/i.test(tagKey)) throw invalidInput(`Tag key ${tagKey} is invalid: the prefix aws: is reserved.`);
    if (seen.has(tagKey)) throw invalidInput(`Tag key ${tagKey} is given more than once.`);
    seen.add(tagKey);
  }
}

/** A key that is not there is no error. @throws ServiceError TooManyTagKeysException beyond `limit` keys. */
export async function removeTags(
  { db: trx }: Transaction,
  arn: string,
  keys: readonly string[],
  limit: number,
): Promise<void> {
  if (keys.length > limit) {
    throw new ServiceError('TooManyTagKeysException', `No more than ${limit} tag keys can be removed at a time.`);
  }
  if (keys.length === 0) return;
  await trx.deleteFrom('tags').where('resource_arn', '=', arn).where('key', 'in', keys).execute();
}
