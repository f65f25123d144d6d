import { join } from 'node:path';
import { type DuckDb, doubles, integers, openDuckDb, present, sqlString } from '../../data/engine/duckdb.ts';
import { parquetFiles } from '../../data/engine/parquet-files.ts';
import { learnFeatures } from '../../learn/features/learn-features.ts';
import { emptyHistories } from '../../learn/histories/histories.ts';
import { type Vocabulary, VocabularyBuilder } from '../../learn/model/vocabulary.ts';
import { type CodedColumn, codeQuery, readColumns } from '../../learn/training-set/columns.ts';
import { readMetadata } from '../../learn/training-set/metadata.ts';
import { encodeTexts } from '../../learn/training-set/texts.ts';
import type { Progress } from '../../util/progress.ts';
import { asEvaluationError, EvaluationError } from '../evaluation-error.ts';
import type { Events } from './events.ts';
import { readItemRecords } from './item-records.ts';
import { metadataInput } from './metadata-file.ts';
import { field, type ParquetColumn, type ParquetFile, toParquet } from './parquet.ts';

export type EventFiles = {
  readonly dataset: string;
  /** Interactions that come after those of the dataset. */
  readonly test?: string | undefined;
  /** Metadata of items, which can be recommended beside those of the interactions; and of users. */
  readonly items?: string | undefined;
  readonly users?: string | undefined;
  /** Schemas of these two. */
  readonly itemsSchema?: string | undefined;
  readonly usersSchema?: string | undefined;
  /** Folder of a sentence encoder for texts of the items; without, their words count. */
  readonly textEncoder?: string | undefined;
  /** Only events of this type count. */
  readonly eventType?: string | undefined;
  /** Only events with an EVENT_VALUE above this count. */
  readonly minValue?: number | undefined;
};

/** Beyond it, DuckDB spills. */
const memoryBytes = 2 ** 30;

/**
 * Reads the interactions of an evaluation, in order. A filter applies to the test file, too, where that has the column.
 *
 * @throws EvaluationError naming the file and what is wrong with it, or that nothing is left
 */
export async function readEvents(files: EventFiles, workFolder: string, progress: Progress): Promise<Events> {
  const filters: ParquetColumn[] = [
    ...(files.eventType === undefined ? [] : (['EVENT_TYPE'] as const)),
    ...(files.minValue === undefined ? [] : (['EVENT_VALUE'] as const)),
  ];
  const folder = (name: string) => join(workFolder, name);
  const keys = ['USER_ID', 'ITEM_ID'] as const;
  // Filtered by it, the events are all of one type, and there is nothing to learn from it.
  const learnt = files.eventType === undefined ? (['EVENT_TYPE'] as const) : [];
  const wantedOfDataset = { required: [...keys, 'TIMESTAMP', ...filters] as const, optional: learnt };
  const parts = [await toParquet(files.dataset, wantedOfDataset, folder('dataset'), progress)];
  if (files.test !== undefined) {
    const wanted = { required: keys, optional: ['TIMESTAMP', ...filters, ...learnt] as const };
    parts.push(await toParquet(files.test, wanted, folder('test'), progress));
  }
  const items =
    files.items === undefined
      ? undefined
      : await metadataInput({ path: files.items, schema: files.itemsSchema }, 'ITEM_ID', folder('items'), progress);
  const users =
    files.users === undefined
      ? undefined
      : await metadataInput({ path: files.users, schema: files.usersSchema }, 'USER_ID', folder('users'), progress);

  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: folder('duckdb') });
  const all = parts.map((part, n) => eventsQuery(part, n, files)).join(' UNION ALL ');
  await duckDb.run(`CREATE TABLE events AS ${all}`, progress.signal);
  await duckDb.run(
    'CREATE TABLE users AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::UINTEGER AS index FROM (SELECT DISTINCT user AS id FROM events)',
  );
  const listed = items ? `UNION ALL SELECT ITEM_ID, 1 FROM ${parquetFiles(items.files)}` : '';
  await duckDb.run(
    `CREATE TABLE items AS
     SELECT id, max(listed)::UINTEGER AS listed, (row_number() OVER (ORDER BY id) - 1)::UINTEGER AS index
     FROM (SELECT item AS id, 0 AS listed FROM events ${listed}) GROUP BY id`,
  );
  const columns = await readColumns(duckDb, [eventType]);
  const events = { ...(await readItems(duckDb)), ...(await readInOrder(duckDb, columns)) };
  if (!events.given.some((count) => count > 0)) throw nothingLeft(files);
  const itemMetadata = await readMetadata(duckDb, 'items', 'ITEM_ID', items);
  const encoding = { textEncoder: files.textEncoder, workFolder };
  const itemFeatures = await learnFeatures(
    itemMetadata && (await encodeTexts(itemMetadata, encoding).catch(asEvaluationError)),
  );
  const userFeatures = await learnFeatures(await readMetadata(duckDb, 'users', 'USER_ID', users));
  const itemRecords = await readItemRecords(duckDb, items);
  return { ...events, itemFeatures, userFeatures, itemRecords };
}

const eventType = { field: field('EVENT_TYPE'), alias: 'event_type' };

function eventsQuery({ path, columns }: ParquetFile, part: number, { eventType, minValue }: EventFiles): string {
  const conditions = [
    ...(eventType !== undefined && columns.includes('EVENT_TYPE') ? [`EVENT_TYPE = ${sqlString(eventType)}`] : []),
    ...(minValue !== undefined && columns.includes('EVENT_VALUE') ? [`EVENT_VALUE > ${minValue}::DOUBLE`] : []),
  ];
  return `SELECT USER_ID AS user, ITEM_ID AS item, ${columns.includes('TIMESTAMP') ? 'TIMESTAMP' : '0'}::DOUBLE AS time,
      ${columns.includes('EVENT_TYPE') ? 'EVENT_TYPE' : 'NULL::VARCHAR'} AS event_type, ${part}::UINTEGER AS part, file_row_number AS line
    FROM read_parquet(${sqlString(path)}, file_row_number = true)
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}`;
}

async function readItems(duckDb: DuckDb): Promise<{ items: Vocabulary; listed: Uint8Array }> {
  const ids = new VocabularyBuilder();
  const listed: number[] = [];
  const count = await duckDb.count('FROM items');
  for await (const chunk of duckDb.stream('SELECT id, listed FROM items ORDER BY index', count)) {
    const marks = integers(chunk, 1);
    for (let row = 0; row < chunk.rowCount; row++) {
      ids.add(String(chunk.getColumnVector(0).getItem(row)));
      listed.push(present(marks.getItem(row)));
    }
  }
  return { items: ids.build(), listed: Uint8Array.from(listed) };
}

async function readInOrder(
  duckDb: DuckDb,
  columns: readonly CodedColumn[],
): Promise<Pick<Events, 'histories' | 'given'>> {
  const users = await duckDb.count('FROM users');
  const rows = await duckDb.count('FROM events');
  const histories = emptyHistories(
    users,
    rows,
    columns.map(({ column }) => column),
  );
  const given = new Uint32Array(users);
  const codes = columns.map(codeQuery);
  const inOrder = `SELECT users.index, items.index, time, part${codes.map(({ code }) => `, ${code}`).join('')}
    FROM events JOIN users ON users.id = events.user JOIN items ON items.id = events.item
    ${codes.map(({ join }) => join).join(' ')}
    ORDER BY users.index, part, time, line`;
  let read = 0;
  for await (const chunk of duckDb.stream(inOrder, rows)) {
    const [userColumn, itemColumn, partColumn] = [integers(chunk, 0), integers(chunk, 1), integers(chunk, 3)];
    const timeColumn = doubles(chunk, 2);
    const codeColumns = columns.map((_, n) => integers(chunk, 4 + n));
    for (let row = 0; row < chunk.rowCount; row++) {
      const user = present(userColumn.getItem(row));
      histories.items[read] = present(itemColumn.getItem(row));
      histories.timestamps[read] = present(timeColumn.getItem(row));
      for (const [n, column] of histories.codes.entries()) column[read] = present(codeColumns[n].getItem(row));
      if (partColumn.getItem(row) === 0) given[user] += 1;
      read++;
      histories.offsets[user + 1] = read;
    }
  }
  return { histories, given };
}

function nothingLeft({ dataset, eventType, minValue }: EventFiles): EvaluationError {
  const filters = [
    ...(eventType === undefined ? [] : [`the event type ${eventType}`]),
    ...(minValue === undefined ? [] : [`a value above ${minValue}`]),
  ];
  return new EvaluationError(`${dataset} has no interaction with ${filters.join(' and ')}.`);
}
