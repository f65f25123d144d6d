import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCsv } from './csv.ts';
import { type Film, stockFilms } from './films.ts';
import { type PreparedData, viewersShown } from './prepared-data.ts';
import { seededRandom } from './random.ts';
import { type Rental, rentalsOf } from './rentals.ts';
import { interactionColumns, itemColumns } from './schemas.ts';

/** 1 January 2024, in Unix epoch seconds: the day on which the store opens. */
const opening = 1_704_067_200;
const days = 730;
const customers = 1500;

/** A small video store: its films, and two years of rentals, customer after customer, the same for the same seed. */
export function videoStore(seed: number): { readonly films: readonly Film[]; rentals(): Generator<Rental> } {
  const films = stockFilms(seededRandom(seed), days);
  return {
    films,
    *rentals() {
      const random = seededRandom(seed + 1);
      for (let customer = 1; customer <= customers; customer++) {
        yield* rentalsOf(random, String(customer), films, opening, days);
      }
    },
  };
}

/** Writes the store's interactions and items as CSV files into `folder`. */
export async function prepareVideoStore(folder: string, seed: number): Promise<PreparedData> {
  const store = videoStore(seed);
  const histories = new Map<string, string[]>();
  let interactions = 0;
  function* rows() {
    for (const { userId, film, timestamp, eventType, stars } of store.rentals()) {
      const history = histories.get(userId) ?? [];
      histories.set(userId, history);
      history.push(film.id);
      interactions++;
      yield [userId, film.id, eventType, stars?.toFixed(1) ?? '', String(timestamp)];
    }
  }

  await mkdir(folder, { recursive: true });
  const interactionsFile = join(folder, 'interactions.csv');
  const itemsFile = join(folder, 'items.csv');
  await writeCsv(interactionsFile, interactionColumns, rows());
  await writeCsv(
    itemsFile,
    itemColumns,
    store.films.map(({ id, title, genres, year }) => [id, title, genres.join('|'), String(year)]),
  );
  return {
    description: `a made-up video store: ${histories.size} customers, ${store.films.length} films, ${interactions} rentals`,
    interactionsFile,
    itemsFile,
    films: new Map(store.films.map((film) => [film.id, film])),
    viewers: viewersShown(histories),
  };
}
