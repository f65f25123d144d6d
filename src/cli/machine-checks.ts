import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Finding, messageOf, ok, unknown, wrong } from '../control/doctor/finding.ts';
import type { RunningServer } from '../edge/running-server.ts';
import { fetchFromServer } from './fetch-from-server.ts';
import { bucketsLocation, storeLocation } from './locations.ts';
import type { LocationOptions } from './options/location-options.ts';
import { defaultServerOptions } from './options/server-options.ts';

/** Less than this is soon full. */
const leastFreeBytes = 500e6;

/** Folders that the server reads and writes; those that are not there yet are made by a start. */
function foldersOf(locations: LocationOptions): string[] {
  const located = [storeLocation(locations), bucketsLocation(locations)];
  const folders = located.flatMap((location) => ('folder' in location ? [location.folder] : []));
  return [locations.home, join(locations.home, 'work'), ...folders].map((folder) => resolve(folder));
}

export async function checkPermissions(locations: LocationOptions): Promise<Finding> {
  const problems: string[] = [];
  for (const folder of foldersOf(locations)) {
    try {
      const facts = await stat(folder).catch(() => undefined);
      if (facts && !facts.isDirectory()) problems.push(`${folder} is no folder.`);
      else if (facts) await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  if (problems.length === 0)
    return ok(
      'folders',
      `${foldersOf(locations).join(', ')} can be read and written, or made.`,
      await openTo(locations.home),
    );
  return wrong(
    'folders',
    'This user may not use all folders; change their owner or mode, or run as their owner:',
    problems,
  );
}

/** The parts of a home that other users of the machine may read; a server makes one that they may not look into. */
async function openTo(home: string): Promise<string[]> {
  const facts = await stat(home).catch(() => undefined);
  if (!facts || (facts.mode & 0o077) === 0) return [];
  const mode = (facts.mode & 0o777).toString(8);
  return [`Other users of this machine may look into ${resolve(home)} (mode ${mode}): chmod 700 closes it to them.`];
}

export async function checkSpace(locations: LocationOptions): Promise<Finding> {
  const [problems, free]: [string[], string[]] = [[], []];
  for (const folder of new Set([...foldersOf(locations), tmpdir()])) {
    const { bavail, bsize } = await statfs(await existing(folder));
    const bytes = bavail * bsize;
    free.push(`${(bytes / 1e9).toFixed(1)} GB`);
    if (bytes < leastFreeBytes) problems.push(`The disk of ${folder} has ${Math.floor(bytes / 1e6)} MB left.`);
  }
  if (problems.length > 0)
    return wrong('space', 'There is little space left; free some before the disk is full:', problems);
  return ok('space', `${[...new Set(free)].join(', ')} are free where the server writes.`);
}

/** A folder, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : await existing(dirname(folder));
}

/** Whether the server of the home answers, and who has the port that it would listen on. */
export async function checkServer(server: RunningServer | undefined, port: number): Promise<Finding> {
  // A server that was killed has left its announcement behind.
  if (server && isAlive(server.pid)) {
    if (await answers(server)) {
      return ok('server', `The server of this home answers at ${server.url} (process ${server.pid}).`);
    }
    return wrong(
      'server',
      `The server of this home (process ${server.pid}) does not answer at ${server.url}: look at its log.`,
    );
  }
  const { host } = defaultServerOptions;
  if (port === 0) return ok('server', 'None runs on this home.');
  if (await isFree(host, port)) return ok('server', `None runs on this home, and port ${port} is free.`);
  const other = (await answers({ url: `http://${host}:${port}` }))
    ? 'another OpenPersonalize server'
    : 'another program';
  return wrong('server', `None runs on this home, and port ${port} is in use by ${other}: choose another with --port.`);
}

async function answers(server: Pick<RunningServer, 'url' | 'fingerprint'>): Promise<boolean> {
  try {
    const answer = await fetchFromServer(server, new URL('/healthz', server.url), {}, AbortSignal.timeout(5000));
    return answer.ok && (await answer.text()) === 'ok\n';
  } catch {
    return false;
  }
}

const isFree = (host: string, port: number) =>
  new Promise<boolean>((settle) => {
    const server = createServer();
    server.once('error', () => settle(false));
    server.listen({ host, port }, () => server.close(() => settle(true)));
  });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export const notChecked = (about: string, takes = 'an intact database'): Finding =>
  unknown(about, `It was not checked, as that takes ${takes}.`);
