import { hash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startServerProcess } from '../support/server.ts';

const scope = 'AKIDEXAMPLE/20261121/eu-west-1/s3/aws4_request';
const headers = {
  authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20261121T000000Z',
};

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 's3-kill-'));
});
afterEach(() => rm(home, { recursive: true }));

const keys = ['a', 'folder/b', 'folder/deeper/c'];
const bytes = 3 * 2 ** 20;
/** Content by round and key: whose it is, the whole of it says. */
const content = (round: number, key: string) => Buffer.alloc(bytes, `${round} ${key} `);

it('holds whole objects with the facts of their content, whenever it is killed', async () => {
  const acknowledged = new Map<string, number>();
  let round = 0;
  for (const waitMs of [30, 90, 200, 350]) {
    await using server = await startServerProcess({ home });
    const ask = (method: string, path: string, body?: Buffer) =>
      fetch(`${server.url}/killed${path}`, { method, headers, ...(body && { body: new Uint8Array(body) }) });
    await ask('PUT', '');
    for (const key of keys) {
      const answer = await ask('GET', `/${key}`);
      if (answer.status === 404) {
        expect(acknowledged.has(key)).toBe(false);
        continue;
      }
      const found = Buffer.from(await answer.arrayBuffer());
      const versions = Array.from({ length: round }, (_, one) => one).filter((one) => found.equals(content(one, key)));
      expect(versions, `${key} is one of its versions`).toHaveLength(1);
      expect(versions[0]).toBeGreaterThanOrEqual(acknowledged.get(key) ?? 0);
      expect(answer.headers.get('etag')).toBe(`"${hash('md5', found)}"`);
    }
    const writers = keys.map(async (key) => {
      for (;;) {
        const mine = round++;
        const { ok } = await ask('PUT', `/${key}`, content(mine, key));
        if (ok) acknowledged.set(key, mine);
      }
    });
    await sleep(waitMs);
    const ended = Promise.allSettled(writers);
    await server.kill('SIGKILL');
    await ended;
  }
  expect(acknowledged.size, 'something was acknowledged').toBeGreaterThan(0);
  await using server = await startServerProcess({ home });
  await fetch(`${server.url}/killed/last`, { method: 'PUT', headers, body: 'x' });
  expect(await readdir(join(server.buckets, 'killed', '.tmp')), 'nothing unfinished is left').toEqual([]);
});
