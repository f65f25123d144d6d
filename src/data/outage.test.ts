import { readFile, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { SqliteError, sqliteMessage } from './database/sqlite/sqlite-error.ts';
import { ObjectStoreError } from './objects/object-store.ts';
import { outageOf } from './outage.ts';

const sqlite = (code: number) => new SqliteError(code, sqliteMessage(code, '/home/db', 'words of SQLite'));
const coded = (properties: object, message = 'words') => Object.assign(new Error(message), properties);

function postgres(code: string): Error {
  const error = new pg.DatabaseError('words of PostgreSQL', 1, 'error');
  error.code = code;
  return error;
}

it.each([
  ['a full SQLite disk', sqlite(13), /no space left on the disk that holds the database \/home\/db/],
  ['a SQLite disk that fails', sqlite(10 | (4 << 8)), /The disk failed/],
  ['a read-only SQLite file', sqlite(8), /cannot be written/],
  ['a damaged SQLite file', sqlite(11), /is damaged/],
  ['a full PostgreSQL disk', postgres('53100'), /no space left on the disk of the PostgreSQL database/],
  ['a PostgreSQL server that is shutting down', postgres('57P01'), /The PostgreSQL database cannot do its work/],
  ['a PostgreSQL server that is not there', coded({ code: 'ENOENT', syscall: 'connect' }), /cannot be reached/],
  ['a connection that broke', coded({}, 'Connection terminated unexpectedly'), /cannot be reached/],
  ['a connection that was reset', coded({ code: 'ECONNRESET', syscall: 'read' }), /PostgreSQL.*cannot be reached/],
  ['a damaged object', new ObjectStoreError('damaged', 'It is damaged.'), /^It is damaged\.$/],
  ['a full disk', coded({ code: 'ENOSPC', syscall: 'write', path: '/work/x' }), /no space left to write \/work\/x/],
  ['a disk that fails', coded({ code: 'EIO', syscall: 'read' }), /disk failed to read or write a file of the server/],
])('says what is wrong with %s', (_what, error, sentence) => {
  expect(outageOf(error)).toMatch(sentence);
});

it('says nothing of defects', async () => {
  const missing = await readFile('/nothing/here').catch((error: unknown) => error);
  const folder = await writeFile('/', '').catch((error: unknown) => error);
  const others = [new TypeError('x'), postgres('23505'), postgres('42601'), sqlite(19), sqlite(1), 'text', undefined];
  for (const error of [missing, folder, ...others]) expect(outageOf(error)).toBeUndefined();
});
