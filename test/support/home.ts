import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What lies in a server's home, looked at from outside, with the server running or dead. */
export type Home = {
  /** Rows of a dataset that training would read. */
  rowsOf(datasetArn: string): number;
  /** Files that belong to nothing: in the work folder, or in the store with no dataset or trained version that names them. */
  strayFiles(): Promise<string[]>;
};

export function lookInto(home: string): Home {
  const query = <Row>(sql: string, ...values: string[]): Row[] => {
    const database = new DatabaseSync(join(home, 'openpersonalize.db'), { readOnly: true });
    try {
      // The driver knows no types of rows; each caller names the columns that its SQL selects.
      return database.prepare(sql).all(...values) as Row[];
    } finally {
      database.close();
    }
  };
  return {
    rowsOf(datasetArn) {
      const sql = 'SELECT coalesce(sum(rows), 0) AS rows FROM dataset_files WHERE dataset_arn = ?';
      return query<{ rows: number }>(sql, datasetArn)[0]?.rows ?? 0;
    },
    async strayFiles() {
      const keys = query<{ key: string }>('SELECT key FROM dataset_files').map(({ key }) => key);
      const trained = query<{ document: string }>(
        `SELECT document FROM resources WHERE kind = 'solution-version' AND status = 'ACTIVE'`,
      );
      const isKept = (key: string) =>
        keys.includes(key) || trained.some(({ document }) => document.includes(key.slice(0, key.lastIndexOf('/') + 1)));
      const stored = (await filesBelow(join(home, 'store'))).filter((key) => !isKept(key));
      return [...stored, ...(await filesBelow(join(home, 'work')))];
    },
  };
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
