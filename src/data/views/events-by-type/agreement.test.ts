import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { type EventDatasetType, subjectColumns } from '../../dataset-types.ts';
import { openDuckDb, sqlString } from '../../engine/duckdb.ts';
import { openStore } from '../../objects/open-store.ts';
import { ActionEventRecords } from '../../records/action-event-records.ts';
import { compactRecords } from '../../records/compaction.ts';
import { EventRecords } from '../../records/event-records.ts';
import { type LogEntry, RecordLog } from '../../records/record-log.ts';
import { expected, found, type HappenedEvent, items, sessions, types, users } from './events-by-type.fixture.ts';
import { EventsByTypeView } from './events-by-type-view.ts';

const datasetArn = 'arn:dataset';
const field = (name: string, type: 'string' | 'long' = 'string') => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
const schemaWith = (subject: string) => ({
  fields: [field('USER_ID'), field(subject), field('EVENT_TYPE'), field('TIMESTAMP', 'long')],
});
const records = new EventRecords(schemaWith('ITEM_ID'));
const actionRecords = new ActionEventRecords(schemaWith('ACTION_ID'));
const start = 1_700_000_000;
const { signal } = new AbortController();

const time = fc.integer({ min: start - 2, max: start + 4 });

const imported = fc.record({
  step: fc.constant('import' as const),
  hasTypes: fc.boolean(),
  rows: fc.array(
    fc.record({
      user: fc.constantFrom(...users),
      item: fc.constantFrom(...items),
      type: fc.constantFrom(...types),
      time,
    }),
    { minLength: 1, maxLength: 12 },
  ),
});
const put = fc.record({
  step: fc.constant('put' as const),
  user: fc.constantFrom('', ...users),
  session: fc.constantFrom(...sessions),
  events: fc.array(
    fc.record({ item: fc.constantFrom('', ...items), type: fc.constantFrom(...types, 'Identify'), time }),
    { minLength: 1, maxLength: 4 },
  ),
});
const compaction = fc.record({ step: fc.constant('compact' as const) });
const steps = fc.array(fc.oneof({ weight: 5, arbitrary: put }, imported, compaction), { maxLength: 20 });
type Put = typeof put extends fc.Arbitrary<infer P> ? P : never;
type Step = Exclude<typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never, undefined>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-by-type-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['INTERACTIONS', 'ACTION_INTERACTIONS'] as const)(
  'holds the newest %s of each user and type, as a plain reference has them',
  async (dataset) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(put, { maxLength: 12 }),
        fc.constantFrom(0, 1, 2, 3, 4, 5, 100),
        fc.constantFrom('any' as const, new Set(['watch']), new Set(['buy', 'élire'])),
        async (before, after, limit, held) => {
          await using world = await World.open(join(folder, `${dataset}-${run++}`), dataset);
          for (const step of before) await world.take(step);
          const view = new EventsByTypeView({ datasetArn, dataset, types: held, limit, sessionsSince: 0 });
          await world.readInto(view);
          expect(found(view.events)).toEqual(expected(world.events, limit, held));
          for (const step of after) await world.take(step);
          world.applyRest(view);
          expect(found(view.events)).toEqual(expected(world.events, limit, held));
        },
      ),
      { numRuns: 15 },
    );
  },
);

/** A dataset to which things happen. */
class World implements AsyncDisposable {
  /** In the order in which they came. */
  readonly events: HappenedEvent[] = [];
  readonly #dataset: EventDatasetType;
  readonly #folder: string;
  readonly #log: RecordLog;
  readonly #close: () => Promise<void>;
  readonly #entries: LogEntry[] = [];
  readonly #files: { path: string; through: number | null }[] = [];
  #through = 0;

  static async open(place: string, dataset: EventDatasetType): Promise<World> {
    const opened = await openDatabase({ file: ':memory:' });
    const log = new RecordLog({ ...opened, clock: { now: () => 0 }, log: console });
    return new World(place, dataset, log, opened.close);
  }

  private constructor(place: string, dataset: EventDatasetType, log: RecordLog, close: () => Promise<void>) {
    this.#folder = place;
    this.#dataset = dataset;
    this.#log = log;
    this.#close = close;
    log.subscribe({ notified: (entry) => this.#entries.push(entry), gap() {} });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log.stop();
    await this.#close();
  }

  async take(step: Step): Promise<void> {
    if (step.step === 'put') await this.#put(step);
    else await this.#compact();
    if (step.step === 'import') await this.#import(step);
  }

  async readInto(view: EventsByTypeView): Promise<void> {
    await this.#compact();
    const of = () => ({ files: this.#files, watermark: this.#through });
    await view.read({ of, temporaryFolder: join(this.#folder, 'spilled') }, signal);
  }

  /** Applies what has come since the last compaction. */
  applyRest(view: EventsByTypeView): void {
    for (const entry of this.#entries) {
      if (entry.position > this.#through) view.apply(entry, this.#log.layouts.known(entry.layout));
    }
  }

  async #put(step: Put): Promise<void> {
    const { user, session } = step;
    // An interaction has an action in any case.
    const events = step.events.filter(({ item }) => item !== '' || this.#dataset === 'INTERACTIONS');
    if (events.length === 0) return;
    // Some clocks are fast.
    const received = start + 2;
    const { layout: columns, body } = this.#written({ ...step, events }, received * 1000 + 999);
    const layout = await this.#log.layouts.idOf(columns);
    await this.#log.append({ datasetArn, layout, records: events.length, body });
    for (const event of events) this.events.push({ ...event, user, session, time: Math.min(event.time, received) });
  }

  #written({ user, session, events }: Put, receivedAt: number) {
    const by = user !== '' && { userId: user };
    if (this.#dataset === 'ACTION_INTERACTIONS') {
      const list = events.map(({ item, type, time: timestamp }) => {
        return { ...by, sessionId: session, actionId: item, eventType: type, timestamp };
      });
      return { layout: actionRecords.layout, body: actionRecords.encode(list, receivedAt) };
    }
    const eventList = events.map(({ item, type, time: sentAt }) => ({
      ...(item !== '' && { itemId: item }),
      eventType: type,
      sentAt,
    }));
    const call = { trackingId: 't', sessionId: session, eventList, ...by };
    return { layout: records.layout, body: records.encode(call, receivedAt) };
  }

  async #compact(): Promise<void> {
    const through = await this.#log.lastPosition();
    const store = join(this.#folder, `${this.#files.length}`);
    const made = await compactRecords({
      log: this.#log,
      store: await openStore({ folder: store }),
      datasetArn,
      after: this.#through,
      through,
      absorbed: [],
      targetPrefix: '',
      signal,
      workFolder: join(this.#folder, 'work'),
    });
    for (const { key } of made?.files ?? []) this.#files.push({ path: join(store, key), through });
    this.#through = through;
  }

  async #import({ rows, hasTypes }: Extract<Step, { step: 'import' }>): Promise<void> {
    const values = rows.map(({ user, item, type, time: at }) => `('${user}', '${item}', '${type}', ${at})`);
    const path = join(this.#folder, `imported-${this.#files.length}.parquet`);
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(this.#folder, 'spilled') });
    await duckDb.run(
      `COPY (SELECT * ${hasTypes ? '' : 'EXCLUDE EVENT_TYPE'}
       FROM (VALUES ${values.join(', ')}) AS rows(USER_ID, ${subjectColumns[this.#dataset]}, EVENT_TYPE, TIMESTAMP)) TO ${sqlString(path)} (FORMAT parquet)`,
    );
    this.#files.push({ path, through: null });
    for (const row of rows) this.events.push({ ...row, type: hasTypes ? row.type : '', session: '' });
  }
}
