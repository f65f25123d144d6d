import { rm } from 'node:fs/promises';
import { type DatabaseWithSnapshots, findDatabase } from '../data/database/database.ts';
import { isInUse } from '../data/database/sqlite/sqlite-error.ts';
import { announcedServer } from '../edge/running-server.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { databaseLocation } from './locations.ts';
import type { LocationOptions } from './options/location-options.ts';

/**
 * Writes the database of a home as of now into a SQLite file. PostgreSQL is asked itself; so is a SQLite file that
 * nobody uses; else the server that has it.
 *
 * @throws Error with a sentence for a person
 */
export async function takeSnapshot(locations: LocationOptions, file: string): Promise<void> {
  const opened = await findDatabase(databaseLocation(locations)).catch((error: unknown) => {
    if (isInUse(error)) return undefined;
    throw error;
  });
  await (opened ? snapshotOf(opened, file) : askServer(locations, file));
}

async function snapshotOf(opened: DatabaseWithSnapshots, file: string): Promise<void> {
  try {
    await opened.snapshot(file);
  } finally {
    await opened.close();
  }
}

async function askServer({ home }: LocationOptions, file: string): Promise<void> {
  const server = await announcedServer(home);
  if (!server) {
    throw new Error(`The database in ${home} is in use, and no server has said there where it is: stop what uses it.`);
  }
  try {
    await fetchSnapshot(server, file);
  } catch (cause) {
    await rm(file, { force: true });
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new Error(
      `The database in ${home} is in use, and the server at ${server.url} (process ${server.pid}) gave no copy of it ` +
        `(${reason}): stop that server and try again.`,
      { cause },
    );
  }
}
