import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOpenPersonalize } from '../support/server.ts';
import { twoTastes } from '../support/two-tastes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-quickstart-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function quickstart(...parameters: string[]) {
  const home = ['--home', join(folder, 'home'), '--port', '0'];
  const program = runOpenPersonalize(['quickstart', '--exit', ...home, ...parameters]);
  const [code] = await once(program.process, 'close');
  return { code, output: program.output(), errors: program.errors() };
}

/** A row of the metrics table: the personal recipe's value, then the baseline's. */
function metric(output: string, name: string): number[] {
  const row = output.split('\n').find((line) => line.trim().startsWith(name));
  return row?.match(/\d\.\d{4}/g)?.map(Number) ?? [];
}

test('on the made-up store it ends with films by title and beats popularity', async () => {
  const { code, output, errors } = await quickstart();
  expect(code, errors).toBe(0);
  expect(output).toMatch(/^ +1 {2}.+\((19|20)\d\d\) +.+\((19|20)\d\d\) +[A-Z]/m);
  const [personal = 0, popular = 1] = metric(output, 'NDCG at 25');
  expect(personal).toBeGreaterThan(1.3 * popular);
  expect(output).toMatch(
    /aws personalize-runtime get-recommendations --endpoint-url http:\S+ --campaign-arn arn:aws:personalize:us-east-1:000000000000:campaign\/quickstart-\S+ --user-id \d+/,
  );
});

test('on a ratings file of one’s own, on the same home, in an account that is full', async () => {
  const ratings = join(folder, 'ratings.csv');
  const movieNumber = (item: string) => (item.startsWith('a') ? 100 : 200) + Number(item.slice(1));
  const lines = twoTastes().trimEnd().split('\n').slice(1);
  const rows = lines.map((line, i) => {
    const [user = '', item = '', , timestamp] = line.split(',');
    return `${user.replace('ua', '1').replace('ub', '2')},${movieNumber(item)},${1 + (i % 9) / 2},${timestamp}`;
  });
  const movies = Array.from({ length: 40 }, (_, i) => [
    `${100 + i},"Laughter, Part ${i} (1999)",Comedy`,
    `${200 + i},Tears ${i} (2001),Drama|Romance`,
  ]).flat();
  await writeFile(ratings, `userId,movieId,rating,timestamp\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'movies.csv.gz'), gzipSync(`movieId,title,genres\n${movies.join('\n')}\n`));

  const { code, output, errors } = await quickstart('--ratings', ratings, '--quota', 'datasetGroups=1');
  expect(code, errors).toBe(0);
  expect(output).toContain('makes way');
  expect(output).toMatch(/(Laughter, Part \d+ \(1999\)|Tears \d+ \(2001\))/);
});

test('a ratings file that cannot be read ends it with one clear sentence', async () => {
  const ratings = join(folder, 'broken.csv');
  await writeFile(ratings, 'userId,movieId,rating,timestamp\n1,2,five,1000\n');
  const { code, errors } = await quickstart('--ratings', ratings);
  expect(code).toBe(1);
  expect(errors).toContain('broken.csv, line 2, column rating: "five" is not a number.');
  expect(errors).not.toContain('    at ');
});

test('data that does not suffice ends it with the resource, the reason and what to do', async () => {
  const ratings = join(folder, 'few.csv');
  await writeFile(ratings, 'userId,movieId,rating,timestamp\n1,2,5,1000\n1,3,4,2000\n');
  const { code, errors } = await quickstart('--ratings', ratings);
  expect(code).toBe(1);
  expect(errors).toMatch(/^arn:aws:personalize:\S+:solution\/quickstart-\S+ ended as CREATE FAILED\.\n.+\n.*1,000/m);
});
