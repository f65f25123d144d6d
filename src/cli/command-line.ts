import { Command, CommanderError, type Command as CommandType, InvalidArgumentError } from 'commander';
import { defaultQuotas } from '../control/settings.ts';
import { hostName } from '../edge/host.ts';
import { isRateLimitName } from '../edge/rate-limits.ts';
import { type BackupOptions, backupOptions, type RestoreOptions, restoreOptions } from './backup-options.ts';
import { type DoctorOptions, doctorOptions } from './doctor-options.ts';
import { type EvaluateOptions, evaluateOptions } from './evaluate-options.ts';
import type { EventsOptions } from './events.ts';
import { eventsOptions } from './events-options.ts';
import type { ImportsOptions } from './imports.ts';
import { importsOptions } from './imports-options.ts';
import { flag, option } from './option.ts';
import { type PlaceOptions, s3Endpoint, stateOptions } from './place-options.ts';
import { defaultServerOptions as defaults, logLevels, type ServerOptions } from './server-options.ts';

export type QuickstartOptions = ServerOptions & {
  /** A MovieLens-style ratings file. */
  readonly ratings?: string | undefined;
  /** End when done, instead of serving on. */
  readonly exit?: boolean | undefined;
};

export type Verbs = {
  start(options: ServerOptions): Promise<void>;
  quickstart(options: QuickstartOptions): Promise<void>;
  evaluate(options: EvaluateOptions): Promise<void>;
  events(options: EventsOptions): Promise<void>;
  imports(options: ImportsOptions): Promise<void>;
  backup(options: BackupOptions): Promise<void>;
  restore(options: RestoreOptions): Promise<void>;
  doctor(options: DoctorOptions): Promise<void>;
};

/**
 * Reads the command line and the environment, and runs the verb.
 *
 * @param parameters what follows the program's name
 * @returns the exit code of a command line that runs no verb: 0 after `--help` and `--version`, 2 when something about it is
 *   wrong (one sentence is on stderr then); undefined when a verb ran
 */
export async function runCommandLine(
  parameters: readonly string[],
  verbs: Verbs,
  version: string,
): Promise<0 | 2 | undefined> {
  const program = new Command('openpersonalize')
    .description('Amazon Personalize that you run yourself.')
    .version(version, '-V, --version')
    .helpCommand(false)
    .exitOverride();
  serverOptions(program.command('start'))
    .description('run the server until SIGTERM or SIGINT')
    .addOption(s3Endpoint())
    .addOption(
      flag(
        '--adopt-store',
        "use a store that may belong to another database: it is this one's from then on, and what is in it stays",
      ),
    )
    .action(async (parsed: ParsedOptions) => await verbs.start(named(parsed)));
  // Progress goes to the same terminal, so the log only says what is wrong.
  serverOptions(program.command('quickstart'), 'warn')
    .description('run the server and go with it from data to recommendations, step by step')
    .addOption(
      option(
        '--ratings <file>',
        'userId,movieId,rating,timestamp as CSV, plain or .gz; without: a made-up video store',
      ),
    )
    .addOption(flag('--exit', 'end when done, instead of serving on'))
    .action(async (parsed: ParsedOptions<QuickstartOptions>) => await verbs.quickstart(named(parsed)));
  evaluateOptions(program.command('evaluate'))
    .description('train recipes on a part of a dataset and measure, beside baselines, how well they foretell the rest')
    .action(async (parsed: EvaluateOptions) => await verbs.evaluate(parsed));
  eventsOptions(program.command('events'))
    .description('show the last events of a tracker or of a user, and what became of each')
    .action(async (parsed: EventsOptions) => await verbs.events(parsed));
  importsOptions(program.command('imports'))
    .description('show the newest import jobs, and what was wrong with the rows of one')
    .action(async (parsed: ImportsOptions) => await verbs.imports(parsed));
  backupOptions(program.command('backup'))
    .description("copy a server's database and the objects that it names, while it runs or not")
    .action(async (target: string, parsed: PlaceOptions) => await verbs.backup({ target, ...parsed }));
  restoreOptions(program.command('restore'))
    .description('put a backup into a new home, or into a new database and an empty store')
    .action(async (backup: string, parsed: PlaceOptions) => await verbs.restore({ backup, ...parsed }));
  doctorOptions(program.command('doctor'), parsePort)
    .description('check database, store, disk, clock and port, and say what is wrong and what to do')
    .action(async (parsed: DoctorOptions) => await verbs.doctor(parsed));
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

/** Options as commander names them, after the flag: one `--quota` among several `quotas`. */
type ParsedOptions<Options extends ServerOptions = ServerOptions> = Omit<
  Options,
  'quotas' | 'rateLimits' | 'allowedHosts'
> & {
  readonly allowedHost: ServerOptions['allowedHosts'];
  readonly quota: ServerOptions['quotas'];
  readonly rateLimit: ServerOptions['rateLimits'];
};

function named<Parsed extends ParsedOptions>({ allowedHost, quota, rateLimit, ...rest }: Parsed) {
  return { ...rest, allowedHosts: allowedHost, quotas: quota, rateLimits: rateLimit };
}

function serverOptions(command: CommandType, logLevel = defaults.logLevel): CommandType {
  return stateOptions(command)
    .addOption(
      option('--host <address>', 'address to listen on; of this machine only, as signatures are not verified yet')
        .default(defaults.host)
        .argParser(parseHost),
    )
    .addOption(
      option('--allowed-host <name>', 'a name beside localhost under which clients ask for the server, repeatable')
        .default(defaults.allowedHosts, 'none')
        .argParser(parseAllowedHosts),
    )
    .addOption(
      option('--port <n>', 'port to listen on; 0 picks a free one').default(defaults.port).argParser(parsePort),
    )
    .addOption(option('--account <id>', '12-digit account in ARNs').default(defaults.account).argParser(parseAccount))
    .addOption(
      option('--bad-rows <share>', 'share of the rows of an import that may be bad before it fails, from 0 to 1')
        .default(defaults.badRows)
        .argParser(parseShare),
    )
    .addOption(
      option('--update-hours <n>', 'how often models behind campaigns are brought up to date; 0: never')
        .default(defaults.updateHours)
        .argParser(parseUpdateHours),
    )
    .addOption(
      option('--seed <n>', 'decides every random choice of a training').default(defaults.seed).argParser(parseSeed),
    )
    .addOption(
      option(
        '--text-encoder <dir>',
        'sentence encoder for texts of metadata: model.onnx and tokenizer.json (default: by their words)',
      ),
    )
    .addOption(
      option(
        '--provider <name>',
        'what computes training steps: an execution provider of ONNX Runtime, such as webgpu (default: cpu)',
      ),
    )
    .addOption(
      option('--recommendation-id-hours <n>', 'how long events can tell by a recommendationId what was shown')
        .default(defaults.recommendationIdHours)
        .argParser(parseHours),
    )
    .addOption(
      flag(
        '--propensities',
        'write down what exploration decides and how likely it was, in <home>/propensities',
      ).default(defaults.propensities),
    )
    .addOption(
      option(
        '--quota <name=n>',
        `a limit other than the service's, repeatable: ${Object.keys(defaultQuotas).join(', ')}`,
      )
        .default(defaults.quotas, "the service's")
        .argParser(parseAssignments('quota', (name) => Object.hasOwn(defaultQuotas, name), wholeNumber)),
    )
    .addOption(
      option(
        '--rate-limit <name=n>',
        'requests per second of an operation or of Runtime (all recommendations), repeatable',
      )
        .default(defaults.rateLimits, 'none')
        .argParser(parseAssignments('rate limit', isRateLimitName, rate)),
    )
    .addOption(option('--log-level <level>', 'least level that is logged').default(logLevel).choices(logLevels));
}

function parseHost(value: string): string {
  if (/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(value)) return value;
  throw new InvalidArgumentError(
    'Signatures are not verified yet, so the server listens on this machine alone: 127.0.0.1, ::1 or localhost.',
  );
}

/** Several by repetition or, as in the environment, with commas. */
function parseAllowedHosts(given: string, previous: readonly string[]): string[] {
  const names = given.split(',').map((name) => {
    const known = hostName(name.trim());
    if (known === undefined || known !== name.trim().toLowerCase()) {
      throw new InvalidArgumentError('A host is a name or an address without a port, such as host.docker.internal.');
    }
    return known;
  });
  return [...previous, ...names];
}

function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function parseAccount(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new InvalidArgumentError('An account is 12 digits.');
}

function parseShare(value: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(value) && Number(value) <= 1) return Number(value);
  throw new InvalidArgumentError('A share is a number from 0 to 1, such as 0.01.');
}

function parseUpdateHours(value: string): number {
  if (/^\d{1,5}(\.\d+)?$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is a number of hours, or 0.');
}

function parseSeed(value: string): number {
  if (/^\d{1,10}$/.test(value) && Number(value) < 2 ** 32) return Number(value);
  throw new InvalidArgumentError(`A seed is a whole number from 0 to ${2 ** 32 - 1}.`);
}

function parseHours(value: string): number {
  if (/^\d{1,5}(\.\d+)?$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError('It is a number of hours above 0.');
}

/** What may be assigned, for a sentence and by its text. */
type NumberRule = { readonly what: string; isLegal(text: string): boolean };
const wholeNumber: NumberRule = {
  what: 'a whole number from 0 on',
  isLegal: (text) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text)),
};
const rate: NumberRule = {
  what: 'the number above 0',
  isLegal: (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) > 0,
};

/** `name=number`, several by repetition or, as in the environment, with commas. */
function parseAssignments(what: string, isName: (name: string) => boolean, number: NumberRule) {
  return (given: string, previous: Readonly<Record<string, number>>): Record<string, number> => {
    const assignments = given.split(',').map((text) => {
      const [, name, value] = /^\s*(\w+)=(\S+)\s*$/.exec(text) ?? [];
      if (name === undefined || value === undefined || !number.isLegal(value)) {
        throw new InvalidArgumentError(`A ${what} is given as name=number, ${number.what}.`);
      }
      if (!isName(name)) throw new InvalidArgumentError(`There is no ${what} named ${name}.`);
      return [name, Number(value)] as const;
    });
    return { ...previous, ...Object.fromEntries(assignments) };
  };
}
