import { access, constants, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reserveName } from '../database/reserve.ts';
import { unlessMissing } from '../objects/durable-files.ts';
import { makeFolder } from '../objects/make-folder.ts';

/** Says that a folder is a server's home, also where the database is elsewhere. */
const markName = 'openpersonalize-home.json';
export const databaseName = 'openpersonalize.db';
/** With what the secrets in the database are encrypted. */
export const keyName = 'openpersonalize.key';

const about = 'This folder is the home of an OpenPersonalize server, which writes and removes files in its folders.';

/** What a server makes in its home, and what systems put into any folder; `buckets` may have been made for it. */
const knownNames = new Set([
  ...[markName, databaseName, `${databaseName}-wal`, `${databaseName}-shm`, reserveName, keyName],
  ...['audit', 'buckets', 'cache', 'propensities', 'store', 'work'],
  ...['.DS_Store', 'lost+found'],
]);

/** Folders that servers make in `work`: of processes, and of jobs in version 0.1. */
const workName = /^(import|training)-\d+-\d+$|^(.+-\d+|inspection|histories|exploration)-[0-9a-f-]{36}$/;

/**
 * Makes a server's home where it is missing, for its owner alone, and marks it. In one that may be a person's folder
 * nothing is made.
 *
 * @throws Error whose message is one sentence for a person.
 */
export async function openHome(home: string): Promise<void> {
  const stranger = await strangerIn(home).catch(unusable(home));
  if (stranger !== undefined) {
    throw new Error(
      `The folder ${home} is no home of a server: it has ${stranger}, and neither a database nor a mark of one; ` +
        'nothing was changed; choose a new folder with --home, or correct it.',
    );
  }
  await makeFolder(home, 0o700)
    .then(() => mark(home))
    .then(() => access(home, constants.W_OK))
    .catch(unusable(home));
}

async function mark(home: string): Promise<void> {
  const content = `${JSON.stringify({ format: 1, about }, undefined, 2)}\n`;
  await writeFile(join(home, markName), content, { flag: 'wx' }).catch(unlessThere);
}

const unusable = (home: string) => (cause: Error) => {
  throw new Error(`The folder ${home} cannot be made or used (${cause.message}): choose another with --home.`, {
    cause,
  });
};

/** The first thing in a folder that speaks against its being a home; undefined if it is one, or may become one. */
async function strangerIn(home: string): Promise<string | undefined> {
  const names = (await readdir(home).catch(unlessMissing)) ?? [];
  const database = await stat(join(home, databaseName)).catch(unlessMissing);
  if (names.includes(markName) || (database?.isFile() && database.size > 0)) return undefined;
  // A home of version 0.1 whose database was elsewhere has no mark, but only folders of its own.
  const stranger = names.find((name) => !knownNames.has(name));
  if (stranger !== undefined) return stranger;
  const inWork = (await readdir(join(home, 'work')).catch(unlessMissing)) ?? [];
  const strangerInWork = inWork.find((name) => !workName.test(name));
  return strangerInWork === undefined ? undefined : join('work', strangerInWork);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
