import { InvalidArgumentError } from 'commander';
import { places } from './access-options.ts';
import { option } from './option.ts';
import { isHttpUrl, numberThat, textThat } from './parsers.ts';
import { ofHolder } from './policy-options.ts';
import { startOptions } from './server-options.ts';

const { account } = startOptions;

const role = option({
  flags: '<role>',
  help: 'the name of the role',
  required: true,
  parse: textThat(
    (text) => /^[\w+=,.@-]{1,64}$/.test(text),
    'A role is a name of letters, digits and any of + = , . @ - _, at most 64 of them.',
  ),
});

/** Several by repetition or with commas. */
const texts = (text: string, previous: readonly string[]) => [...previous, ...text.split(',')];

type Tags = readonly { readonly key: string; readonly value: string }[];

const tags = {
  flags: '--tag <key=value...>',
  help: 'a tag; repeatable',
  parse(given: string, previous: Tags): Tags {
    const equals = given.indexOf('=');
    if (equals <= 0) throw new InvalidArgumentError('A tag is given as key=value.');
    return [...previous, { key: given.slice(0, equals), value: given.slice(equals + 1) }];
  },
};

export const createRoleOptions = {
  role,
  ...places,
  account,
  trust: option({
    flags: '--trust <file>',
    help: 'the trust policy: a document, as JSON, that says who may assume the role',
    required: true,
  }),
  path: option({ flags: '--path <path>', help: 'a part of its ARN, such as /team/', default: '/' }),
  description: option({ flags: '--description <text>', help: 'what it is for' }),
  maxHours: option({
    flags: '--max-hours <n>',
    help: 'how long its sessions last at most, from 1 to 12',
    default: 1,
    parse: numberThat(/^\d{1,2}(\.\d+)?$/, 'It is from 1 to 12 hours.', (hours) => hours >= 1 && hours <= 12),
  }),
  policy: option<readonly string[]>({
    flags: '--policy <policy...>',
    help: 'a policy that the role has from the start, by name or ARN; repeatable',
    default: [],
    defaultText: 'none: its sessions may do nothing',
    parse: texts,
  }),
  boundary: option({
    flags: '--boundary <policy>',
    help: 'the policy beyond which its policies allow nothing, by name or ARN',
    defaultText: 'none',
  }),
  tags: option<Tags>({ ...tags, default: [], defaultText: 'none' }),
};

export const putTrustOptions = {
  role,
  ...places,
  account,
  document: option({ flags: '--document <file>', help: 'the trust policy, as JSON', required: true }),
};

export const roleOptions = { role, ...places, account };

export const listRolesOptions = places;

export const tagOptions = { ...places, account, ...ofHolder, tags: option<Tags>({ ...tags, default: [] }) };

export const untagOptions = {
  ...places,
  account,
  ...ofHolder,
  keys: option<readonly string[]>({
    flags: '--key <key...>',
    help: 'the key of a tag; repeatable',
    default: [],
    parse: texts,
  }),
};

export const putBoundaryOptions = {
  policy: option({ flags: '<policy>', help: 'the name of a policy of the account, or an ARN', required: true }),
  ...places,
  account,
  ...ofHolder,
};

export const deleteBoundaryOptions = { ...places, account, ...ofHolder };

const url = option({
  flags: '<url>',
  help: 'the URL of the issuer, as its tokens name it',
  required: true,
  parse: textThat(isHttpUrl, 'An issuer is a URL, such as https://login.example.com.'),
});

export const createIssuerOptions = {
  url,
  ...places,
  account,
  clientIds: option<readonly string[]>({
    flags: '--client-id <id...>',
    help: 'an audience of tokens that are taken; repeatable',
    required: true,
    parse: (text, previous: readonly string[] | undefined) => texts(text, previous ?? []),
  }),
};

export const issuerOptions = { url, ...places, account };

export const deleteAccountOptions = {
  account: option({
    flags: '<account>',
    help: 'its 12 digits',
    required: true,
    parse: textThat((text) => /^\d{12}$/.test(text), 'An account is 12 digits.'),
  }),
  ...places,
};
