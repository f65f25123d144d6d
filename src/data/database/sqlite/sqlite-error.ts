/** A statement that SQLite refused; `code` is its extended result code, https://www.sqlite.org/rescode.html */
export class SqliteError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'SqliteError';
    this.code = code;
  }
}

/** Codes for which a person has to look at the disk or the file; `sqliteMessage` has a sentence for each. */
const outages = [8, 10, 11, 13, 14, 26];

export const isSqliteOutage = ({ code }: SqliteError): boolean => outages.includes(code & 0xff);
/** Whether another process has the database. */
export const isInUse = (error: unknown): boolean => error instanceof SqliteError && (error.code & 0xff) === 5;

const wayOut =
  'keep it and the files beside it, look with "openpersonalize doctor", and put a backup into a new home with "openpersonalize restore".';

/** One sentence for what a person can do something about; SQLite's own words for the rest. */
export function sqliteMessage(code: number, file: string, message: string): string {
  switch (code & 0xff) {
    case 5:
      return `The database ${file} is in use by another server: stop that one, or start this one on a home of its own.`;
    case 8:
      return `The database ${file} cannot be written: check the permissions of the file and its folder.`;
    case 10:
      return `The disk failed to read or write the database ${file} (${message}): check the disk and its free space.`;
    case 11:
      return `The database ${file} is damaged (${message}): ${wayOut}`;
    case 13:
      return `There is no space left on the disk that holds the database ${file}: free some and try again.`;
    case 14:
      return `The database ${file} cannot be opened: check that its folder exists and can be written.`;
    case 26:
      return `The file ${file} is not a database of this server, or its beginning is damaged: ${wayOut}`;
    default:
      return message;
  }
}
