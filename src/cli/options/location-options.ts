import { option, type ValuesOf } from './option.ts';
import { isHttpUrl, textThat } from './parsers.ts';

/** Where a server's state is, but for `s3Endpoint`. */
export const stateOptions = {
  home: option({
    flags: '--home <dir>',
    help: 'folder of all state that is not put elsewhere',
    docs: 'It is safe to copy while no server runs.',
    default: './.openpersonalize',
    restart: 'shown',
  }),
  buckets: option({
    flags: '--buckets <dir>',
    help: 'where s3://bucket/key is <dir>/bucket/key',
    docs: "Clients write and read it by [the server's own S3](s3.md).",
    defaultText: '<home>/buckets',
    restart: 'shown',
  }),
  store: option({
    flags: '--store <place>',
    help: 'folder or s3://bucket/prefix for Parquet files and models',
    defaultText: '<home>/store',
    parse: textThat(
      (text) => !text.includes('://') || /^s3:\/\/[a-z\d][a-z\d.-]{1,61}[a-z\d](\/.*)?$/.test(text),
      'The store is a folder or s3://bucket/prefix.',
    ),
    restart: 'shown',
  }),
  database: option({
    flags: '--database <url>',
    help: 'postgres://…',
    docs: 'The URL of a PostgreSQL database.',
    defaultText: 'a SQLite file in <home>',
    parse: textThat(
      (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
      'A database URL looks like postgres://user:password@host:5432/database.',
    ),
    // The URL holds a password.
    restart: 'secret',
  }),
};

/** Where the key is with which secrets in the database are encrypted. */
export const keyFile = option({
  flags: '--key-file <file>',
  help: 'key with which secrets in the database are encrypted: 64 hexadecimal digits',
  docs: 'It is made with the first access key. Servers that share a database share it. Keep it apart from backups.',
  defaultText: '<home>/openpersonalize.key',
  restart: 'shown',
});

/** Where a server's state is. */
export const locationOptions = {
  ...stateOptions,
  s3Endpoint: option({
    flags: '--s3-endpoint <url>',
    help: 'S3 server where s3:// URIs lead, and the store if that is s3://',
    parse: textThat(isHttpUrl, 'An endpoint looks like http://127.0.0.1:9000.'),
    conflicts: 'buckets',
  }),
};

export type LocationOptions = ValuesOf<typeof locationOptions>;
