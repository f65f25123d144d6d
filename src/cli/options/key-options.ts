import { places } from './access-options.ts';
import { option } from './option.ts';
import { flag, numberThat, textThat } from './parsers.ts';
import { startOptions } from './server-options.ts';

const { account } = startOptions;

/** Where a key is that is named without its ARN. */
const where = {
  ...places,
  account,
  region: option({
    flags: '--region <name>',
    help: 'the region of the key',
    defaultText: 'AWS_REGION, AWS_DEFAULT_REGION or us-east-1',
    parse: textThat((text) => /^[a-z][a-z\d-]{0,62}$/.test(text), 'A region is a name such as eu-west-1.'),
  }),
};

const key = option({ flags: '<key>', help: 'its id, its ARN, or alias/NAME', required: true });

/** `films` and `alias/films` are the same. */
export const aliasName = (text: string): string => (text.startsWith('alias/') ? text : `alias/${text}`);

const parseDays = (least: number, most: number) =>
  numberThat(/^\d{1,4}$/, `It is from ${least} to ${most} days.`, (days) => days >= least && days <= most);

const rotationDays = option({
  flags: '--rotation-days <n>',
  help: 'how often it is rotated by itself, from 90 to 2560',
  defaultText: 'never',
  parse: parseDays(90, 2560),
});

export const createKmsKeyOptions = {
  ...where,
  alias: option({ flags: '--alias <name>', help: 'a name for it', parse: aliasName }),
  description: option({ flags: '--description <text>', help: 'what it is for' }),
  rotationDays,
};

export const listKmsKeysOptions = places;

export const kmsKeyOptions = { key, ...where };

export const rotateKmsKeyOptions = {
  ...kmsKeyOptions,
  every: option({
    flags: '--every <days|never>',
    help: 'have it rotated by itself so often from now on, from 90 to 2560 days, instead of once now',
    parse: textThat(
      (text) => text === 'never' || (/^\d{2,4}$/.test(text) && Number(text) >= 90 && Number(text) <= 2560),
      'It is never, or from 90 to 2560 days.',
    ),
  }),
};

export const deleteKmsKeyOptions = {
  ...kmsKeyOptions,
  days: option({
    flags: '--days <n>',
    help: 'after how many days it is gone, from 7 to 30',
    default: 30,
    parse: parseDays(7, 30),
  }),
};

export const aliasOptions = {
  alias: option({ flags: '<alias>', help: 'the name', required: true }),
  ...where,
  key: option({ flags: '--key <key>', help: 'the key that it is for: its id, its ARN, or alias/NAME' }),
  delete: option({ flags: '--delete [true|false]', help: 'remove the name', default: false, ...flag }),
};
