import type { Database } from '../../data/database/database.ts';
import { keyIdOfName } from '../../data/encryption/group-key.ts';
import { allFiles, expectedOf } from '../../data/manifest.ts';
import { type ExpectedChecksum, isExpected } from '../../data/objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import type { FoundStore } from '../../data/objects/open-store.ts';
import { markKey, readOwnership } from '../../data/objects/store-owner.ts';
import { notedObjects } from '../../data/objects/unreferenced-objects.ts';
import { describedFiles } from '../../learn/model/stored-model.ts';
import { sumOfObject } from '../backup/copy-object.ts';
import { kinds } from '../kinds.ts';
import { unnamedObjects } from '../own-store.ts';
import { namedObjects } from '../resources/named-objects.ts';
import { type Finding, messageOf, ok, unknown, wrong } from './finding.ts';

/** Says what a store is without a database that could be asked. */
export async function describeStore({ store, location }: FoundStore): Promise<Finding> {
  let objects = 0;
  let hasMark = false;
  try {
    for await (const { key } of store.list('')) {
      if (key === markKey) hasMark = true;
      else objects++;
    }
  } catch (error) {
    return unknown('store', messageOf(error));
  }
  const mark = hasMark ? 'bears the mark of a server, whose database belongs to it' : 'bears no mark';
  return unknown(
    'store',
    `${location} has ${objects} objects and ${mark}. Keep it: a database that is put back needs it.`,
  );
}

/** Checks whose the store is. Changes nothing. */
export async function checkOwner({ store, location }: FoundStore, database: Database): Promise<Finding> {
  const named = await namedObjects(database, kinds);
  const ownership = await readOwnership({ store, location, named, database });
  if (ownership.verdict === 'ours') return ok('store', `${location} is the database's own.`);
  if (ownership.verdict === 'unmarked') {
    return ok('store', `${location} bears no mark yet; --repair or the next start marks it as the database's.`);
  }
  const { finding, remedy, adoptable } = ownership;
  const adoption = adoptable ? ', or start once with --adopt-store to use the store with this database' : '';
  return wrong('store', `${finding}: ${remedy}${adoption}.`);
}

/** What an object must be: undefined where an earlier release has not written that down. */
type NamedObject = { readonly key: string; readonly expected: ExpectedChecksum | undefined };

/** Reads all objects that the database names, and compares what was written down of them. */
export async function checkObjects(store: ObjectStore, database: Database): Promise<Finding> {
  const { objects, descriptions, problems } = await expectedObjects(store, database);
  problems.push(...(await withoutKeys(objects, store, database)));
  const named = objects.length + descriptions;
  const unsummed = { files: 0, ofModels: 0 };
  for (const { key, expected } of objects) {
    if (!expected) unsummed.ofModels++;
    else if (expected.sha256 === null) unsummed.files++;
    const problem = await problemOf(store, key, expected);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) {
    const sentence = `${problems.length} of ${named} objects that the database names are not as they were written:`;
    return wrong('objects', sentence, problems);
  }
  const sentence = `All ${named} that the database names are as they were written.`;
  return ok('objects', [sentence, ...withoutChecksums(unsummed)].join(' '));
}

function withoutChecksums({ files, ofModels }: { readonly files: number; readonly ofModels: number }): string[] {
  return [
    ...(files > 0 ? [`${files} files of datasets have no checksum yet; --repair gives them one.`] : []),
    ...(ofModels > 0 ? [`${ofModels} files of models have none, until the next training or update.`] : []),
  ];
}

async function expectedObjects(store: ObjectStore, database: Database) {
  const files = await allFiles(database);
  const objects: NamedObject[] = files.map((file) => ({ key: file.key, expected: expectedOf(file) }));
  const problems: string[] = [];
  /** A model.json each, checked by its own checksum as it is read. */
  let descriptions = 0;
  const keys = new Set(files.map(({ key }) => key));
  for (const prefix of await namedObjects(database, kinds)) {
    if (keys.has(prefix)) continue;
    descriptions++;
    try {
      for (const [key, expected] of await describedFiles(store, prefix)) objects.push({ key, expected });
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return { objects, descriptions, problems };
}

/** Sealed objects whose keys the database has lost: nothing can be read of them. */
async function withoutKeys(objects: readonly NamedObject[], store: ObjectStore, database: Database): Promise<string[]> {
  const rows = await database.selectFrom('group_keys').select('id').execute();
  const present = new Set(rows.map(({ id }) => id));
  return objects.flatMap(({ key }) => {
    const id = keyIdOfName(key);
    if (id === undefined || present.has(id)) return [];
    return [`${store.location(key)} is sealed with the key ${id}, which the database does not have: restore a backup.`];
  });
}

async function problemOf(
  store: ObjectStore,
  key: string,
  expected: ExpectedChecksum | undefined,
): Promise<string | undefined> {
  try {
    const found = await sumOfObject({ store, key });
    if (!expected || isExpected(found, expected)) return undefined;
    return `${store.location(key)} is damaged: ${expected.remedy}.`;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    return error.reason === 'missing' && expected
      ? `${error.message.replace(/\.$/, '')}: ${expected.remedy}.`
      : error.message;
  }
}

/** Counts what lies in the store and is not the database's: a server never removes it. */
export async function countOthers(store: ObjectStore, database: Database): Promise<Finding> {
  const own = [...(await namedObjects(database, kinds)), ...(await notedObjects(database))];
  const { objects, bytes, first } = await unnamedObjects(store, own);
  if (first === undefined) return ok('leftovers', 'There is nothing in the store that the database does not know.');
  const size = `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
  return ok(
    'leftovers',
    `${objects} objects (${size}) in the store are none of the database's, such as ${store.location(first)}: files of yours, of ` +
      'another database, or of unfinished work of version 0.1. No server removes them; move away what nobody needs.',
  );
}
