import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, chown, glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { announcement } from './announcement.ts';

const run = promisify(execFile);

/** A PostgreSQL server of the test's own, reached through a socket in its folder. */
export type Postgres = {
  /** Makes an empty database, and gives its URL. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
};

type Identity = { readonly uid?: number; readonly gid?: number };

/**
 * Starts a server with empty data. Where PostgreSQL's programs are missing: undefined and a notice, and an error in CI.
 */
export async function startPostgres(): Promise<Postgres | undefined> {
  const programs = await findPrograms();
  if (programs === undefined) {
    if (process.env.CI) throw new Error("PostgreSQL's programs are missing, and this check must not be skipped here.");
    console.warn("SKIPPED: PostgreSQL's programs are missing, so nothing is checked against it.");
    return undefined;
  }
  const identity = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(folder, identity.uid, identity.gid);
  const data = join(folder, 'data');
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(programs, 'initdb'), initialise, { ...identity, cwd: folder });

  const options = ['-D', data, '-k', folder, '-c', 'listen_addresses='];
  const server = spawn(join(programs, 'postgres'), options, {
    ...identity,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(server, 'exit');
  await announcement(server.stderr, /ready to accept connections/);

  const urlOf = (database: string) => `postgres://postgres@localhost/${database}?host=${folder}`;
  return {
    async freshDatabase() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return urlOf(name);
    },
    async stop() {
      server.kill('SIGINT');
      await exit;
      await rm(folder, { recursive: true });
    },
  };
}

/** The folder with `initdb` and `postgres`; distributions often keep them off the path. */
async function findPrograms(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for await (const folder of glob('/usr/lib/postgresql/*/bin')) folders.push(folder);
  for (const folder of folders) {
    const both = [access(join(folder, 'initdb')), access(join(folder, 'postgres'))];
    if ((await Promise.allSettled(both)).every(({ status }) => status === 'fulfilled')) return folder;
  }
  return undefined;
}

/** PostgreSQL does not run as root: the user that its package made, or else nobody. */
async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]).catch(() => undefined);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}
