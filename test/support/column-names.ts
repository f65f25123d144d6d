import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDuckDb } from '../../src/data/engine/duckdb.ts';

/** Words of JavaScript that no variable may have as its name, and those with a meaning somewhere. */
const javaScript = `await break case catch class const continue debugger default delete do else enum export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield arguments eval async of get set undefined NaN
  Infinity then`;

/** Keywords of SQLite 3 (sqlite.org/lang_keywords.html), and the names that it has for a row's number. */
const sqlite = `abort action add after all alter always analyze and as asc attach autoincrement before begin between by
  cascade case cast check collate column commit conflict constraint create cross current current_date current_time
  current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape except
  exclude exclusive exists explain fail filter first following for foreign from full generated glob group groups having
  if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key last left like
  limit match materialized natural no not nothing notnull null nulls of offset on or order others outer over partition
  plan pragma preceding primary query raise range recursive references regexp reindex release rename replace restrict
  returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger unbounded
  union unique update using vacuum values view virtual when where window with without rowid oid _rowid_`;

/** Columns that DuckDB's readers of files add or know by these names. */
const readers = 'filename file_row_number file_index file_size line reject_errors column0 c0 c1 c2 c3';

const prototypes = [Object, Array, Function, Map].flatMap((type) => [
  ...Object.getOwnPropertyNames(type.prototype),
  ...Object.getOwnPropertyNames(type),
]);

/** Every name that someone may give a column and that means something to what reads it, once each whatever its case. */
export async function telltaleNames(folder: string): Promise<readonly string[]> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const keywords = await duckDb.run('SELECT keyword_name AS name FROM duckdb_keywords()');
  const all = [
    ...keywords.map(({ name }) => String(name)),
    ...[javaScript, sqlite, readers].flatMap((words) => words.split(/\s+/)),
    ...prototypes,
    ...(await namesOfOurQueries()),
  ];
  return [...new Map(all.filter((name) => isFieldName(name)).map((name) => [keyOf(name), name])).values()];
}

/** Those that a schema may have, and that are no columns of every dataset. */
const isFieldName = (name: string) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !taken.includes(keyOf(name)) && keyOf(name) !== '';

const keyOf = (name: string) => name.replaceAll('_', '').toUpperCase();

const taken = [
  ...['USERID', 'ITEMID', 'TIMESTAMP', 'EVENTTYPE', 'EVENTVALUE', 'IMPRESSION', 'RECOMMENDATIONID'],
  ...['EVENTATTRIBUTIONSOURCE', 'CREATIONTIMESTAMP', 'SESSIONID', 'EVENTID'],
];

/** What our own SQL calls tables and columns. */
async function namesOfOurQueries(): Promise<readonly string[]> {
  const source = join(import.meta.dirname, '../../src');
  const files = (await readdir(source, { recursive: true })).filter((name) => /^(data|learn)\/.*\.ts$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(source, name), 'utf8')));
  const named = /\bAS "?\$?(\w+)|(?:TABLE|VIEW|FROM|JOIN) "?\$?(\w+)|(\w+)"? AS (?:MATERIALIZED )?\(/g;
  const names = texts.flatMap((text) => Array.from(text.matchAll(named), ([, ...found]) => found.find(Boolean) ?? ''));
  return [...names, 'code_0', 'code_1', 'value_0', 'value_1', 'column_0', 'column_1', 'codes_0'];
}
