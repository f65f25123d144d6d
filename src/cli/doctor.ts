import { join } from 'node:path';
import { checkDatabase } from '../control/doctor/database-checks.ts';
import { type Finding, messageOf, wrong } from '../control/doctor/finding.ts';
import { repair } from '../control/doctor/repair.ts';
import { checkObjects, checkOwner, countOthers, describeStore } from '../control/doctor/store-checks.ts';
import { type Database, findDatabase } from '../data/database/database.ts';
import { findStore } from '../data/objects/open-store.ts';
import { firstObject } from '../data/objects/store-owner.ts';
import { announcedServer } from '../edge/running-server.ts';
import { databaseLocation, storeLocation } from './locations.ts';
import { checkPermissions, checkServer, checkSpace, notChecked } from './machine-checks.ts';
import type { DoctorOptions } from './options/tool-options.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Checks all that a server stands on, and says of each what is wrong and what to do. Changes nothing but by `repair`.
 *
 * @returns whether nothing is wrong
 */
export async function examine(options: DoctorOptions, output: NodeJS.WritableStream): Promise<boolean> {
  await using work = await temporaryFolder();
  if (options.repair) await mend(options, work.path, output);
  let isWell = true;
  for await (const finding of findingsOf(options, work.path)) {
    if (finding.state === 'wrong') isWell = false;
    output.write(lineOf(finding));
  }
  return isWell;
}

async function* findingsOf(options: DoctorOptions, work: string): AsyncGenerator<Finding> {
  const server = await announcedServer(options.home);
  yield await checkServer(server, options.port);
  yield await checkPermissions(options);
  yield await checkSpace(options);
  const take = (file: string) => takeSnapshot(options, file);
  const { findings, database, close } = await checkDatabase(take, join(work, 'copy.sqlite'), Date.now());
  try {
    yield* findings;
    if (database) yield* storeFindings(options, database, server !== undefined, take, work);
    else yield* withoutDatabase(options);
  } finally {
    await close();
  }
}

async function* withoutDatabase(options: DoctorOptions): AsyncGenerator<Finding> {
  try {
    yield await describeStore(await findStore(storeLocation(options)));
  } catch (error) {
    yield wrong('store', messageOf(error));
  }
  for (const about of ['clock', 'objects', 'leftovers']) yield notChecked(about);
}

async function* storeFindings(
  options: DoctorOptions,
  database: Database,
  isRunning: boolean,
  take: (file: string) => Promise<void>,
  work: string,
): AsyncGenerator<Finding> {
  try {
    const found = await findStore(storeLocation(options));
    const owner = await checkOwner(found, database);
    yield owner;
    if (owner.state === 'wrong' && (await firstObject(found.store)) === undefined) {
      for (const about of ['objects', 'leftovers']) yield notChecked(about, 'a store with objects');
      return;
    }
    const objects = await checkObjects(found.store, database);
    // A server may have replaced meanwhile what the copy names.
    if (objects.state !== 'wrong' || !isRunning) yield objects;
    else {
      const again = await checkDatabase(take, join(work, 'again.sqlite'), Date.now());
      yield again.database ? await checkObjects(found.store, again.database) : objects;
      await again.close();
    }
    yield await countOthers(found.store, database);
  } catch (error) {
    yield wrong('store', messageOf(error));
  }
}

async function mend(options: DoctorOptions, work: string, output: NodeJS.WritableStream): Promise<void> {
  try {
    const opened = await findDatabase(databaseLocation(options));
    try {
      const done = await repair(opened, await findStore(storeLocation(options)), work);
      for (const sentence of done.length > 0 ? done : ['There was nothing to repair.'])
        output.write(`done   ${sentence}\n`);
    } finally {
      await opened.close();
    }
  } catch (error) {
    output.write(`done   Nothing was repaired. ${messageOf(error)}\n`);
  }
}

function lineOf({ state, about, sentence, details = [] }: Finding): string {
  const mark = { ok: 'ok', wrong: 'WRONG', unknown: '?' }[state];
  const head = `${mark.padEnd(7)}${about.padEnd(11)}`;
  return [`${head}${sentence}`, ...details.map((detail) => `${' '.repeat(head.length)}${detail}`)]
    .join('\n')
    .concat('\n');
}
