import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessVerbs } from './access.ts';
import { policyVerbs } from './access-policies.ts';
import { roleVerbs } from './access-roles.ts';
import { auditVerbs } from './audit.ts';
import { runCommandLine } from './command-line.ts';
import { keyVerbs } from './keys.ts';
import type { EvaluateOptions } from './options/evaluate-options.ts';
import { defaultServerOptions, type QuickstartOptions, type ServerOptions } from './options/server-options.ts';
import type {
  AttributionOptions,
  BackupOptions,
  DoctorOptions,
  EventsOptions,
  ExplainOptions,
  ImportsOptions,
  RecommendOptions,
  RestoreOptions,
} from './options/tool-options.ts';

let written = '';

beforeEach(() => {
  written = '';
  const collect = (text: string | Uint8Array) => {
    written += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(collect);
  vi.spyOn(process.stderr, 'write').mockImplementation(collect);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function run(line: string) {
  const ran: {
    start?: ServerOptions;
    quickstart?: QuickstartOptions;
    evaluate?: EvaluateOptions;
    events?: EventsOptions;
    explain?: ExplainOptions;
    imports?: ImportsOptions;
    recommend?: RecommendOptions;
    attribution?: AttributionOptions;
    backup?: BackupOptions;
    restore?: RestoreOptions;
    doctor?: DoctorOptions;
  } = {};
  const verbs = {
    ...accessVerbs(process.stdout),
    ...policyVerbs(process.stdout),
    ...roleVerbs(process.stdout),
    ...auditVerbs(process.stdout),
    ...keyVerbs(process.stdout),
    start: async (options: ServerOptions) => {
      ran.start = options;
    },
    quickstart: async (options: QuickstartOptions) => {
      ran.quickstart = options;
    },
    evaluate: async (options: EvaluateOptions) => {
      ran.evaluate = options;
    },
    events: async (options: EventsOptions) => {
      ran.events = options;
    },
    explain: async (options: ExplainOptions) => {
      ran.explain = options;
    },
    imports: async (options: ImportsOptions) => {
      ran.imports = options;
    },
    recommend: async (options: RecommendOptions) => {
      ran.recommend = options;
    },
    attribution: async (options: AttributionOptions) => {
      ran.attribution = options;
    },
    backup: async (options: BackupOptions) => {
      ran.backup = options;
    },
    restore: async (options: RestoreOptions) => {
      ran.restore = options;
    },
    doctor: async (options: DoctorOptions) => {
      ran.doctor = options;
    },
  };
  const exitCode = await runCommandLine(line.split(' ').filter(Boolean), verbs, '1.2.3');
  return { exitCode, ...ran };
}

describe('events', () => {
  it('asks the server at its usual address for the last twenty', async () => {
    expect((await run('events')).events).toEqual({
      home: './.openpersonalize',
      limit: 20,
    });
    expect((await run('events --endpoint http://127.0.0.1:9 --tracker t --user u --limit 3')).events).toEqual({
      endpoint: 'http://127.0.0.1:9',
      home: './.openpersonalize',
      tracker: 't',
      user: 'u',
      limit: 3,
    });
    expect((await run('events --limit 0')).exitCode).toBe(2);
    expect((await run('events --endpoint nowhere')).exitCode).toBe(2);
  });
});

describe('explain', () => {
  it('asks a campaign or a recommender about the list of a user, or about items in order', async () => {
    const defaults = { home: './.openpersonalize', results: 5, json: false };
    expect((await run('explain --campaign arn --user u')).explain).toEqual({ ...defaults, campaign: 'arn', user: 'u' });
    const line = 'explain --campaign arn --user u --items a,b --results 50 --json --context {"DEVICE":"tv"}';
    expect((await run(line)).explain).toEqual({
      ...defaults,
      campaign: 'arn',
      user: 'u',
      items: ['a', 'b'],
      results: 50,
      json: true,
      context: { DEVICE: 'tv' },
    });
    expect((await run('explain --recommender arn')).explain).toEqual({ ...defaults, recommender: 'arn' });
    for (const wrong of ['--results 51', '--context tv', '--context {"DEVICE":1}', '--context []']) {
      expect((await run(`explain --campaign arn ${wrong}`)).exitCode, wrong).toBe(2);
    }
  });
});

describe('recommend', () => {
  it('takes a file of users or of items, and whose model answers', async () => {
    const { recommend } = await run(
      'recommend --users users.csv --solution-version arn:v --results 10 --out lists.csv',
    );
    expect(recommend).toMatchObject({ users: 'users.csv', solutionVersion: 'arn:v', results: 10, out: 'lists.csv' });
    expect((await run('recommend --items items.csv --campaign arn:c')).recommend).toMatchObject({ results: 25 });
    for (const wrong of ['--results 501', '--results 0', '--endpoint nowhere', 'users.csv']) {
      expect((await run(`recommend ${wrong}`)).exitCode, wrong).toBe(2);
    }
  });
});

describe('attribution', () => {
  it('asks for a dataset group, within a time', async () => {
    const defaults = { home: './.openpersonalize', datasetGroup: 'shop', json: false };
    expect((await run('attribution --dataset-group shop')).attribution).toEqual(defaults);
    const line = 'attribution --dataset-group shop --from 2026-11-30 --to 2026-12-01T06:00Z --json';
    const expected = { ...defaults, from: '2026-11-30', to: '2026-12-01T06:00Z', json: true };
    expect((await run(line)).attribution).toEqual(expected);
    for (const wrong of ['', '--dataset-group shop --from yesterday', '--dataset-group shop --to 2026-13-01']) {
      expect((await run(`attribution ${wrong}`)).exitCode, wrong).toBe(2);
    }
  });
});

describe('imports', () => {
  it('asks the server at its usual address for the newest, or for one', async () => {
    expect((await run('imports')).imports).toEqual({
      home: './.openpersonalize',
      limit: 20,
    });
    expect((await run('imports --job j --dataset d --limit 1000 --endpoint http://h')).imports).toEqual({
      endpoint: 'http://h',
      home: './.openpersonalize',
      job: 'j',
      dataset: 'd',
      limit: 1000,
    });
    expect((await run('imports --limit 1001')).exitCode).toBe(2);
  });
});

describe('access', () => {
  it.each([
    ['a user and a role at once', 'access attach-policy p --user a --role b'],
    ['a role without a trust policy', 'access create-role a'],
    ['sessions of half an hour at most', 'access create-role a --trust t --max-hours 0.5'],
    ['a tag without a value', 'access tag --user a --tag team'],
    ['an issuer without client ids', 'access create-oidc-provider https://login.example.com'],
    ['an issuer that is no URL', 'access create-oidc-provider login.example.com --client-id a'],
    ['an account that is none', 'access delete-account 12'],
  ])('refuses %s', async (_what, line) => {
    expect((await run(line)).exitCode).toBe(2);
  });
});

describe('backup and restore', () => {
  it('take one place, and where the state is', async () => {
    expect((await run('backup copies/monday')).backup).toEqual({ target: 'copies/monday', home: './.openpersonalize' });
    expect((await run('restore s3://b/p --home h --database postgres://h/d --store s')).restore).toEqual({
      backup: 's3://b/p',
      home: 'h',
      database: 'postgres://h/d',
      store: 's',
    });
    expect((await run('backup')).exitCode).toBe(2);
    expect((await run('restore a b')).exitCode).toBe(2);
  });
});

describe('doctor', () => {
  it('looks at the usual home, and repairs only if that is asked for', async () => {
    expect((await run('doctor')).doctor).toEqual({ home: './.openpersonalize', port: 8642, repair: false });
    expect((await run('doctor --repair --home h --port 1')).doctor).toEqual({ home: 'h', port: 1, repair: true });
  });
});

describe('start', () => {
  it('has the documented defaults', async () => {
    expect((await run('start')).start).toEqual(defaultServerOptions);
  });

  it('takes every option', async () => {
    const { start } = await run(
      'start --home h --port 0 --s3-endpoint http://127.0.0.1:9000 --store s3://bucket/prefix --database postgres://u:p@h/d ' +
        '--account 123456789012 --seed 7 --quota schemas=0 --quota datasetGroups=2 --rate-limit PutEvents=10,Runtime=5 --log-level warn ' +
        '--recommendation-id-hours 0.5 --propensities --update-hours 0.25 --bad-rows 0 --allowed-host recommender --allowed-host Host.docker.internal,10.0.0.7',
    );
    expect(start).toEqual({
      ...defaultServerOptions,
      home: 'h',
      allowedHosts: ['recommender', 'host.docker.internal', '10.0.0.7'],
      port: 0,
      s3Endpoint: 'http://127.0.0.1:9000',
      store: 's3://bucket/prefix',
      database: 'postgres://u:p@h/d',
      account: '123456789012',
      seed: 7,
      updateHours: 0.25,
      badRows: 0,
      recommendationIdHours: 0.5,
      propensities: true,
      quotas: { schemas: 0, datasetGroups: 2 },
      rateLimits: { PutEvents: 10, Runtime: 5 },
      logLevel: 'warn',
    });
  });

  it('takes every option from the environment, below the command line', async () => {
    vi.stubEnv('OPENPERSONALIZE_HOME', 'from-environment');
    vi.stubEnv('OPENPERSONALIZE_ACCOUNT', '111111111111');
    vi.stubEnv('OPENPERSONALIZE_QUOTA', 'schemas=1,datasetGroups=2');
    const { start } = await run('start --account 222222222222');
    expect(start).toMatchObject({
      home: 'from-environment',
      account: '222222222222',
      quotas: { schemas: 1, datasetGroups: 2 },
    });
  });

  it.each([
    ['--port 65536', 'A port is a number from 0 to 65535.'],
    ['--port x', 'A port is a number from 0 to 65535.'],
    ['--host a/b', 'It is no address.'],
    ['--auth maybe', 'Allowed choices are off, on'],
    ['--allowed-host http://shop.example', 'A host is a name or an address without a port'],
    ['--allowed-host shop.example:80', 'A host is a name or an address without a port'],
    ['--account 12', 'An account is 12 digits.'],
    ['--database mysql://x', 'A database URL looks like'],
    ['--store ftp://x', 'The store is a folder or s3://bucket/prefix.'],
    ['--s3-endpoint x', 'An endpoint looks like'],
    ['--quota schemas', 'A quota is given as name=number'],
    ['--quota schemas=1.5', 'A quota is given as name=number, a whole number from 0 on.'],
    ['--quota schemas=-1', 'A quota is given as name=number, a whole number from 0 on.'],
    ['--rate-limit Runtime=0', 'A rate limit is given as name=number, the number above 0.'],
    ['--quota sandwiches=3', 'There is no quota named sandwiches.'],
    ['--rate-limit Nothing=3', 'There is no rate limit named Nothing.'],
    ['--seed -1', 'A seed is a whole number'],
    ['--bad-rows 2', 'A share is a number from 0 to 1'],
    ['--bad-rows 1%', 'A share is a number from 0 to 1'],
    ['--recommendation-id-hours 0', 'It is a number of hours above 0.'],
    ['--log-level loud', 'Allowed choices are'],
    ['--buckets b --s3-endpoint http://h', 'cannot be used with'],
    ['--bucket b', 'unknown option'],
    ['extra', 'too many arguments'],
  ])('refuses %s with one sentence and exit code 2', async (options, sentence) => {
    const { exitCode, start } = await run(`start ${options}`);
    expect({ exitCode, start }).toEqual({ exitCode: 2, start: undefined });
    expect(written).toContain(sentence);
    expect(written.trim().split('\n')).toHaveLength(options.includes('--bucket b') ? 2 : 1);
  });
});

it('quickstart takes a ratings file and --exit, and logs only what is wrong', async () => {
  expect((await run('quickstart --ratings r.csv --exit')).quickstart).toEqual({
    ...defaultServerOptions,
    logLevel: 'warn',
    ratings: 'r.csv',
    exit: true,
  });
});

describe('quickstart --exit from the environment', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
    ['', false],
  ])('is what %j says', async (value, exit) => {
    vi.stubEnv('OPENPERSONALIZE_EXIT', value);
    expect((await run('quickstart')).quickstart?.exit).toBe(exit);
    expect((await run('quickstart --exit')).quickstart?.exit).toBe(true);
  });

  it('is true or false, and nothing else', async () => {
    vi.stubEnv('OPENPERSONALIZE_EXIT', 'perhaps');
    expect(await run('quickstart')).toEqual({ exitCode: 2 });
    expect(written).toContain("value 'perhaps' from env 'OPENPERSONALIZE_EXIT' is invalid. It is true or false.");
  });
});

describe('evaluate', () => {
  it('judges lists of 10 with one seed unless told otherwise', async () => {
    const { evaluate } = await run('evaluate --dataset d.csv --protocol temporal');
    expect(evaluate).toEqual({ dataset: 'd.csv', protocol: 'temporal', k: [10], seeds: 1 });
  });

  it('takes every option', async () => {
    const { evaluate } = await run(
      'evaluate --dataset d.csv.gz --protocol next-click --test t.csv --items i.csv --event-type View --min-value 3.5 ' +
        '--recipes aws-sims,aws-popularity-count --k 20,25 --seeds 3 --json r.json',
    );
    expect(evaluate).toEqual({
      dataset: 'd.csv.gz',
      protocol: 'next-click',
      test: 't.csv',
      items: 'i.csv',
      eventType: 'View',
      minValue: 3.5,
      recipes: ['aws-sims', 'aws-popularity-count'],
      k: [20, 25],
      seeds: 3,
      json: 'r.json',
    });
  });

  it('takes every option from the environment, and says so in --help', async () => {
    const environment = {
      DATASET: 'd.csv',
      PROTOCOL: 'given-split',
      TEST: 't.csv',
      ITEMS: 'i.csv',
      EVENT_TYPE: 'View',
      MIN_VALUE: '3',
      RECIPES: 'aws-sims',
      K: '5,10',
      SEEDS: '2',
      JSON: 'r.json',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(`OPENPERSONALIZE_${name}`, value);
    expect((await run('evaluate')).evaluate).toEqual({
      dataset: 'd.csv',
      protocol: 'given-split',
      test: 't.csv',
      items: 'i.csv',
      eventType: 'View',
      minValue: 3,
      recipes: ['aws-sims'],
      k: [5, 10],
      seeds: 2,
      json: 'r.json',
    });
    await run('evaluate --help');
    for (const name of Object.keys(environment)) expect(written).toContain(`OPENPERSONALIZE_${name}`);
  });

  it.each([
    ['--protocol temporal', "required option '--dataset <file>' not specified"],
    ['--dataset d.csv', "required option '--protocol <name>' not specified"],
    [
      '--dataset d.csv --protocol guess',
      'Allowed choices are leave-one-out, temporal, next-period, given-split, next-click, service',
    ],
    ['--dataset d.csv --protocol temporal --k 0', 'Lengths are whole numbers'],
    ['--dataset d.csv --protocol temporal --seeds 0', 'a whole number from 1 to 99'],
    ['--dataset d.csv --protocol temporal --min-value high', 'a number, such as 3.5'],
  ])('refuses %s with one sentence and exit code 2', async (options, sentence) => {
    const { exitCode, evaluate } = await run(`evaluate ${options}`);
    expect({ exitCode, evaluate }).toEqual({ exitCode: 2, evaluate: undefined });
    expect(written).toContain(sentence);
    expect(written.trim().split('\n')).toHaveLength(1);
  });
});

it('documents every option and its variable in --help', async () => {
  expect((await run('start --help')).exitCode).toBe(0);
  for (const name of [
    'home',
    'port',
    'buckets',
    's3-endpoint',
    'store',
    'database',
    'account',
    'seed',
    'provider',
    'quota',
    'log-level',
  ]) {
    expect(written).toContain(`--${name}`);
    expect(written.replace(/\s+/g, ' ')).toContain(`env: OPENPERSONALIZE_${name.toUpperCase().replaceAll('-', '_')}`);
  }
});

it('prints its version', async () => {
  expect((await run('--version')).exitCode).toBe(0);
  expect(written).toBe('1.2.3\n');
});

it('answers a missing or unknown verb with exit code 2', async () => {
  expect((await run('')).exitCode).toBe(2);
  expect((await run('dance')).exitCode).toBe(2);
});
