import { InvalidArgumentError } from 'commander';
import { places, userName } from './access-options.ts';
import { option } from './option.ts';
import { textThat } from './parsers.ts';
import { startOptions } from './server-options.ts';

const { account } = startOptions;

const policy = option({ flags: '<policy>', help: 'the name of a policy of the account, or an ARN', required: true });
const ofUser = option({ flags: '--user <name>', help: 'whose policy', required: true, parse: userName });

/** Of no user: a policy that any user of the account can have attached. */
const ofUserOrNone = option({
  flags: '--user <name>',
  help: 'whose policy',
  defaultText: 'the account',
  parse: userName,
});

const policyName = option({
  flags: '<name>',
  help: 'the name of the policy',
  required: true,
  parse: textThat(
    (text) => /^[\w+=,.@-]{1,128}$/.test(text),
    'A policy is a name of letters, digits and any of + = , . @ - _, at most 128 of them.',
  ),
});

export const attachPolicyOptions = { policy, ...places, account, user: ofUser };

export const putPolicyOptions = {
  policy: policyName,
  ...places,
  account,
  user: ofUserOrNone,
  document: option({ flags: '--document <file>', help: 'the policy document, as JSON', required: true }),
};

export const deletePolicyOptions = { policy: policyName, ...places, account, user: ofUserOrNone };

export const listPoliciesOptions = { ...places, account, user: ofUserOrNone };

type Keys = readonly { readonly key: string; readonly value: string }[];

export const explainAccessOptions = {
  ...places,
  principal: option({ flags: '--principal <arn>', help: 'the ARN of a user', required: true }),
  action: option({ flags: '--action <name>', help: 'such as personalize:CreateSolution', required: true }),
  resource: option({ flags: '--resource <arn>', help: 'the ARN of a resource, or *', default: '*' }),
  keys: option<Keys>({
    flags: '--key <key=value...>',
    help: 'a condition key of the request, such as aws:SourceIp=10.0.0.7; repeatable',
    default: [],
    defaultText: "those of the user and the resource's tags",
    parse: parseKey,
  }),
};

function parseKey(given: string, previous: Keys): Keys {
  const equals = given.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('A key is given as key=value.');
  return [...previous, { key: given.slice(0, equals), value: given.slice(equals + 1) }];
}
