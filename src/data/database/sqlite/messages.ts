/** What the thread that holds the SQLite connection is asked for, one thing at a time. */
export type Request =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'rollback' }
  /** Answered when the copy has begun, so that nothing else may be asked until then. `BackupEnd` follows the answer. */
  | { readonly kind: 'backup'; readonly path: string }
  | { readonly kind: 'close' };

export type SqliteAnswer = {
  readonly rows: unknown[];
  /** Rows that an INSERT, UPDATE or DELETE without RETURNING changed. */
  readonly changes?: number | bigint;
};

/** `code` is SQLite's extended result code; absent for a value that cannot be bound. */
export type Failure = { readonly failure: { readonly code?: number; readonly message: string } };

export type Reply = SqliteAnswer | Failure;

/** A copy is whole, or has failed; comes unasked. */
export type BackupEnd = { readonly backup: string } & ({ readonly whole: true } | Failure);
