import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { sourcesOf } from './counts.ts';

/** What a window's count has grown by since it was published. */
export type Unpublished = {
  readonly metric: number;
  /** Undefined where events have none. */
  readonly source: string | undefined;
  /** Number of the source. */
  readonly sourceNumber: number;
  readonly time: number;
  readonly more: number;
  readonly published: number;
};

/**
 * Takes counts that are not published yet, oldest first, and marks them as published.
 *
 * @param range windows that begin within, both ends included, in seconds since the epoch
 */
export async function takeUnpublished(
  database: Database,
  arn: string,
  range: { readonly from: number; readonly to: number },
  most: number,
): Promise<Unpublished[]> {
  const names = new Map([...(await sourcesOf(database, arn))].map(([name, number]) => [number, name]));
  return await database.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('attribution_counts')
      .select(['metric', 'source', 'time', 'value', 'published'])
      .where('arn', '=', arn)
      .where('time', '>=', range.from)
      .where('time', '<=', range.to)
      .where(sql.ref('value'), '!=', sql.ref('published'))
      .orderBy('time')
      .orderBy('metric')
      .orderBy('source')
      .limit(most)
      .execute();
    for (const { metric, source, time, value } of rows) {
      await trx
        .updateTable('attribution_counts')
        .set({ published: value })
        .where('arn', '=', arn)
        .where('metric', '=', metric)
        .where('source', '=', source)
        .where('time', '=', time)
        .execute();
    }
    return rows.map(({ metric, source, time, value, published }) => ({
      ...{ metric, source: names.get(source), sourceNumber: source },
      ...{ time: Number(time), more: value - published, published },
    }));
  });
}

/** Marks back counts that were taken and are certainly not published. */
export async function untakeUnpublished(database: Database, arn: string, taken: readonly Unpublished[]): Promise<void> {
  await database.transaction().execute(async (trx) => {
    for (const { metric, sourceNumber, time, published } of taken) {
      await trx
        .updateTable('attribution_counts')
        .set({ published })
        .where('arn', '=', arn)
        .where('metric', '=', metric)
        .where('source', '=', sourceNumber)
        .where('time', '=', time)
        .execute();
    }
  });
}
