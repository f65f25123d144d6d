import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A file of interactions, and the data set that it is. */
export type InteractionsFile = { readonly dataset: string; readonly path: string; readonly columns: Columns };

/** The file's own names for user, item and time (seconds since the epoch). */
export type Columns = { readonly user: string; readonly item: string; readonly time: string };

/** What MovieLens publishes, and what Amazon Personalize imports. */
const layouts: readonly { readonly file: string; readonly columns: Columns }[] = [
  { file: 'ratings.csv', columns: { user: 'userId', item: 'movieId', time: 'timestamp' } },
  { file: 'interactions.csv', columns: { user: 'USER_ID', item: 'ITEM_ID', time: 'TIMESTAMP' } },
];

/** The files of interactions in a folder and in the folders in it, one a folder, plain or gzipped. */
export async function interactionsFiles(folder: string): Promise<InteractionsFile[]> {
  const inner = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
  const folders = [folder, ...inner.map(({ name }) => join(folder, name)).sort()];
  return folders.flatMap((place) => {
    const found = layouts
      .flatMap(({ file, columns }) => [file, `${file}.gz`].map((name) => ({ path: join(place, name), columns })))
      .find(({ path }) => existsSync(path));
    return found ? [{ dataset: basename(place), ...found }] : [];
  });
}
