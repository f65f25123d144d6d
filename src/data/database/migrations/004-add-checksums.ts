import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

/** Files of earlier releases have none. */
export async function addChecksums({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  await schema.alterTable('dataset_files').addColumn('sha256', textType(dialect)).execute();
}
