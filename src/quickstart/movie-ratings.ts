import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CsvLine, readCsv, writeCsv } from './csv.ts';
import { QuickstartError } from './failure.ts';
import { type PreparedData, type ShownFilm, viewersShown } from './prepared-data.ts';
import { interactionColumns, itemColumns } from './schemas.ts';

/** So many people, the first of the file, have their histories kept for the tables: a bound for files of any size. */
const peopleKept = 50;

/** Later than this is no time in seconds: the year 5138, or milliseconds of 1973. */
const latestSecond = 100_000_000_000;

/**
 * Turns a MovieLens-style ratings file (`userId,movieId,rating,timestamp`, plain or gzipped) into interactions: every
 * rating is one, as in AWS's tutorial, and its stars go along as EVENT_VALUE, so that a solution may set a threshold.
 * Titles, genres and years come from a `movies.csv` or `movies.csv.gz` beside it, where there is one.
 *
 * @throws QuickstartError naming file, line and column of what it cannot read.
 */
export async function prepareMovieRatings(ratings: string, folder: string): Promise<PreparedData> {
  const movies = ['movies.csv', 'movies.csv.gz'].map((name) => join(dirname(ratings), name)).find(existsSync);
  const films = movies === undefined ? new Map<string, ShownFilm>() : await readMovies(movies);

  const histories = new Map<string, { item: string; timestamp: number }[]>();
  let interactions = 0;
  async function* rows() {
    for await (const { at, cells } of records(ratings, ['userId', 'movieId', 'rating', 'timestamp'])) {
      const [user = '', item = '', rating = '', timestamp = ''] = cells;
      if (user === '') throw at('userId', 'is empty');
      if (item === '') throw at('movieId', 'is empty');
      if (!/^\d+(\.\d+)?$/.test(rating)) throw at('rating', 'is not a number');
      if (!/^\d+$/.test(timestamp)) throw at('timestamp', 'is not a whole number of seconds since 1970');
      if (Number(timestamp) > latestSecond) throw at('timestamp', 'is too large for seconds since 1970');
      if (histories.size < peopleKept && !histories.has(user)) histories.set(user, []);
      histories.get(user)?.push({ item, timestamp: Number(timestamp) });
      interactions++;
      yield [user, item, 'rating', rating, timestamp];
    }
  }

  await mkdir(folder, { recursive: true });
  const interactionsFile = join(folder, 'interactions.csv');
  await writeCsv(interactionsFile, interactionColumns, rows());
  if (interactions === 0) throw new QuickstartError(`${basename(ratings)} holds no ratings.`);
  return {
    description: `${interactions} ratings from ${basename(ratings)}${films.size > 0 ? `, ${films.size} titles` : ''}`,
    interactionsFile,
    itemsFile: films.size > 0 ? await writeItems(join(folder, 'items.csv'), films) : undefined,
    films,
    viewers: viewersShown(
      new Map(
        [...histories].map(([user, watched]) => [
          user,
          watched.sort((a, b) => a.timestamp - b.timestamp).map(({ item }) => item),
        ]),
      ),
    ),
  };
}

async function writeItems(path: string, films: ReadonlyMap<string, ShownFilm>): Promise<string> {
  const rows = [...films].map(([id, { title, genres, year }]) => [id, title, genres.join('|'), String(year ?? '')]);
  await writeCsv(path, itemColumns, rows);
  return path;
}

async function readMovies(path: string): Promise<Map<string, ShownFilm>> {
  const films = new Map<string, ShownFilm>();
  for await (const { at, cells } of records(path, ['movieId', 'title', 'genres'])) {
    const [id = '', title = '', genres = ''] = cells;
    if (id === '') throw at('movieId', 'is empty');
    const [, name = title, year] = /^(.*\S)\s*\((\d{4})\)\s*$/.exec(title) ?? [];
    films.set(id, {
      title: name,
      genres: genres === '' || genres === '(no genres listed)' ? [] : genres.split('|'),
      year: year === undefined ? undefined : Number(year),
    });
  }
  return films;
}

type FileRecord = {
  /** The values of the columns asked for, in that order. */
  readonly cells: readonly string[];
  /** The error to throw when the value of a column will not do. */
  at(column: string, problem: string): QuickstartError;
};

/** The records of a CSV file that has these columns, in any order and among others. */
async function* records(path: string, columns: readonly string[]): AsyncGenerator<FileRecord> {
  const name = basename(path);
  let places: readonly number[] | undefined;
  let width = 0;
  for await (const batch of readable(path)) {
    for (const { line, cells } of batch) {
      if (places === undefined) {
        places = columns.map((column) => cells.findIndex((cell) => cell.trim() === column));
        width = cells.length;
        const missing = columns.filter((_, i) => places?.[i] === -1);
        if (missing.length > 0) {
          throw new QuickstartError(
            `${name}, line ${line}: the header must name the columns ${columns.join(', ')}, but ${missing.join(', ')} is not among "${cells.join(',').slice(0, 100)}".`,
          );
        }
        continue;
      }
      if (cells.length !== width) {
        throw new QuickstartError(
          `${name}, line ${line}: there are ${cells.length} columns where the header names ${width}. Correct the line and start the quickstart again.`,
        );
      }
      const values = places.map((place) => (cells[place] ?? '').trim());
      yield {
        cells: values,
        at: (column, problem) =>
          new QuickstartError(
            `${name}, line ${line}, column ${column}: "${values[columns.indexOf(column)]}" ${problem}. Correct the file and start the quickstart again.`,
          ),
      };
    }
  }
}

async function* readable(path: string): AsyncGenerator<readonly CsvLine[]> {
  try {
    yield* readCsv(path);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new QuickstartError(`${path} cannot be read: ${cause.message}. Name a CSV file, plain or gzipped (.gz).`, {
      cause,
    });
  }
}
