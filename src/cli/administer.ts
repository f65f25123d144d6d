import { makeSecretKey } from '../access/principals/secret-key.ts';
import type { AdminOperationName, Input, Output } from '../contract/operations.ts';
import { validate } from '../contract/validate.ts';
import { accessHandlers } from '../control/access/access-family.ts';
import { createDispatch } from '../control/dispatch.ts';
import { openDatabase } from '../data/database/database.ts';
import { isInUse } from '../data/database/sqlite/sqlite-error.ts';
import { openHome } from '../data/home/home-folder.ts';
import { announcedServer } from '../edge/running-server.ts';
import { askAsOperator } from './ask-admin.ts';
import { databaseLocation, keyLocation } from './locations.ts';
import type { AccessOptions } from './options/access-options.ts';

/**
 * Performs an operation on accounts, users and access keys: in the database itself, or, where a server has a SQLite
 * file for itself, by that server. Other servers of a PostgreSQL database see it within two seconds.
 *
 * @throws Error with a sentence for a person
 */
export async function administer<O extends AdminOperationName>(
  places: AccessOptions,
  name: O,
  given: Input<O>,
): Promise<Output<O>> {
  const input = validate(name, given);
  await openHome(places.home);
  const opened = await openDatabase(databaseLocation(places)).catch((error: unknown) => {
    if (isInUse(error)) return undefined;
    throw error;
  });
  if (!opened) return await askServer(places, name, input);
  try {
    const secretKey = () => makeSecretKey(keyLocation(places));
    const { database } = opened;
    const dispatch = createDispatch([accessHandlers({ database, secretKey, now: () => Date.now() })]);
    return await dispatch(name, input, { account: '', region: '', accessKeyId: '', requestId: '' });
  } finally {
    await opened.close();
  }
}

async function askServer<O extends AdminOperationName>({ home }: AccessOptions, name: O, input: Input<O>) {
  const server = await announcedServer(home);
  if (server) return await askAsOperator(server, name, input);
  throw new Error(`The database in ${home} is in use, and no server has said there where it is: stop what uses it.`);
}
