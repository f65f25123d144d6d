import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { firstAccount } from '../../access/principals/identifiers.ts';
import { defaultQuotas } from '../../control/settings.ts';
import { hostName } from '../../edge/host.ts';
import { isRateLimitName } from '../../edge/rate-limits.ts';
import { trailOptions } from './audit-options.ts';
import { defaultsOf } from './commander.ts';
import { listeningOptions, tlsOptions } from './listening-options.ts';
import { keyFile, locationOptions, stateOptions } from './location-options.ts';
import { option, type ValuesOf } from './option.ts';
import {
  assignments,
  flag,
  isHttpUrl,
  numberThat,
  parseHostNames,
  parsePort,
  rate,
  textThat,
  wholeNumber,
} from './parsers.ts';
import { themeOptions } from './theme-options.ts';

const wholeProcesses = numberThat(/^\d{1,3}$/, 'It is a number from 1 to 256, or auto.', (n) => n >= 1 && n <= 256);
const parseProcesses = (text: string) => (text === 'auto' ? availableParallelism() : wholeProcesses(text));

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const isQuotaName = (name: string): name is string => Object.hasOwn(defaultQuotas, name);

const logLevel = (ofVerb: (typeof logLevels)[number]) =>
  option({
    flags: '--log-level <level>',
    help: 'least level that is logged',
    choices: logLevels,
    default: ofVerb,
  });

/** What computes training steps. */
export const provider = option({
  flags: '--provider <name>',
  help: 'what computes training steps: an execution provider of ONNX Runtime, such as webgpu',
  docs: 'This machine must have it.',
  defaultText: 'cpu',
});

/** What a server does, wherever its state is. */
const serverOptions = {
  host: option({
    flags: '--host <address>',
    help: 'address to listen on',
    docs:
      'On another one than 127.0.0.1, ::1 or localhost, signatures are verified, and the server needs an access key to ' +
      'be there: [security](security.md).',
    default: '127.0.0.1',
    parse: textThat(
      (text) => text === '::1' || hostName(text) === text.toLowerCase() || isIP(text) > 0,
      'It is no address.',
    ),
    restart: 'shown',
  }),
  auth: option({
    flags: '--auth <off|on>',
    help: 'whether signatures are verified; off: any that is well-formed will do',
    choices: ['off', 'on'] as const,
    defaultText: 'off on 127.0.0.1, ::1 and localhost, and always on elsewhere',
    restart: 'shown',
  }),
  keyFile,
  kmsEndpoint: option({
    flags: '--kms-endpoint <url>',
    help: 'key service of the keys that dataset groups name: anything that speaks the protocol of AWS KMS',
    docs: 'It is asked with the credentials of the AWS environment: [keys](encryption.md#keys).',
    defaultText: "the server's own keys",
    parse: textThat(isHttpUrl, 'An endpoint looks like https://kms.eu-west-1.amazonaws.com.'),
    restart: 'shown',
  }),
  cloudwatchEndpoint: option({
    flags: '--cloudwatch-endpoint <url|aws>',
    help: 'where metrics of attributions are published, beside /metrics; aws: in AWS, in the region of each',
    docs:
      'It is asked with the credentials of the AWS environment. Without this option nothing is sent: ' +
      '[metric attribution](attribution.md#cloudwatch).',
    defaultText: 'nowhere',
    parse: textThat(
      (text) => text === 'aws' || isHttpUrl(text),
      'It is aws, or an endpoint such as http://localhost:5000.',
    ),
    restart: 'shown',
  }),
  ...trailOptions,
  allowedHosts: option({
    flags: '--allowed-host <name>',
    help: 'a name beside localhost under which clients ask for the server, repeatable',
    docs: "Such as `host.docker.internal`, or a proxy's name.",
    default: [],
    defaultText: 'none',
    parse: parseHostNames,
    restart: 'shown',
  }),
  port: option({
    flags: '--port <n>',
    help: 'port to listen on; 0 picks a free one',
    default: 8642,
    parse: parsePort,
    restart: 'shown',
  }),
  processes: option({
    flags: '--processes <n>',
    help: 'processes that answer on the port, so that as many cores serve; auto: one for each core',
    docs: 'Beyond 1, a further process works for them ([several processes](operations.md#several-processes)).',
    default: 1,
    parse: parseProcesses,
    restart: 'shown',
  }),
  batchProcesses: option({
    flags: '--batch-processes <n>',
    help: 'processes that work on batch jobs at a time; auto: one for each core',
    docs: 'They have the lowest priority, so that answers go first: [batch jobs](batch.md).',
    default: availableParallelism(),
    defaultText: 'auto',
    parse: parseProcesses,
  }),
  account: option({
    flags: '--account <id>',
    help: '12-digit account in ARNs',
    docs: 'Of all callers, where signatures are not verified.',
    default: firstAccount,
    parse: textThat((text) => /^\d{12}$/.test(text), 'An account is 12 digits.'),
    restart: 'shown',
  }),
  badRows: option({
    flags: '--bad-rows <share>',
    help: 'share of the rows of an import that may be bad before it fails, from 0 to 1',
    docs: '`npm run imports` shows which rows were bad ([imports](operations.md#imports)).',
    default: 0.01,
    parse: numberThat(/^(\d+\.?\d*|\.\d+)$/, 'A share is a number from 0 to 1, such as 0.01.', (share) => share <= 1),
  }),
  updateHours: option({
    flags: '--update-hours <n>',
    help: 'how often models behind campaigns and recommenders are brought up to date; 0: never',
    docs: 'An update takes in what has come since, without a training.',
    default: 2,
    parse: numberThat(/^\d{1,5}(\.\d+)?$/, 'It is a number of hours, or 0.'),
  }),
  seed: option({
    flags: '--seed <n>',
    help: 'decides every random choice of a training',
    default: 0,
    parse: numberThat(/^\d{1,10}$/, `A seed is a whole number from 0 to ${2 ** 32 - 1}.`, (seed) => seed < 2 ** 32),
  }),
  textEncoder: option({
    flags: '--text-encoder <dir>',
    help: 'sentence encoder for texts of metadata: model.onnx and tokenizer.json',
    defaultText: 'by their words',
  }),
  provider,
  ...themeOptions,
  recommendationIdHours: option({
    flags: '--recommendation-id-hours <n>',
    help: 'how long a recommendationId in an event stands for what was shown',
    default: 24,
    parse: numberThat(/^\d{1,5}(\.\d+)?$/, 'It is a number of hours above 0.', (hours) => hours > 0),
  }),
  propensities: option({
    ...flag,
    flags: '--propensities [true|false]',
    help: 'write down what exploration decides and how likely it was, in <home>/propensities',
    docs: '[Exploration](exploration.md) says what the files hold.',
    default: false,
  }),
  quotas: option({
    flags: '--quota <name=n>',
    help: "a limit other than the service's, repeatable",
    names: Object.keys(defaultQuotas),
    default: {},
    defaultText: "the service's",
    parse: assignments('quota', isQuotaName, wholeNumber),
  }),
  rateLimits: option({
    flags: '--rate-limit <name=n>',
    help: 'calls per second that each account may make, of an operation or of a group, repeatable',
    docs:
      'Groups are `Control`, `Events` and `Runtime`, by service, and `All`. With an account before the name the limit is ' +
      "that account's alone: `111122223333/GetRecommendations=50`. [Rates](security.md#rates) says what is counted.",
    default: {},
    defaultText: 'none',
    parse: assignments('rate limit', isRateLimitName, rate),
  }),
  ...listeningOptions,
  logLevel: logLevel('info'),
};

export const startOptions = {
  ...stateOptions,
  ...serverOptions,
  ...tlsOptions,
  s3Endpoint: locationOptions.s3Endpoint,
  adoptStore: option({
    ...flag,
    flags: '--adopt-store [true|false]',
    help: "use a store that may belong to another database: it is this one's from then on, and what is in it stays",
    docs: 'Without it, the server refuses such a store.',
  }),
};

export const quickstartOptions = {
  ...stateOptions,
  ...serverOptions,
  // Progress goes to the same terminal, so the log only says what is wrong.
  logLevel: logLevel('warn'),
  ratings: option({
    flags: '--ratings <file>',
    help: 'userId,movieId,rating,timestamp as CSV, plain or .gz; without: a made-up video store',
  }),
  exit: option({ ...flag, flags: '--exit [true|false]', help: 'end when done, instead of serving on' }),
};

/** Everything about a server that a person may set. */
export type ServerOptions = ValuesOf<typeof startOptions>;

export type QuickstartOptions = ValuesOf<typeof quickstartOptions>;

export const defaultServerOptions: ServerOptions = defaultsOf(startOptions);
