import { type Command, InvalidArgumentError } from 'commander';
import { option } from './option.ts';
import { defaultServerOptions as defaults, type ServerOptions } from './server-options.ts';

/** Where a server's state is. */
export type PlaceOptions = Pick<ServerOptions, 'home' | 'buckets' | 'store' | 'database' | 's3Endpoint'>;

/** Gives a command the options that say where a server's state is, but for `s3Endpoint`. */
export function stateOptions(command: Command): Command {
  return command
    .addOption(option('--home <dir>', 'folder of all state that is not put elsewhere').default(defaults.home))
    .addOption(option('--buckets <dir>', 'where s3://bucket/key is <dir>/bucket/key (default: <home>/buckets)'))
    .addOption(
      option(
        '--store <place>',
        'folder or s3://bucket/prefix for Parquet files and models (default: <home>/store)',
      ).argParser(parseStore),
    )
    .addOption(option('--database <url>', 'postgres://… (default: a SQLite file in <home>)').argParser(parseDatabase));
}

export const s3Endpoint = () =>
  option('--s3-endpoint <url>', 'S3 server where s3:// URIs lead, and the store if that is s3://')
    .argParser(parseEndpoint)
    .conflicts('buckets');

/** All of them. */
export const placeOptions = (command: Command): Command => stateOptions(command).addOption(s3Endpoint());

function parseStore(value: string): string {
  if (!value.includes('://') || /^s3:\/\/[a-z\d][a-z\d.-]{1,61}[a-z\d](\/.*)?$/.test(value)) return value;
  throw new InvalidArgumentError('The store is a folder or s3://bucket/prefix.');
}

function parseDatabase(value: string): string {
  if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError('A database URL looks like postgres://user:password@host:5432/database.');
}

function parseEndpoint(value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError('An endpoint looks like http://127.0.0.1:9000.');
}
