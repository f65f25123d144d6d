import { InvalidArgumentError } from 'commander';
import { places, userName } from './access-options.ts';
import { option } from './option.ts';
import { textThat } from './parsers.ts';
import { startOptions } from './server-options.ts';

const { account } = startOptions;

const policy = option({ flags: '<policy>', help: 'the name of a policy of the account, or an ARN', required: true });

/** One of the two; of neither: a policy that all of the account can have attached. */
export const ofHolder = {
  user: option({ flags: '--user <name>', help: 'the user whose it is', conflicts: 'role', parse: userName }),
  role: option({ flags: '--role <name>', help: 'the role whose it is', conflicts: 'user', parse: userName }),
};

const policyName = option({
  flags: '<name>',
  help: 'the name of the policy',
  required: true,
  parse: textThat(
    (text) => /^[\w+=,.@-]{1,128}$/.test(text),
    'A policy is a name of letters, digits and any of + = , . @ - _, at most 128 of them.',
  ),
});

export const attachPolicyOptions = { policy, ...places, account, ...ofHolder };

export const putPolicyOptions = {
  policy: policyName,
  ...places,
  account,
  ...ofHolder,
  document: option({ flags: '--document <file>', help: 'the policy document, as JSON', required: true }),
};

export const deletePolicyOptions = { policy: policyName, ...places, account, ...ofHolder };

export const listPoliciesOptions = { ...places, account, ...ofHolder };

type Keys = readonly { readonly key: string; readonly value: string }[];

export const explainAccessOptions = {
  ...places,
  principal: option({ flags: '--principal <arn>', help: 'the ARN of a user or a role', required: true }),
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
