import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field } from '../../data/dataset-schema.ts';
import type { FieldType } from '../../data/dataset-types.ts';
import { openDuckDb, sqlName, sqlString } from '../../data/engine/duckdb.ts';
import type { Progress } from '../../util/progress.ts';
import { uniforms } from '../kernels/random.ts';
import type { TrainingInput } from './training.ts';

/** A folder of a test's own, removed with all that is in it. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'learn-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export const unwatched: Progress = { report: () => {}, signal: new AbortController().signal };

export const field = (name: string, type: FieldType = 'string'): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});

type Cell = string | number | null;

const sqlTypes: Readonly<Record<FieldType, string>> = {
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
};

/** Writes a dataset of one Parquet file for each list of rows. */
export async function writeDataset(
  folder: string,
  fields: readonly Field[],
  ...files: Cell[][][]
): Promise<TrainingInput> {
  await mkdir(folder, { recursive: true });
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const paths: string[] = [];
  for (const [n, rows] of files.entries()) {
    const columns = fields.map(({ name, type }) => `${sqlName(name)} ${sqlTypes[type]}`).join(', ');
    await duckDb.run(`CREATE OR REPLACE TABLE dataset (${columns})`);
    const literal = (cell: Cell) =>
      cell === null ? 'NULL' : typeof cell === 'number' ? String(cell) : sqlString(cell);
    if (rows.length > 0) {
      await duckDb.run(
        `INSERT INTO dataset VALUES ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`,
      );
    }
    const path = join(folder, `${n}.parquet`);
    await duckDb.run(`COPY dataset TO ${sqlString(path)} (FORMAT parquet)`);
    paths.push(path);
  }
  return { schema: { fields }, files: paths };
}

export const interactionFields = [field('USER_ID'), field('ITEM_ID'), field('TIMESTAMP', 'long')];

/** Each user of `planted` likes the items of one cluster alone. */
export const planted = { users: 240, clusters: 6, itemsPerCluster: 12, interactionsPerUser: 10 };

export const clusterOfUser = (user: number) => user % planted.clusters;
export const clusterOfItem = (id: string) => Number(id.slice(1)) % planted.clusters;

/**
 * Interactions in clusters: item `i7` belongs to cluster 7 mod 6. Only who interacts with what shows the
 * clusters apart.
 */
export function plantedInteractions(): Cell[][] {
  const random = uniforms(42);
  return Array.from({ length: planted.users * planted.interactionsPerUser }, (_, n) => {
    const user = Math.floor(n / planted.interactionsPerUser);
    // A third of its items follow a user round the cluster, so that no item is had by all.
    const rank = (user * 5 + (n % planted.interactionsPerUser) + (random() < 0.3 ? 1 : 0)) % planted.itemsPerCluster;
    return [`u${user}`, `i${rank * planted.clusters + clusterOfUser(user)}`, 1_600_000_000 + n * 3600];
  });
}
