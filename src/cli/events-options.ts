import { type Command, InvalidArgumentError } from 'commander';
import { option } from './option.ts';
import { defaultServerOptions } from './server-options.ts';

const defaultEndpoint = `http://${defaultServerOptions.host}:${defaultServerOptions.port}`;

/** Gives `events` its options. */
export function eventsOptions(command: Command): Command {
  return command
    .addOption(endpointOption())
    .addOption(option('--tracker <id>', 'the trackingId of an event tracker (default: the only one)'))
    .addOption(option('--user <id>', 'only events of this user, or of the session with this id'))
    .addOption(limitOption('how many, from 1 to 1000'));
}

export const endpointOption = () =>
  option('--endpoint <url>', 'where the server listens').default(defaultEndpoint).argParser(parseUrl);

export const limitOption = (description: string) =>
  option('--limit <n>', description).default(20).argParser(parseLimit);

function parseUrl(value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError(`An endpoint looks like ${defaultEndpoint}.`);
}

function parseLimit(value: string): number {
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 1000) return Number(value);
  throw new InvalidArgumentError('A limit is a whole number from 1 to 1000.');
}
