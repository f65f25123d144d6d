import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { markKey } from '../../src/data/objects/store-owner.ts';

/** What lies in the home of a server that has ended, or was killed. */
export type Home = {
  /** Rows by dataset that training would read. */
  readonly rows: ReadonlyMap<string, number>;
  /** Those of them that import jobs brought. */
  readonly imported: ReadonlyMap<string, number>;
  /** Kinds of the jobs that are not finished. */
  readonly jobs: readonly string[];
  /**
   * Files that belong to nothing: in the work folder, or in the store with no dataset or trained version that names
   * them.
   */
  readonly strayFiles: readonly string[];
};

export async function lookInto(home: string, store = join(home, 'store')): Promise<Home> {
  const { files, versions, jobs } = await readDatabase(home);
  const rows = rowsByDataset(files);

  const keys = new Set(files.map(({ key }) => key));
  const isOfVersion = (key: string) =>
    versions.some(({ document }) => document.includes(key.slice(0, key.lastIndexOf('/') + 1)));
  const stored = await filesBelow(store);
  const stray = stored.filter((key) => key !== markKey && !keys.has(key) && !isOfVersion(key));
  return {
    rows,
    imported: rowsByDataset(files.filter(({ through }) => through === null)),
    jobs: jobs.map(({ kind }) => kind),
    strayFiles: [...stray, ...(await filesBelow(join(home, 'work')))],
  };
}

function rowsByDataset(files: readonly { dataset_arn: string; rows: number }[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const file of files) rows.set(file.dataset_arn, (rows.get(file.dataset_arn) ?? 0) + file.rows);
  return rows;
}

/** Reads a copy, as opening the database of a server that was killed would already repair it. */
async function readDatabase(home: string) {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-look-'));
  await cp(home, folder, { recursive: true, filter: (path) => path === home || path.includes('openpersonalize.db') });
  const database = new DatabaseSync(join(folder, 'openpersonalize.db'));
  try {
    // The driver types no rows: the SQL beside each cast says what it selects.
    return {
      files: database.prepare('SELECT key, dataset_arn, rows, through FROM dataset_files').all() as {
        key: string;
        dataset_arn: string;
        rows: number;
        through: number | null;
      }[],
      versions: database
        .prepare(
          `SELECT document FROM resources WHERE kind IN ('solution-version', 'recommender') AND status IN ('ACTIVE', 'INACTIVE')`,
        )
        .all() as { document: string }[],
      jobs: database.prepare('SELECT kind FROM jobs').all() as { kind: string }[],
    };
  } finally {
    database.close();
    await rm(folder, { recursive: true });
  }
}

/** Paths relative to `folder`, with `/`. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
