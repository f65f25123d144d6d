import { operation } from '../operation.ts';
import { byteStream, Empty, structure } from '../shape.ts';

/** The database as of now, as one SQLite file: a server keeps its own file from all other processes. */
export const GetSnapshot = operation({
  name: 'GetSnapshot',
  service: 'admin',
  method: 'GET',
  path: '/admin/snapshot',
  shows: 'token',
  input: Empty,
  output: structure({ database: byteStream('application/vnd.sqlite3') }),
  payload: 'database',
  resources: [],
  errors: [],
});
