import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field } from '../../src/data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../src/data/engine/duckdb.ts';
import { writeModelFolder } from '../../src/learn/model/model-folder.ts';
import { Vocabulary } from '../../src/learn/model/vocabulary.ts';
import type { BatchFilter, LinesTask } from '../../src/serve/batch/batch-tasks.ts';
import { runBatch } from '../../src/serve/batch/run-batch.ts';
import { readFilter } from '../../src/serve/filters/checker.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { madeUpSegments, type SegmentsSize } from '../segments.ts';
import { childMemory } from './child-memory.ts';
import { writeLines } from './lines-file.ts';

const recipe = 'aws-item-affinity';
/** As many lines as a file of a job may have, and the best hundredth of the users for each. */
const job = { lines: 500, share: 0.01 };
/** Lines whose segment is all users. */
const everyone = { few: 4, many: 40 };

/** Segments as a child process makes them, from its start to its end. */
export async function benchBatchSegments({ quick }: BenchOptions): Promise<BenchResult[]> {
  const size: SegmentsSize = quick
    ? { users: 50_000, items: 1000, interactions: 500_000, factors: 149 }
    : { users: 1_000_000, items: 10_000, interactions: 20_000_000, factors: 149 };
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const model = await madeUpModel(folder, size);
    const count = Math.round(job.share * size.users);
    const plain = await run({ folder, model, count, lines: job.lines, size });
    const filter = await filterOn(folder, size);
    const filtered = await run({ folder, model, count, lines: job.lines, size, filter });
    const few = await run({ folder, model, count: 5_000_000, lines: everyone.few, size });
    const many = await run({ folder, model, count: 5_000_000, lines: everyone.many, size });
    return [
      rateOf(`batch: segments of ${count} of ${size.users} users`, plain),
      rateOf('batch: segments with a filter on an attribute and on events, values by line', filtered),
      {
        name: `batch: memory of ${everyone.many} segments of ${size.users} users, beside ${everyone.few}`,
        value: many.bytes / 2 ** 20,
        unit: 'MiB',
        ratio: many.bytes / few.bytes,
        limit: 1.2,
        detail: `${Math.round(few.bytes / 2 ** 20)} MiB with ${everyone.few}; ${Math.round(many.written / 2 ** 20)} MiB written in ${many.seconds.toFixed(1)} s`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Run = {
  readonly folder: string;
  readonly model: string;
  readonly count: number;
  readonly lines: number;
  readonly size: SegmentsSize;
  readonly filter?: BatchFilter;
};

async function run({ folder, model, count, lines, size, filter }: Run) {
  const values = (n: number) => `,"filterValues":{"T":"\\"t${n % 3}\\"","E":"\\"buy\\""}`;
  const lineOf = (n: number) => `{"itemId":"item-${n % size.items}"${filter ? values(n) : ''}}`;
  const { path, bytes } = await writeLines(join(folder, 'lines.json'), lines, lineOf);
  const task: LinesTask = {
    ranges: [{ name: '000000', file: 0, path, begin: 0, end: bytes }],
    folder: join(folder, 'made'),
    temporaryFolder: join(folder, 'spilled'),
    model,
    count,
    startedAt: Date.now(),
    seed: 1,
    limits: { lineBytes: 10_000 },
    filter,
  };
  const progress = { report() {}, signal: new AbortController().signal };
  let written = 0;
  async function keepPart(_: string, part: string) {
    written += (await stat(part)).size;
    await rm(part);
  }
  const begin = performance.now();
  const memory = await childMemory(() => runBatch('segment', task, { progress, keepPart }));
  return { lines, written, bytes: memory, seconds: (performance.now() - begin) / 1000 };
}

function rateOf(name: string, { lines, seconds, bytes }: Awaited<ReturnType<typeof run>>): BenchResult {
  return {
    name,
    value: lines / seconds,
    unit: 'segments/s',
    detail: `${lines} lines in ${seconds.toFixed(1)} s by the clock, opening the model included, 1 process; ${Math.round(bytes / 2 ** 20)} MiB`,
  };
}

async function madeUpModel(folder: string, size: SegmentsSize): Promise<string> {
  const ids = (name: string, count: number) => Vocabulary.of(Array.from({ length: count }, (_, n) => `${name}-${n}`));
  const model = join(folder, 'model');
  await mkdir(model);
  const content = {
    learned: madeUpSegments(size),
    items: ids('item', size.items),
    users: ids('user', size.users),
  };
  const { users, items, interactions } = size;
  await writeModelFolder(model, content, {
    recipe,
    parameters: {},
    seed: 1,
    counts: { users, items, interactions },
    metrics: {},
  });
  return model;
}

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: 'string',
  nullable: true,
  categorical: false,
  textual: false,
  ...more,
});
const userFields = [field('USER_ID'), field('TIER', { categorical: true })];
const interactionFields = [
  field('USER_ID'),
  field('ITEM_ID'),
  field('EVENT_TYPE'),
  field('TIMESTAMP', { type: 'long' }),
];

/** Each user has a record, and twenty events of three types. */
async function filterOn(folder: string, { users, interactions }: SegmentsSize): Promise<BatchFilter> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: join(folder, 'spilled') });
  const write = async (name: string, query: string) => {
    const path = join(folder, `${name}.parquet`);
    await duckDb.run(`COPY (${query}) TO ${sqlString(path)} (FORMAT parquet)`);
    return { path, through: null };
  };
  const userFile = await write(
    'users',
    `SELECT 'user-' || range AS USER_ID, 't' || range % 3 AS TIER FROM range(${users})`,
  );
  const interactionFile = await write(
    'interactions',
    `SELECT 'user-' || hash(range) % ${users} AS USER_ID, 'item-' || range % 1000 AS ITEM_ID,
       CASE WHEN range % 40 = 0 THEN 'Buy' WHEN range % 4 = 0 THEN 'rate' ELSE 'view' END AS EVENT_TYPE, range AS TIMESTAMP
     FROM range(${interactions})`,
  );
  const schemas = { USERS: { fields: userFields }, INTERACTIONS: { fields: interactionFields } };
  return {
    filter: readFilter(
      'INCLUDE UserID WHERE Users.TIER IN ($T) | EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ($E)',
      schemas,
    ),
    users: { schema: schemas.USERS, files: [userFile] },
    interactions: { schema: schemas.INTERACTIONS, files: [interactionFile], limit: 100, sessionsSince: 0 },
  };
}
