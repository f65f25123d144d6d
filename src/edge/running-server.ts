import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How tools on this machine find and ask the server of a home. */
export type RunningServer = {
  readonly url: string;
  readonly pid: number;
  /** Known to those alone who may read the home. */
  readonly token: string;
  /** SHA-256 of the certificate of a server that speaks TLS, as `tls` writes it. */
  readonly fingerprint?: string | undefined;
};

/** The file in the home that says where its server is; a name that nobody else gives a file. */
export const announcement = 'openpersonalize-server.json';

const fileOf = (home: string) => join(home, announcement);

/** Writes where the server of a home is into a file that its owner alone may read. @returns what removes the file */
export async function announceServer(home: string, server: RunningServer): Promise<() => Promise<void>> {
  const path = fileOf(home);
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  await writeFile(partial, `${JSON.stringify(server)}\n`, { mode: 0o600 });
  await rename(partial, path);
  return () => rm(path, { force: true });
}

/** The server that the home's file names, if there is one; it may have been killed since. */
export async function announcedServer(home: string): Promise<RunningServer | undefined> {
  const content = await readFile(fileOf(home), 'utf8').catch(() => '');
  try {
    const { url, pid, token, fingerprint }: Partial<RunningServer> = JSON.parse(content);
    return url !== undefined && pid !== undefined && token !== undefined ? { url, pid, token, fingerprint } : undefined;
  } catch {
    return undefined;
  }
}
