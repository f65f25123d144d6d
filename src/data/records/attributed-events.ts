import type { DatasetSchema } from '../dataset-schema.ts';
import type { EventDatasetType } from '../dataset-types.ts';
import { type FilePath, pathOf } from '../encryption/file-path.ts';
import { openDuckDb, sqlString } from '../engine/duckdb.ts';
import { encryptionOption } from '../engine/parquet-encryption.ts';
import { parquetFiles } from '../engine/parquet-files.ts';
import { attributedEventsQuery } from './streamed-events.ts';

export type AttributedEventsRequest = {
  /** Parquet files of the events, oldest first. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  readonly type: EventDatasetType;
  /** The Parquet file that is written. */
  readonly target: FilePath;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;

/**
 * Writes the events that train as a Parquet file with the columns of the schema.
 *
 * @returns how many do not
 * @throws the signal's reason when it is aborted
 */
export async function writeAttributedEvents({
  files,
  schema,
  type,
  target,
  signal,
}: AttributedEventsRequest): Promise<number> {
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: `${pathOf(target)}.tmp`, files: [...files, target] });
  const copy = `COPY (${attributedEventsQuery(files, schema, type)}) TO ${sqlString(pathOf(target))} (FORMAT parquet${encryptionOption(target)})`;
  const [result] = await duckDb.run(copy, signal);
  return (await duckDb.count(`FROM ${parquetFiles(files)}`, signal)) - Number(result?.Count);
}
