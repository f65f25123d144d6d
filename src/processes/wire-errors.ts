import { ServiceError } from '../contract/errors.ts';
import { SqliteError } from '../data/database/sqlite/sqlite-error.ts';
import { KeyError } from '../data/encryption/key-error.ts';
import { ObjectStoreError } from '../data/objects/object-store.ts';
import type { ErrorCodec } from '../util/channel/channel.ts';

/** An error as it crosses a channel. */
type WireError =
  | { readonly kind: 'service'; readonly code: ServiceError['code']; readonly message: string }
  | { readonly kind: 'sqlite'; readonly code: number; readonly message: string }
  | { readonly kind: 'store'; readonly reason: ObjectStoreError['reason']; readonly message: string }
  | { readonly kind: 'key'; readonly problem: KeyError['kind']; readonly kmsKeyArn: string; readonly message: string }
  | { readonly kind: 'file'; readonly code: string; readonly path: string | undefined; readonly message: string }
  | { readonly kind: 'type' | 'other'; readonly message: string; readonly stack: string | undefined };

/** Errors that mean something to those who catch them are of their own class on the other side, too. */
export const wireErrors: ErrorCodec = {
  encode: (error): WireError => encoded(error),
  decode: (error) => decoded(error as WireError), // both ends are of one program
};

function encoded(error: unknown): WireError {
  if (!(error instanceof Error)) return { kind: 'other', message: String(error), stack: undefined };
  const { message, stack } = error;
  if (error instanceof ServiceError) return { kind: 'service', code: error.code, message };
  if (error instanceof SqliteError) return { kind: 'sqlite', code: error.code, message };
  if (error instanceof ObjectStoreError) return { kind: 'store', reason: error.reason, message };
  if (error instanceof KeyError) return { kind: 'key', problem: error.kind, kmsKeyArn: error.kmsKeyArn, message };
  if ('code' in error && typeof error.code === 'string') {
    return { kind: 'file', code: error.code, path: 'path' in error ? String(error.path) : undefined, message };
  }
  return { kind: error instanceof TypeError ? 'type' : 'other', message, stack };
}

function decoded(error: WireError): Error {
  switch (error.kind) {
    case 'service':
      return new ServiceError(error.code, error.message);
    case 'sqlite':
      return new SqliteError(error.code, error.message);
    case 'store':
      return new ObjectStoreError(error.reason, error.message);
    case 'key':
      return new KeyError(error.problem, error.kmsKeyArn, error.message);
    case 'file':
      return Object.assign(new Error(error.message), { code: error.code, ...(error.path && { path: error.path }) });
    case 'type':
      return withStack(new TypeError(error.message), error.stack);
    case 'other':
      return withStack(new Error(error.message), error.stack);
  }
}

/** Where it was thrown, which is in another process. */
function withStack(error: Error, stack: string | undefined): Error {
  if (stack !== undefined) error.stack = stack;
  return error;
}
