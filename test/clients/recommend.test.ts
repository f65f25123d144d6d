import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

let server: ServerProcess;
let versions: Readonly<Record<'likes' | 'beside', string>>;

beforeAll(async () => {
  server = await startServerProcess();
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const dataset = await create.dataset(group, 'Interactions', 'films', schemas.interactions);
  const rows = await putObject(server.buckets, 'films', 'rows.csv', twoTastes());
  expect((await create.importJob(await create.startImport(dataset, 'rows', rows)))?.status).toBe('ACTIVE');
  const trained = async (name: string, recipe: string) => {
    const version = await create.version(await create.startVersion(await create.solution(group, name, recipe)));
    expect(version?.status, version?.failureReason).toBe('ACTIVE');
    return version?.solutionVersionArn ?? '';
  };
  versions = {
    likes: await trained('likes', 'aws-user-personalization'),
    beside: await trained('beside', 'aws-sims'),
  };
});
afterAll(() => server.stop());

async function recommend(...parameters: string[]) {
  const child = spawn(process.execPath, [main, 'recommend', '--endpoint', server.url, ...parameters]);
  const [output, messages] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output, messages };
}

/** And files beside them; not what the server keeps of buckets. */
const bucketNames = async () => (await readdir(server.buckets)).filter((name) => name !== '.s3');

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(server.buckets, name);
  await writeFile(path, content);
  return path;
}

test('writes a list for each user of a file, and leaves nothing in the buckets', async () => {
  const users = await fileOf('users.txt', 'ua1\nub1\nua1\nsomebody new\n');
  const before = await bucketNames();
  const asked = ['--users', users, '--solution-version', versions.likes, '--results', '3'];
  const { code, output, messages } = await recommend(...asked);
  expect(code, messages).toBe(0);
  const [header, ...lines] = output.trimEnd().split('\n');
  expect(header).toBe('USER_ID,ITEM_ID,RANK,SCORE');
  const wanted = ['ua1', 'ub1', 'ua1', 'somebody new'].flatMap((user) => [1, 2, 3].map((rank) => [user, String(rank)]));
  expect(lines.map((line) => line.split(',')).map(([user, , rank]) => [user, rank])).toEqual(wanted);
  expect(Number(lines[0]?.split(',')[3])).toBeGreaterThan(0);
  expect(await bucketNames()).toEqual(before);
});

test('takes the column that bears the name, and writes a file', async () => {
  const items = await fileOf('items.csv', 'TITLE,item_id\n"One, two",a1\nThree,b1\n');
  const out = join(server.buckets, 'lists.csv');
  const { code, output, messages } = await recommend(
    '--items',
    items,
    '--solution-version',
    versions.beside,
    '--out',
    out,
  );
  expect([code, output], messages).toEqual([0, '']);
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  expect(lines[0]).toBe('ITEM_ID,RELATED_ITEM_ID,RANK');
  expect(new Set(lines.slice(1).map((line) => line.split(',')[0]))).toEqual(new Set(['a1', 'b1']));
});

test('says which lines were not answered, and answers the others', async () => {
  const users = await fileOf('long.txt', `ua1\n${'x'.repeat(300)}\n`);
  const { code, output, messages } = await recommend('--users', users, '--solution-version', versions.likes);
  expect(code).toBe(1);
  expect(output.split('\n')[1]).toMatch(/^ua1,/);
  expect(messages).toContain('length less than or equal to 256');
});

test.each([
  { name: 'a file that is not there', file: undefined, sentence: 'no such file' },
  { name: 'a file with nothing in it', file: '', sentence: 'names no USER_ID' },
  { name: 'a header alone', file: 'USER_ID\n', sentence: 'names no USER_ID' },
])('refuses $name, and leaves nothing', async ({ file, sentence }) => {
  const path = file === undefined ? join(server.buckets, 'none.txt') : await fileOf('wrong.txt', file);
  const before = await bucketNames();
  const { code, messages } = await recommend('--users', path, '--solution-version', versions.likes);
  expect([code, messages]).toEqual([1, expect.stringContaining(sentence)]);
  expect(await bucketNames()).toEqual(before);
});
