import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareMovieRatings } from './movie-ratings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'movie-ratings-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function prepare(ratings: string | Buffer, name = 'ratings.csv') {
  const path = join(folder, name);
  await writeFile(path, ratings);
  return prepareMovieRatings(path, join(folder, 'prepared'));
}

const ratings = 'userId,movieId,rating,timestamp\n7,20,4.5,1000000200\n7,10,3.0,1000000100\n8,10,0.5,1000000300\n';

test('every rating becomes an interaction that carries its stars', async () => {
  const { interactionsFile, itemsFile } = await prepare(ratings);
  expect(await readFile(interactionsFile, 'utf8')).toBe(
    'USER_ID,ITEM_ID,EVENT_TYPE,EVENT_VALUE,TIMESTAMP\n' +
      '7,20,rating,4.5,1000000200\n7,10,rating,3.0,1000000100\n8,10,rating,0.5,1000000300\n',
  );
  expect(itemsFile).toBeUndefined();
});

test('a gzipped file with a byte order mark, CRLF and columns in another order reads the same', async () => {
  const text = '\uFEFFtimestamp,userId,note,movieId,rating\r\n1000000200,7,"a, b",20,4.5\r\n';
  const { interactionsFile } = await prepare(gzipSync(text), 'ratings.csv.gz');
  expect(await readFile(interactionsFile, 'utf8')).toContain('\n7,20,rating,4.5,1000000200\n');
});

test('titles, genres and years come from movies.csv beside it, quoted where they need it', async () => {
  await writeFile(
    join(folder, 'movies.csv.gz'),
    gzipSync('movieId,title,genres\n10,"Fox, The (1998)",Comedy|Drama\n20,"The ""Other"" One",(no genres listed)\n'),
  );
  const { films, itemsFile = '', viewers } = await prepare(ratings);
  expect(films.get('10')).toEqual({ title: 'Fox, The', genres: ['Comedy', 'Drama'], year: 1998 });
  expect(await readFile(itemsFile, 'utf8')).toBe(
    'ITEM_ID,TITLE,GENRES,YEAR\n10,"Fox, The",Comedy|Drama,1998\n20,"The ""Other"" One",,\n',
  );
  expect(viewers[0]).toEqual({ userId: '7', history: ['10', '20'] });
});

describe('what cannot be read is named with its place', () => {
  const header = 'userId,movieId,rating,timestamp\n';
  const cases: Record<string, [string | Buffer, string, string?]> = {
    'another header': ['user,movie,stars\n1,2,3\n', 'ratings.csv, line 1: the header must name the columns'],
    'a word for a rating': [`${header}1,2,good,1000\n`, 'ratings.csv, line 2, column rating: "good" is not a number'],
    'no user': [`${header}1,2,3,1000\n,2,3,1000\n`, 'ratings.csv, line 3, column userId: "" is empty'],
    'a date': [
      `${header}1,2,3,2020-01-01\n`,
      'ratings.csv, line 2, column timestamp: "2020-01-01" is not a whole number',
    ],
    milliseconds: [`${header}1,2,3,1600000000000\n`, 'column timestamp: "1600000000000" is too large'],
    'a short line': [`${header}1,2,3\n`, 'ratings.csv, line 2: there are 3 columns where the header names 4'],
    'no ratings': [header, 'ratings.csv holds no ratings'],
    'plain text called .gz': [`${header}1,2,3,4\n`, 'cannot be read: incorrect header check', 'ratings.csv.gz'],
  };
  test.each(Object.entries(cases))('%s', async (_, [content, message, name]) => {
    await expect(prepare(content, name)).rejects.toThrow(message);
  });

  test('a missing file', async () => {
    const missing = join(folder, 'nowhere.csv.gz');
    await expect(prepareMovieRatings(missing, folder)).rejects.toThrow(/nowhere\.csv\.gz cannot be read: ENOENT/);
  });
});
