import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';
import { type Input, type OperationName, type Output, operations } from '../contract/operations.ts';
import { validate } from '../contract/validate.ts';
import type { MetricSink } from '../data/attribution/metric-sink.ts';
import { type OpenDatabase, openDatabase } from '../data/database/database.ts';
import type { Domain } from '../data/dataset-types.ts';
import type { DataKeys } from '../data/encryption/data-keys.ts';
import { pathOf } from '../data/encryption/file-path.ts';
import { GroupKeys } from '../data/encryption/group-keys.ts';
import { exportCsv } from '../data/export/export-csv.ts';
import { personOf } from '../data/identity.ts';
import type { ListedProblem } from '../data/import/bad-rows.ts';
import { openBuckets } from '../data/objects/buckets.ts';
import { openStore } from '../data/objects/open-store.ts';
import type { LiveHistory } from '../data/views/live/live-histories.ts';
import { isEligible } from '../learn/model/item-mask.ts';
import type { RankQuery, RecommendQuery } from '../learn/model/model.ts';
import { Vocabulary } from '../learn/model/vocabulary.ts';
import { type LinesTask, partName } from '../serve/batch/batch-tasks.ts';
import type { Logger } from '../util/logger.ts';
import { type Control, createControl } from './control.ts';
import { families as allFamilies } from './families.ts';
import type { Family } from './family.ts';
import type { Caller } from './handler.ts';
import type { ControlParts } from './parts.ts';
import { isUnsettled } from './resources/lifecycle.ts';
import { defaultQuotas } from './settings.ts';

export const caller: Caller = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKID', requestId: 'r-1' };
export const arnFor = (path: string) => `arn:aws:personalize:eu-west-1:123456789012:${path}`;

/** Work that a test holds back, lets go on or makes fail. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #release: (error?: Error) => void = () => {};

  hold(): void {
    this.#open = new Promise((resolve, reject) => {
      this.#release = (error) => (error ? reject(error) : resolve());
    });
    this.#open.catch(() => {});
  }

  release(error?: Error): void {
    this.#release(error);
  }

  /** Passes when the gate is open; rejects with the signal's reason when that comes first. */
  async pass(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await Promise.race([
      this.#open,
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
    ]);
  }
}

/** A control plane over a real database and store, with work that does next to nothing. */
export type Bench = {
  readonly control: Control;
  readonly parts: ControlParts;
  readonly home: string;
  readonly importing: Gate;
  readonly training: Gate;
  readonly preparing: Gate;
  /** Of shares of batch jobs. */
  readonly scoring: Gate;
  /** What every import says of its rows. */
  readonly report: { rows: number; rowsLeftOut: number; valuesMissing: number; problems: ListedProblem[] };
  /** Every training that was asked for, deployment that was loaded, and message that was logged. */
  readonly trained: Parameters<ControlParts['train']>[0][];
  /** What each training found that an attempt before had kept. */
  readonly wentOnFrom: (string | undefined)[];
  /** Every share of a batch job that was worked on. */
  readonly scored: LinesTask[];
  readonly prepared: string[];
  readonly released: string[];
  /** What serving was asked, with the person and the history that it stands for. */
  readonly asked: object[];
  /** Users whom every model knows. */
  readonly modelUsers: Set<string>;
  readonly logged: string[];
  /** Moves the clock ahead. */
  advance(ms: number): void;
  /** As a client: the contract's checks, then the operation, whose answer is held against the contract. */
  call<O extends OperationName>(name: O, input: Input<O>, as?: Partial<Caller>): Promise<Output<O>>;
  /** Waits until no work is waiting or going on for the resource; answers its status, or `gone`. */
  settled(arn: string): Promise<string>;
  close(): Promise<void>;
};

type BenchOptions = {
  readonly quotas?: Readonly<Record<string, number>>;
  readonly families?: readonly Family[];
  /** To share or to reopen the database, the store and the folder of an earlier bench. */
  readonly home?: string;
  readonly database?: OpenDatabase;
  readonly start?: boolean;
  readonly updateEveryMs?: number;
  /** In place of an import that writes a file which is none. */
  readonly importCsv?: ControlParts['importCsv'];
  /** Whose keys dataset groups may name. */
  readonly keyService?: DataKeys;
  /** Where metrics of attributions are published. */
  readonly metricSink?: MetricSink;
};

export async function openBench({
  quotas,
  home: given,
  database: shared,
  start = true,
  updateEveryMs = 7_200_000,
  families = allFamilies,
  importCsv,
  keyService,
  metricSink,
}: BenchOptions = {}): Promise<Bench> {
  const home = given ?? (await mkdtemp(join(tmpdir(), 'control-')));
  const opened = shared ?? (await openDatabase({ file: join(home, 'database') }));
  const store = await openStore({ folder: join(home, 'store') });
  const buckets = join(home, 'buckets');
  const bucketStores = await openBuckets({ folder: buckets });
  await mkdir(join(buckets, 'data'), { recursive: true });
  await writeFile(join(buckets, 'data', 'rows.csv'), 'USER_ID,ITEM_ID,TIMESTAMP\n1,2,3\n');
  const [importing, training, preparing, scoring] = [new Gate(), new Gate(), new Gate(), new Gate()];
  const facts = {
    report: { rows: 1, rowsLeftOut: 0, valuesMissing: 0, problems: [] as ListedProblem[] },
    trained: [] as Bench['trained'],
    wentOnFrom: [] as Bench['wentOnFrom'],
    scored: [] as Bench['scored'],
    prepared: [] as string[],
    released: [] as string[],
  };
  const more = { asked: [] as object[], logged: [] as string[], modelUsers: new Set<string>() };
  const askerOf = ({ userId, streamed = {} }: RecommendQuery | RankQuery): Partial<LiveHistory> =>
    personOf(streamed, userId !== undefined && more.modelUsers.has(userId)) ?? (userId === undefined ? {} : { userId });
  let ahead = 0;
  const note = (fields: object, message: string) => more.logged.push(`${message} ${inspectError(fields)}`);
  const log: Logger = { info: () => {}, warn: note, error: note };
  const parts: ControlParts = {
    database: opened.database,
    dialect: opened.dialect,
    store,
    metricSink,
    ...(keyService && {
      keys: new GroupKeys({ database: opened.database, service: keyService, now: () => Date.now() + ahead }),
    }),
    log,
    takeSnapshot: () => Promise.reject(new Error('nothing is copied in this test')),
    bucketsFor: () => bucketStores,
    settings: {
      quotas: { ...defaultQuotas, ...quotas },
      recommendationIdMs: 86_400_000,
      updateEveryMs,
      badRows: 0.01,
      seed: 7,
      batchProcesses: 2,
    },
    workFolder: join(home, 'work'),
    clock: { now: () => Date.now() + ahead },
    async importCsv(request, progress) {
      if (importCsv) return await importCsv(request, progress);
      const { targetPrefix, workFolder } = request;
      progress.report(0.5, 'reading');
      await mkdir(workFolder, { recursive: true });
      await writeFile(join(workFolder, 'half.parquet'), 'half');
      await importing.pass(progress.signal);
      const key = `${targetPrefix}0.parquet`;
      await store.write(key, 'rows');
      const file = { key, rows: 1, bytes: 4, sha256: createHash('sha256').update('rows').digest('hex') };
      return { files: [file], report: facts.report };
    },
    exportCsv,
    async train(request, progress, checkpoints) {
      facts.trained.push(request);
      const found = checkpoints?.earlier && (await readFile(join(pathOf(checkpoints.earlier), 'state'), 'utf8'));
      facts.wentOnFrom.push(found);
      progress.report(0.25, 'learning');
      await writeFile(join(pathOf(request.workFolder), 'state'), `after ${found ?? 'nothing'}`);
      await checkpoints?.keep('state', join(pathOf(request.workFolder), 'state'));
      await training.pass(progress.signal);
      await mkdir(join(pathOf(request.modelFolder), 'tensors'), { recursive: true });
      await writeFile(join(pathOf(request.modelFolder), 'model.json'), '{}');
      await writeFile(join(pathOf(request.modelFolder), 'tensors', 'items.safetensors'), 'numbers');
      return { metrics: { coverage: 0.5 }, seconds: 36 };
    },
    async runBatch(_name, task, { progress, keepPart }) {
      facts.scored.push(task);
      await scoring.pass(progress.signal);
      await answerLines(task, keepPart);
    },
    serving: {
      async prepare({ model }) {
        await preparing.pass();
        facts.prepared.push(model);
      },
      async recommend(deployment, query) {
        const asker = askerOf(query);
        more.asked.push({ ...deployment, ...query, ...asker });
        const { eligible, count } = query;
        const ranked = ['a', 'b', 'c'].filter((_, item) => !eligible || isEligible(eligible, item)).slice(0, count);
        if (deployment.recipeType !== 'USER_PERSONALIZATION') return { items: ranked };
        const history = { userId: asker.userId, kept: 0, recent: asker.recent?.items.length ?? 0 };
        const scores = ranked.map((id) => scoreOf.get(id) ?? null);
        return { items: ranked, scores, history };
      },
      async rank(deployment, query) {
        more.asked.push({ ...deployment, ...query, ...askerOf(query) });
        return { items: query.items, scores: query.items.map((_, index) => (index === 0 ? 0.75 : null)) };
      },
      async items() {
        return modelItems;
      },
      async propensities() {
        return new Float32Array();
      },
      async explain(_, { items }) {
        return { items: items.map(({ id }) => ({ itemId: id, kind: 'unscored' })) };
      },
      releaseSealed() {},
      release: (arn, keep) => facts.released.push(`${arn} ${keep ?? 'all'}`),
      loaded: () => [],
      close: async () => {},
    },
  };
  const control = createControl(parts, families);
  if (start) await control.start();
  return {
    control,
    parts,
    home,
    importing,
    training,
    preparing,
    scoring,
    ...facts,
    ...more,
    advance: (ms) => {
      ahead += ms;
    },
    async call(name, input, as) {
      const answer = await control.dispatch(name, validate(name, input), { ...caller, ...as });
      expectToFit(name, answer);
      return answer;
    },
    async settled(arn) {
      for (;;) {
        const status = await statusOf(opened, families, arn);
        if (status !== undefined) return status;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    async close() {
      await control.stop();
      if (!shared) await opened.close();
      if (given === undefined) await rm(home, { recursive: true });
    },
  };
}

/** Answers each line with itself, but those that say `bad`. */
async function answerLines({ ranges, folder }: LinesTask, keepPart: (name: string, path: string) => Promise<void>) {
  await mkdir(pathOf(folder), { recursive: true });
  for (const { name, path, begin, end } of ranges) {
    const content = await readFile(path, 'utf8');
    let offset = 0;
    const lines = content.split('\n').filter((line) => {
      const at = offset;
      offset += line.length + 1;
      return at >= begin && at < end && line.trim() !== '';
    });
    const isBad = (line: string) => line.includes('bad');
    const answers = lines.map((line) =>
      isBad(line)
        ? `{"input":${line},"output":null,"error":"It is bad."}\n`
        : `{"input":${line},"output":{"recommendedItems":[]},"error":null}\n`,
    );
    const part = partName(name, lines.length, lines.filter(isBad).length);
    await writeFile(join(pathOf(folder), part), answers.join(''));
    await keepPart(part, join(pathOf(folder), part));
  }
}

/** Those of every model. */
const modelItems = Vocabulary.of(['a', 'b', 'c']);
const scoreOf = new Map([
  ['a', 0.123456789],
  ['b', 0.1],
]);

const inspectError = (fields: object) => ('err' in fields && fields.err instanceof Error ? fields.err.message : '');

/** Jobs that wait for their time, which may be days. */
const scheduledJobsOf = (families: readonly Family[]) =>
  families
    .flatMap(({ kinds }) => kinds)
    .flatMap(({ jobs = {} }) => Object.keys(jobs).filter((name) => jobs[name]?.isScheduled));

/** undefined while a job works for the resource or its status is not one that stays. */
async function statusOf(
  { database }: OpenDatabase,
  families: readonly Family[],
  arn: string,
): Promise<string | undefined> {
  const jobs = database.selectFrom('jobs').select('id').where('resource_arn', '=', arn);
  const job = await jobs.where('kind', 'not in', scheduledJobsOf(families)).executeTakeFirst();
  if (job) return undefined;
  const row = await database.selectFrom('resources').select('status').where('arn', '=', arn).executeTakeFirst();
  if (!row) return 'gone';
  return isUnsettled(row.status) ? undefined : row.status;
}

/**
 * Checks that an answer, as it would go over the wire, has every member that the contract asks for and no other. The
 * service's model gives the roles in answers the pattern of its own ARNs, which no role can match.
 */
function expectToFit(name: OperationName, answer: object): void {
  const validator = Compile(asAnswered(operations[name].output));
  const errors = validator.Errors(JSON.parse(JSON.stringify(answer)));
  const misfits = [...errors].filter(({ instancePath }) => !instancePath.endsWith('/roleArn'));
  expect(misfits.map(({ instancePath, message }) => `${name}${instancePath} ${message}`)).toEqual([]);
}

/**
 * The shape of an output, closed to members that it does not have, with the service's own patterns. Those have no end,
 * and the name of a solution version, `solution/1a2b3c4d`, continues after it (spec resources.md §1).
 */
function asAnswered(shape: object): object {
  return JSON.parse(JSON.stringify(shape), (key, value) => {
    if (key !== '' && typeof value === 'object' && value !== null && typeof value.modelPattern === 'string') {
      return { ...value, pattern: value.modelPattern };
    }
    return typeof value === 'object' && value !== null && value.type === 'object' && 'properties' in value
      ? { additionalProperties: false, ...value }
      : value;
  });
}

const field = (name: string, type: string) => ({ name, type });

const interactions = (...added: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long'), ...added],
    version: '1.0',
  });

export const interactionsSchema = interactions();

/** As above, with the type of each event, which the domains demand. */
export const eventsSchema = interactions(field('EVENT_TYPE', 'string'));

export const itemsSchema = (...added: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Items',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [field('ITEM_ID', 'string'), { ...field('GENRES', 'string'), categorical: true }, ...added],
    version: '1.0',
  });

export const recipeArn = (name: string) => `arn:aws:personalize:::recipe/${name}`;

/** Steps of the getting-started flow, each waiting for the one before it. */
export const steps = ({ call, settled }: Bench) => ({
  async group(name = 'films', domain?: Domain) {
    await call('CreateDatasetGroup', { name, domain });
    await settled(arnFor(`dataset-group/${name}`));
    return arnFor(`dataset-group/${name}`);
  },
  async schema(name = 'interactions', schema = interactionsSchema, domain?: Domain) {
    await call('CreateSchema', { name, schema, domain });
    return arnFor(`schema/${name}`);
  },
  async dataset(datasetGroupArn: string, schemaArn: string, datasetType = 'Interactions') {
    const { datasetArn = '' } = await call('CreateDataset', { name: 'data', datasetGroupArn, schemaArn, datasetType });
    await settled(datasetArn);
    return datasetArn;
  },
  async imported(datasetArn: string, jobName = 'first', importMode: 'FULL' | 'INCREMENTAL' = 'FULL') {
    const dataSource = { dataLocation: 's3://data/rows.csv' };
    await call('CreateDatasetImportJob', { jobName, datasetArn, dataSource, importMode });
    expect(await settled(arnFor(`dataset-import-job/${jobName}`))).toBe('ACTIVE');
    return arnFor(`dataset-import-job/${jobName}`);
  },
  async solution(datasetGroupArn: string, name = 'likes', recipe = 'aws-user-personalization') {
    await call('CreateSolution', { name, datasetGroupArn, recipeArn: recipeArn(recipe) });
    await settled(arnFor(`solution/${name}`));
    return arnFor(`solution/${name}`);
  },
  async version(solutionArn: string) {
    const { solutionVersionArn = '' } = await call('CreateSolutionVersion', { solutionArn });
    expect(await settled(solutionVersionArn)).toBe('ACTIVE');
    return solutionVersionArn;
  },
  async campaign(solutionVersionArn: string, name = 'front-page') {
    await call('CreateCampaign', { name, solutionVersionArn });
    expect(await settled(arnFor(`campaign/${name}`))).toBe('ACTIVE');
    return arnFor(`campaign/${name}`);
  },
});

/** A dataset group with imported interactions. */
export async function withData(bench: Bench): Promise<{ group: string; dataset: string; schema: string }> {
  const step = steps(bench);
  const group = await step.group();
  const schema = await step.schema();
  const dataset = await step.dataset(group, schema);
  await step.imported(dataset);
  return { group, dataset, schema };
}

/** Exception and text with which a call is refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
