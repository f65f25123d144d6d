import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { clients } from '../support/personalize.ts';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';
import { smallDisk } from '../support/small-disk.ts';
import { schemas } from '../support/two-tastes.ts';

// Servers are killed without warning while they make schemas. AUDIT_KILLS=50 kills more, KILL_SEED=7 at other moments.
const kills = Number(process.env.AUDIT_KILLS ?? 3);
const random = uniforms(Number(process.env.KILL_SEED ?? 1));

/** Runs `openpersonalize audit …`; gives its exit code and what it has written. */
async function audit(home: string, ...parameters: readonly string[]) {
  const program = runOpenPersonalize(['audit', ...parameters, '--home', home]);
  const code = await new Promise<number | null>((resolve) => program.process.once('close', resolve));
  return { code, text: program.output() };
}

/** Brings the trail into a bucket every tenth of a second. */
const delivering = ['--audit-bucket', 's3://trails/of-this', '--audit-minutes', '0.002'];

/** All records in the objects of a bucket. */
async function deliveredTo(bucket: string): Promise<{ readonly eventID: string }[]> {
  const files = await readdir(bucket, { recursive: true });
  const objects = files.filter((name) => name.endsWith('.json.gz'));
  const texts = await Promise.all(objects.map(async (name) => gunzipSync(await readFile(join(bucket, name)))));
  return texts.flatMap((text) => JSON.parse(text.toString()).Records);
}

/** Has a server make schemas until it is gone; the names of those that it has acknowledged. */
async function createUntilGone(url: string, run: number): Promise<string[]> {
  const { personalize } = clients(url);
  const acknowledged: string[] = [];
  const one = async (worker: number) => {
    for (let n = 0; ; n++) {
      const name = `schema-${run}-${worker}-${n}`;
      const done = await personalize.createSchema({ name, schema: schemas.interactions }).catch(() => undefined);
      if (!done) return;
      acknowledged.push(name);
    }
  };
  await Promise.all([0, 1, 2, 3].map(one));
  return acknowledged;
}

test('every change that was acknowledged is recorded and once in the bucket, whenever the server is killed', {
  timeout: 300_000 + kills * 60_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-audit-kill-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true, force: true }));
  const acknowledged: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const options = ['--audit', 'on', '--quota', 'schemas=100000', ...delivering];
    const server = await startServerProcess({ home, options });
    const creating = createUntilGone(server.url, kill);
    await sleep(100 + random() * 900);
    await server.kill('SIGKILL');
    acknowledged.push(...(await creating));
    // The bucket is away at first.
    await mkdir(join(home, 'buckets', 'trails'), { recursive: true });
  }
  const last = await startServerProcess({ home, options: ['--audit', 'on', ...delivering] });
  expect(await last.stop()).toBe(0);
  const { code, text } = await audit(home, 'verify');
  expect(text).toMatch(/The chain is whole\. Its head: [\da-f]{64}\n$/);
  expect(code).toBe(0);
  const { text: records } = await audit(home, 'search', '--name', 'CreateSchema', '--json');
  const recorded = new Set(
    records
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).requestParameters?.name),
  );
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((name) => !recorded.has(name))).toEqual([]);
  const delivered = (await deliveredTo(join(home, 'buckets', 'trails'))).map(({ eventID }) => eventID);
  const { text: all } = await audit(home, 'search', '--json');
  const written = all.trimEnd().split('\n');
  expect(delivered.toSorted()).toEqual(written.map((line) => JSON.parse(line).eventID).toSorted());
});

test('a change whose record has no space fails, and the trail goes on when there is some', async (context) => {
  await using disk = await smallDisk(1);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-audit-full-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true, force: true }));
  // The trail alone has the small disk.
  await writeFile(join(home, 'openpersonalize-home.json'), '{}');
  await symlink(disk.path, join(home, 'audit'));
  await using server = await startServerProcess({ home, options: ['--audit', 'on'] });
  const { personalize } = clients(server.url);
  const create = (name: string) => personalize.createSchema({ name, schema: schemas.interactions });
  await create('before');
  const filler = join(disk.path, 'filler');
  await writeFile(filler, Buffer.alloc(2 ** 20)).catch(() => {});
  // Some records may still fit into the last block of the file.
  const made = ['before'];
  let refusal: unknown;
  while (refusal === undefined && made.length < 100) {
    const name = `full-${made.length}`;
    made.push(name);
    refusal = await create(name).then(
      () => undefined,
      (error: Error) => error.message,
    );
  }
  expect(refusal).toMatch(/^The call was carried out, but its record cannot be written/);
  // Reads go on.
  expect((await personalize.listSchemas({})).schemas?.map(({ name }) => name)).toEqual(expect.arrayContaining(made));
  await rm(filler);
  await create('after');
  const { code, text } = await audit(home, 'verify');
  expect([code, text]).toEqual([0, expect.stringContaining('The chain is whole.')]);
  const { text: found } = await audit(home, 'search', '--name', 'CreateSchema', '--json');
  const names = found
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).requestParameters.name);
  expect(new Set(names)).toEqual(new Set([...made, 'after']));

  const day = new Date().toISOString().slice(0, 10);
  const file = join(home, 'audit', `${day}.jsonl`);
  await writeFile(file, (await readFile(file, 'utf8')).replace('"before"', '"beyond"'));
  expect(await audit(home, 'verify')).toMatchObject({ code: 1, text: expect.stringContaining('The chain is broken.') });
});
