import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snapshotHandlers } from '../control/backup/snapshot.ts';
import { dispatchTo, httpServerFor } from '../edge/http-server.fixture.ts';
import { announcedServer, announcement, announceServer } from '../edge/running-server.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';

const token = 'a-secret';
let folder: string;
let url: string;
let app: ReturnType<typeof httpServerFor>;
let taken: number;
let failure: Error | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshots-'));
  [taken, failure] = [0, undefined];
  const takeSnapshot = async (file: string) => {
    taken++;
    await writeFile(file, 'rows');
    if (failure) throw failure;
  };
  const dispatch = dispatchTo(snapshotHandlers({ takeSnapshot, workFolder: join(folder, 'work') }));
  app = httpServerFor({ token, dispatch });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('a copy of the database', () => {
  it('is given to who may read the home, and nothing of it is left', async () => {
    const remove = await announceServer(folder, { url, pid: 1, token });
    expect((await stat(join(folder, announcement))).mode & 0o077).toBe(0);
    const server = await announcedServer(folder);
    const copy = join(folder, 'copy');
    if (server) await fetchSnapshot(server, copy);
    expect(await readFile(copy, 'utf8')).toBe('rows');
    await expect.poll(() => readdir(join(folder, 'work'))).toEqual([]);
    await remove();
    expect(await announcedServer(folder)).toBeUndefined();
  });

  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer a-guess!' }],
    ['a token of another length', { authorization: 'Bearer x' }],
  ])('is refused to a request with %s', async (_case, headers) => {
    const answer = await fetch(`${url}/admin/snapshot`, { headers });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(announcement) });
    expect(taken).toBe(0);
  });

  it('fails with the reason of the disk, and leaves no part of it', async () => {
    failure = new Error('There is no space left.');
    await expect(fetchSnapshot({ url, pid: 1, token }, join(folder, 'copy'))).rejects.toThrow('no space left');
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });
});
