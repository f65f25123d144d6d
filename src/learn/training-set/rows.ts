import { type DuckDb, doubles, integers, present } from '../../data/engine/duckdb.ts';
import { emptyHistories, type Histories, sliceHistory } from '../histories/histories.ts';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import { type Vocabulary, VocabularyBuilder } from '../model/vocabulary.ts';
import type { SetSizes } from './plan.ts';

/** The ids of `users` or `catalogue`, so many, in order of index. */
export async function readIds(
  duckDb: DuckDb,
  table: 'users' | 'catalogue' | 'actions',
  count: number,
): Promise<Vocabulary> {
  const ids = new VocabularyBuilder();
  for await (const chunk of duckDb.stream(`SELECT id FROM ${table} ORDER BY index`, count)) {
    for (let row = 0; row < chunk.rowCount; row++) ids.add(String(chunk.getColumnVector(0).getItem(row)));
  }
  return ids.build();
}

/**
 * The ordered events as arrays; of neighbours that are the same in everything, one. `progress` gets the share that is
 * read.
 */
export async function readHistories(
  duckDb: DuckDb,
  { users, rows }: SetSizes,
  columns: readonly InteractionColumn[],
  progress: (fraction: number) => void,
): Promise<Histories> {
  const histories = emptyHistories(users, rows, columns);
  const { offsets, items, timestamps, codes } = histories;
  let read = 0;
  let kept = 0;
  let lastUser = -1;
  let lastItem = -1;
  let lastTime = Number.NaN;
  let lastProperties = -1;
  const coded = columns.map((_, n) => `, code_${n}`).join('');
  const query = `SELECT user, item, time::DOUBLE, properties${coded} FROM ordered`;
  for await (const chunk of duckDb.stream(query, rows)) {
    const userColumn = integers(chunk, 0);
    const itemColumn = integers(chunk, 1);
    const timeColumn = doubles(chunk, 2);
    const propertiesColumn = integers(chunk, 3);
    const codeColumns = columns.map((_, n) => integers(chunk, 4 + n));
    for (let row = 0; row < chunk.rowCount; row++) {
      const user = present(userColumn.getItem(row));
      const item = present(itemColumn.getItem(row));
      const time = present(timeColumn.getItem(row));
      const properties = present(propertiesColumn.getItem(row));
      if (item === lastItem && time === lastTime && user === lastUser && properties === lastProperties) continue;
      lastUser = user;
      lastItem = item;
      lastTime = time;
      lastProperties = properties;
      items[kept] = item;
      timestamps[kept] = time;
      for (const [n, column] of codes.entries()) column[kept] = present(codeColumns[n].getItem(row));
      kept++;
      offsets[user + 1] = kept;
    }
    read += chunk.rowCount;
    progress(read / rows);
  }
  // Users without interactions come last.
  offsets.fill(kept, lastUser + 2);
  return { ...histories, ...sliceHistory(histories, 0, kept) };
}
