import { keyFile, stateOptions } from './location-options.ts';
import { option, type ValuesOf } from './option.ts';
import { flag, numberThat, textThat } from './parsers.ts';
import { startOptions } from './server-options.ts';

/** Where a server's principals are kept. */
export const places = { home: stateOptions.home, database: stateOptions.database, keyFile };

const { account } = startOptions;

const key = option({ flags: '<key>', help: 'the id of an access key, such as AKIA…', required: true });

export const userName = textThat(
  (text) => /^[\w+=,.@-]{1,64}$/.test(text),
  'A user is a name of letters, digits and any of + = , . @ - _, at most 64 of them.',
);

export const createAccountOptions = {
  ...places,
  account: option({
    flags: '--account <id>',
    help: 'its 12 digits',
    defaultText: 'random ones',
    parse: textThat((text) => /^\d{12}$/.test(text), 'An account is 12 digits.'),
  }),
  name: option({ flags: '--name <text>', help: 'what it is called' }),
};

export const userOptions = {
  user: option({ flags: '<user>', help: 'the name of the user', required: true, parse: userName }),
  ...places,
  account,
};

export const createUserOptions = {
  ...userOptions,
  policy: option<readonly string[]>({
    flags: '--policy <policy...>',
    help: 'a policy that the user has from the start, by name or ARN; repeatable',
    default: [],
    defaultText: 'none: the user may do nothing',
    parse: (text, previous) => [...previous, ...text.split(',')],
  }),
  boundary: option({
    flags: '--boundary <policy>',
    help: "the policy beyond which the user's policies allow nothing, by name or ARN",
    defaultText: 'none',
  }),
  admin: option({
    flags: '--admin [true|false]',
    help: 'the same as --policy AmazonPersonalizeFullAccess',
    default: false,
    ...flag,
  }),
};

export const createKeyOptions = {
  ...places,
  account,
  user: option({ flags: '--user <name>', help: 'whose key', defaultText: "the account's root", parse: userName }),
};

export const createSessionOptions = {
  ...createKeyOptions,
  hours: option({
    flags: '--hours <n>',
    help: 'how long the credentials work, from 0.25 to 36',
    default: 12,
    parse: numberThat(/^\d{1,2}(\.\d+)?$/, 'It is from 0.25 to 36 hours.', (hours) => hours >= 0.25 && hours <= 36),
  }),
};

export const keyOptions = { key, ...places };

export const rotateKeyOptions = {
  ...keyOptions,
  graceHours: option({
    flags: '--grace-hours <n>',
    help: 'how long the former key goes on to work; 0: it ends at once',
    default: 24,
    parse: numberThat(/^\d{1,4}(\.\d+)?$/, 'It is a number of hours, at most 8760.', (hours) => hours <= 8760),
  }),
};

export const listAccessOptions = places;

export type AccessOptions = ValuesOf<typeof places>;
