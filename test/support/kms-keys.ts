import { join } from 'node:path';
import { KeyStore } from '../../src/access/keys/key-store.ts';
import { makeSecretKey } from '../../src/access/principals/secret-key.ts';
import { openDatabase } from '../../src/data/database/database.ts';

const caller = { account: '000000000000', region: 'us-east-1' };

/** Works on the keys of a home whose server is not running. */
export async function withKeys<T>(home: string, work: (keys: KeyStore) => Promise<T>): Promise<T> {
  const { database, dialect, close } = await openDatabase({ file: join(home, 'openpersonalize.db') });
  try {
    const secretKey = () => makeSecretKey(join(home, 'openpersonalize.key'));
    return await work(new KeyStore({ database, dialect, secretKey, now: () => Date.now() }));
  } finally {
    await close();
  }
}

/** A new key of the home's account. @returns its ARN */
export const createKey = (home: string): Promise<string> =>
  withKeys(home, async (keys) => (await keys.create(caller, {})).arn);
