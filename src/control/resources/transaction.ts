import type { Transaction as SqlTransaction } from 'kysely';
import type { Tables } from '../../data/database/tables.ts';

/**
 * A transaction that holds the lock of one account: what it reads of that account stays true until it commits.
 * `now` is its one moment, in milliseconds since the epoch.
 */
export type Transaction = { readonly db: SqlTransaction<Tables>; readonly now: number };
