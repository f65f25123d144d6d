import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type DatabaseLocation, openDatabase } from '../database/database.ts';
import { decodeLines, encodeLine } from './layout.ts';
import { type LogEntry, RecordLog } from './record-log.ts';

const folder = await mkdtemp(join(tmpdir(), 'record-log-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

let files = 0;
type Fresh = () => Promise<DatabaseLocation>;
const onFile: Fresh = async () => ({ file: join(folder, `${files++}`, 'database') });
const onServer: Fresh = async () => ({ url: (await postgres?.freshDatabase()) ?? '' });
const locations: readonly (readonly [name: string, fresh: Fresh])[] = [
  ['SQLite', onFile],
  ...(postgres ? [['PostgreSQL', onServer] as const] : []),
];

async function openLog(location: DatabaseLocation) {
  const opened = await openDatabase(location);
  const failures: string[] = [];
  let ahead = 0;
  const log = new RecordLog({
    ...opened,
    clock: { now: () => 1_700_000_000_000 + ahead },
    log: { error: (_fields, message) => failures.push(message) },
  });
  await log.start();
  return {
    log,
    failures,
    database: opened.database,
    advance(ms: number) {
      ahead += ms;
    },
    async [Symbol.asyncDispose]() {
      await log.stop();
      await opened.close();
    },
  };
}

const layout = [
  { name: 'A', type: 'string' },
  { name: 'B', type: 'long' },
] as const;

const record = (dataset: string, ...values: string[]) => ({
  datasetArn: `arn:${dataset}`,
  layout: 1,
  records: 1,
  body: encodeLine(values),
});

async function everything(log: RecordLog, dataset: string, after = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const page of log.read(`arn:${dataset}`, after, await log.lastPosition())) entries.push(...page);
  return entries;
}

const bodies = (entries: readonly LogEntry[]) => entries.map(({ body }) => body).join('');

it('gives back every line as it was written', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '\u{1f600}', '|') });
  const lines = fc
    .integer({ min: 2, max: 5 })
    .chain((width) => fc.array(fc.array(text, { minLength: width, maxLength: width })));
  fc.assert(
    fc.property(lines, (written) => {
      expect([...decodeLines(written.map(encodeLine).join(''))]).toEqual(written);
    }),
  );
});

describe.each(locations)('the record log on %s', (_name, fresh) => {
  it('keeps records in the order of their appends, apart by dataset', async () => {
    await using opened = await openLog(await fresh());
    const { log } = opened;
    const count = 500;
    await Promise.all(
      Array.from({ length: count }, (_, n) => log.append(record(n % 5 === 0 ? 'b' : 'a', String(n), 'x'))),
    );
    const read = [...decodeLines(bodies(await everything(log, 'a')))].map(([n]) => Number(n));
    expect(read).toEqual(Array.from({ length: count }, (_, n) => n).filter((n) => n % 5 !== 0));
    const entries = await everything(log, 'b');
    expect(entries.reduce((sum, { records }) => sum + records, 0)).toBe(count / 5);
    expect(await everything(log, 'b', entries.at(-1)?.position)).toEqual([]);
  });

  it('keeps rows short, whatever is appended at once', async () => {
    await using opened = await openLog(await fresh());
    const { log } = opened;
    const long = 'x'.repeat(30_000);
    await Promise.all(Array.from({ length: 20 }, () => log.append(record('a', long, ''))));
    const entries = await everything(log, 'a');
    expect(Math.max(...entries.map(({ body }) => body.length))).toBeLessThan(2 ** 16);
    expect(entries.reduce((sum, { records }) => sum + records, 0)).toBe(20);
  });

  it('notifies subscribers of its own records before they are acknowledged', async () => {
    await using opened = await openLog(await fresh());
    const notified: LogEntry[] = [];
    const end = opened.log.subscribe({ notified: (entry) => notified.push(entry), gap() {} });
    await opened.log.append(record('a', '1', '2'));
    expect(notified).toEqual([
      { ...record('a', '1', '2'), position: expect.any(Number), receivedAt: 1_700_000_000_000 },
    ]);
    expect(await everything(opened.log, 'a')).toEqual(notified);
    end();
    await opened.log.append(record('a', '3', '4'));
    expect(notified).toHaveLength(1);
  });

  it('refuses with a sentence what could not be stored, and takes the next', async () => {
    await using opened = await openLog(await fresh());
    const { log, failures, database } = opened;
    await database.schema.alterTable('record_log').renameTo('elsewhere').execute();
    await expect(log.append(record('a', '1', ''))).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: 'The records were not accepted. The database could not store them. Send them again later.',
    });
    expect(failures).toEqual(['Records could not be stored.']);
    await database.schema.alterTable('elsewhere').renameTo('record_log').execute();
    await log.append(record('a', '2', ''));
    expect(bodies(await everything(log, 'a'))).toBe('2,\n');
  });

  it('knows a layout by one number, also after a restart', async () => {
    const location = await fresh();
    let id: number;
    {
      await using opened = await openLog(location);
      id = await opened.log.layouts.idOf(layout);
      expect(await opened.log.layouts.idOf([layout[1], layout[0]])).not.toBe(id);
    }
    await using again = await openLog(location);
    expect(await again.log.layouts.get(id)).toEqual(layout);
    expect(await again.log.layouts.idOf(layout)).toBe(id);
  });
});

describe.runIf(postgres)('several nodes on one PostgreSQL', () => {
  it('notify of entries of each other, each once, and agree on the order', async () => {
    const url = (await postgres?.freshDatabase()) ?? '';
    await using one = await openLog({ url });
    await using other = await openLog({ url });
    expect(await one.log.layouts.idOf(layout)).toBe(1);
    const notified = { one: [] as number[], other: [] as number[] };
    one.log.subscribe({ notified: ({ position }) => notified.one.push(position), gap() {} });
    other.log.subscribe({ notified: ({ position }) => notified.other.push(position), gap() {} });
    const count = 200;
    await Promise.all(
      Array.from(
        { length: count },
        async (_, n) => await (n % 2 === 0 ? one : other).log.append(record('a', String(n), '')),
      ),
    );
    const stored = await everything(one.log, 'a');
    const positions = stored.map(({ position }) => position);
    await expect.poll(() => notified.one.length).toBe(positions.length);
    await expect.poll(() => notified.other.length).toBe(positions.length);
    expect(notified.one.toSorted((a, b) => a - b)).toEqual(positions);
    expect(notified.other.toSorted((a, b) => a - b)).toEqual(positions);
    expect(await everything(other.log, 'a')).toEqual(stored);
    const lines = [...decodeLines(bodies(stored))].map(([n]) => Number(n));
    for (const node of [0, 1]) {
      const own = lines.filter((n) => n % 2 === node);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
    expect(lines).toHaveLength(count);
  });

  it('report a gap after a long pause of the database, and only then', async () => {
    const url = (await postgres?.freshDatabase()) ?? '';
    await using opened = await openLog({ url });
    let gaps = 0;
    opened.log.subscribe({
      notified() {},
      gap() {
        gaps += 1;
      },
    });
    opened.advance(20_000);
    await sleep(600);
    expect(gaps).toBe(0);
    opened.advance(40_000);
    await expect.poll(() => gaps).toBe(1);
    await sleep(600);
    expect(gaps).toBe(1);
  });
});
