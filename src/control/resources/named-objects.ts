import type { Database } from '../../data/database/database.ts';
import type { Kind } from './kind.ts';

/** Keys and prefixes that must be in the database's store: files of datasets, and what resources refer to. */
export async function namedObjects(database: Database, kinds: readonly Kind[]): Promise<string[]> {
  const files = await database.selectFrom('dataset_files').select('key').orderBy('key').execute();
  const names = files.map(({ key }) => key);
  for (const { name, objects } of kinds) {
    if (!objects) continue;
    const rows = await database
      .selectFrom('resources')
      .select('document')
      .where('kind', '=', name)
      .orderBy('sequence')
      .execute();
    for (const { document } of rows) names.push(...objects(JSON.parse(document)));
  }
  return names;
}
