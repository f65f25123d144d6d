import { invalidInput } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { makeSecretKey, readSecretKey, type SecretKey } from './secret-key.ts';

/**
 * The key in a file, with which secrets in the database are encrypted. It is made where neither has any.
 *
 * @throws ServiceError InvalidInputException where none of the database's secrets can be read with it: new ones would
 *   hide that the file is not the right one
 */
export async function databaseKey(database: Database, file: string): Promise<SecretKey> {
  const known = await readSecretKey(file);
  const isRight = known !== undefined && (await holdsSealed(database, `1:${known.id}:`));
  if (isRight || !(await holdsSealed(database, ''))) return await makeSecretKey(file);
  throw invalidInput(
    `The secrets in the database are encrypted with a key that is not in ${file}: put that file back, or name another ` +
      'with --key-file. If it is lost, delete the access keys and the keys of the key store that it was for.',
  );
}

/** Whether the database has a secret, and is to keep it, that was sealed with a key. @param prefix of sealed texts */
async function holdsSealed(database: Database, prefix: string): Promise<boolean> {
  const like = `${prefix}%`;
  const ofUsers = database.selectFrom('access_keys').select('id').where('sealed_secret', 'like', like).limit(1);
  if (await ofUsers.executeTakeFirst()) return true;
  const ofKeys = database
    .selectFrom('kms_key_versions')
    .innerJoin('kms_keys', 'kms_keys.id', 'kms_key_versions.key_id')
    .select('key_id')
    .where('sealed_key', 'like', like)
    .where('state', '!=', 'PendingDeletion')
    .limit(1);
  return (await ofKeys.executeTakeFirst()) !== undefined;
}
