import { type FilePath, fileIn } from '../encryption/file-path.ts';
import { writeWhole } from '../encryption/file-writing.ts';
import { type CsvFile, emptiness, inspectCsv, readBytes } from '../import/csv-file.ts';
import { CsvReader, type CsvRecord } from '../import/csv-reader.ts';
import { ImportError } from '../import/import-error.ts';

/** Users of CSV files, in parts. */
export type UserList = {
  /** Files of `partName`, each a JSON list of at most some hundred kilobytes. */
  readonly parts: number;
  /** How many different ids there are. */
  readonly users: number;
};

const columnName = 'USER_ID';
/** UTF-16 units of ids in a part: it is read again within a few milliseconds. */
const partLength = 2 ** 17;

export const partName = (part: number): string => `users-${part}.json`;

/**
 * Reads the ids of CSV files with the one column USER_ID, each once, and writes them into a folder.
 *
 * @param files where they lie, and their names in messages
 * @throws ImportError for a file that is no such list
 */
export async function readUserList(
  files: readonly { readonly path: string; readonly uri: string }[],
  folder: FilePath,
): Promise<UserList> {
  const list = new PartedList(folder);
  for (const { path, uri } of files) {
    const file = await inspectCsv(path, uri);
    if (!file) throw new ImportError(`${uri} ${emptiness}.`);
    requireHeader(file);
    for await (const id of idsIn(file)) if (list.add(id)) await list.writePart();
  }
  await list.writePart();
  return list;
}

/** Holds each id once, and writes those that are new. */
class PartedList implements UserList {
  readonly #folder: FilePath;
  readonly #seen = new Set<string>();
  #open: string[] = [];
  #length = 0;
  parts = 0;

  constructor(folder: FilePath) {
    this.#folder = folder;
  }

  get users(): number {
    return this.#seen.size;
  }

  /** @returns whether the open part is full */
  add(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    this.#open.push(id);
    this.#length += id.length;
    return this.#length >= partLength;
  }

  async writePart(): Promise<void> {
    if (this.#open.length === 0) return;
    await writeWhole(fileIn(this.#folder, partName(this.parts++)), JSON.stringify(this.#open));
    this.#open = [];
    this.#length = 0;
  }
}

function requireHeader({ header, uri }: CsvFile): void {
  if (header.length === 1 && header[0]?.toUpperCase() === columnName) return;
  const found = header.slice(0, 50).join(',').slice(0, 500);
  throw new ImportError(
    `The first line of ${uri} is ${JSON.stringify(found)}: it must name the one column ${columnName}.`,
  );
}

async function* idsIn(file: CsvFile): AsyncGenerator<string> {
  const reader = new CsvReader({ width: 1, dialect: file.shown ?? 'doubled' });
  for await (const chunk of readBytes(file)) yield* ids(reader.read(chunk), file.uri);
  yield* ids(reader.end(), file.uri);
}

const faults = {
  'open-quote': 'has a quote that is not closed',
  'text-after-quote': 'has text after the quote that ends a value',
  'not-utf8': 'is not encoded in UTF-8',
  'surplus-cells': 'has more than one value: put an id with a comma into quotes',
} as const;

function* ids(records: Iterable<CsvRecord>, uri: string): Generator<string> {
  for (const { line, cells, fault } of records) {
    if (line === 1) continue;
    if (fault) throw new ImportError(`Line ${line} of ${uri} ${faults[fault]}. No user was deleted.`);
    const id = cells[0]?.text ?? '';
    if (id !== '') yield id;
  }
}
