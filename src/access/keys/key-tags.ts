import { limitExceeded, ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';

export type KeyTag = { readonly key: string; readonly value: string };

const mostTags = 50;

/** Sorted by key. */
export const readKeyTags = async (database: Database, keyId: string): Promise<KeyTag[]> =>
  await database.selectFrom('kms_tags').select(['key', 'value']).where('key_id', '=', keyId).orderBy('key').execute();

/** A key that is there already takes the new value. @throws ServiceError TagException, LimitExceededException */
export async function addKeyTags(trx: Database, keyId: string, tags: readonly KeyTag[]): Promise<void> {
  const keys = tags.map(({ key }) => key);
  if (keys.some((key) => /^aws:/i.test(key))) throw new ServiceError('TagException', 'Tags cannot begin with aws:.');
  if (new Set(keys).size < keys.length) throw new ServiceError('TagException', 'Duplicate tag keys');
  for (const { key, value } of tags) {
    await trx
      .insertInto('kms_tags')
      .values({ key_id: keyId, key, value })
      .onConflict((conflict) => conflict.columns(['key_id', 'key']).doUpdateSet({ value }))
      .execute();
  }
  if ((await readKeyTags(trx, keyId)).length > mostTags) throw limitExceeded(`A key has at most ${mostTags} tags.`);
}

export async function removeKeyTags(trx: Database, keyId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await trx.deleteFrom('kms_tags').where('key_id', '=', keyId).where('key', 'in', keys).execute();
}
