import { InvalidArgumentError, Option } from 'commander';

/** An option of the command line that is also a variable of the environment: `--s3-endpoint` is `OPENPERSONALIZE_S3_ENDPOINT`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`OPENPERSONALIZE_${made.name().toUpperCase().replaceAll('-', '_')}`);
}

/** One that is there or not: `--exit` is `--exit true`, so that a variable of the environment can also say false. */
export const flag = (name: string, description: string): Option =>
  option(`${name} [true|false]`, description).preset('true').argParser(parseFlag);

function parseFlag(value: string): boolean {
  if (['true', '1'].includes(value)) return true;
  // A variable that is set to nothing is one that somebody meant to unset.
  if (['false', '0', ''].includes(value)) return false;
  throw new InvalidArgumentError('It is true or false.');
}
