import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { encodeLine, type Layout } from '../src/data/records/layout.ts';
import type { AttributeField } from '../src/data/views/attributes/attribute-table.ts';
import { AttributeView } from '../src/data/views/attributes/attribute-view.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const limits = { seconds: 5, mebibytes: 200, bytesACell: 16 };
const arn = 'arn:items';

const field = (name: string, type: AttributeField['type'], categorical = false) => ({ name, type, categorical });
const idField = field('ITEM_ID', 'string');
const columns = [
  field('GENRES', 'string', true),
  field('TAGS', 'string', true),
  field('BRAND', 'string'),
  field('TITLE', 'string'),
  field('PRICE', 'float'),
  field('RATING', 'float'),
  field('YEAR', 'int'),
  field('STOCK', 'int'),
  field('CREATION_TIMESTAMP', 'long'),
  field('SELLER', 'long'),
];
const layout: Layout = [idField, ...columns];

/** The attributes of a catalogue as a view reads them from Parquet, and how it takes in records after that. */
export async function benchAttributes({ quick }: BenchOptions): Promise<BenchResult[]> {
  const items = quick ? 50_000 : 1_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const path = join(folder, 'items.parquet');
    await writeItems(path, items);
    const view = new AttributeView({ idColumn: 'ITEM_ID', fields: columns, datasetArn: arn, asked: new Set() });
    const of = () => ({ files: [{ path, through: null }], watermark: 0 });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const watch = new Stopwatch();
    await view.read({ of, temporaryFolder: join(folder, 'spilled') }, new AbortController().signal);
    const { seconds, cpuSeconds } = watch.lap();
    delay.disable();
    const detail = `${items.toLocaleString('en')} items, ${columns.length} columns: genres of 20 values and tags of 1,000, several an item, 50,000 brands, a title each, two columns each of floats, ints and longs`;
    const beside = [...view.attributes.columns.values()].reduce((sum, column) => sum + bytesOfRows(column), 0);
    return [
      {
        name: 'attributes: load',
        value: seconds,
        unit: 's',
        limit: limits.seconds,
        detail: `${detail}; ${cpuSeconds.toFixed(2)} s of processor`,
      },
      { name: 'attributes: longest wait of the event loop meanwhile', value: delay.max / 1e6, unit: 'ms' },
      {
        name: 'attributes: memory, ids and dictionaries included',
        value: view.bytes / 2 ** 20,
        unit: 'MiB',
        limit: limits.mebibytes,
      },
      {
        name: 'attributes: memory of an item and column beside the dictionaries',
        value: beside / items / columns.length,
        unit: 'B',
        limit: limits.bytesACell,
      },
      { name: 'attributes: a streamed record taken in', value: microsecondsARecord(view, items), unit: 'µs' },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

type ViewColumn = AttributeView['attributes']['columns'] extends ReadonlyMap<string, infer Column> ? Column : never;

const bytesOfRows = (column: ViewColumn) => (column.kind === 'text' ? column.bytes - column.cells.bytes : column.bytes);

/** One in twenty cells is missing. */
async function writeItems(path: string, items: number): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: `${path}.spilled` });
  let salt = 0;
  const draw = (below: number) => `(hash(i, ${salt++}) % ${below})`;
  const several = (name: string, values: number, more: string) =>
    `'${name}-' || ${draw(values)} || if(${more}, '|${name}-' || ${draw(values)}, '')`;
  const values = [
    several('genre', 20, `${draw(2)} = 0`),
    several('tag', 1000, `${draw(2)} = 0`),
    `'brand-' || ${draw(50_000)}`,
    `'The title of the item that has number ' || i`,
    `(${draw(10_000)} / 100)::FLOAT`,
    `(${draw(50)} / 10)::FLOAT`,
    `(1950 + ${draw(75)})::INTEGER`,
    `${draw(1000)}::INTEGER`,
    `(1000000000 + ${draw(700_000_000)})::BIGINT`,
    `(7000000000 + ${draw(1_000_000_000)})::BIGINT`,
  ];
  const cells = values.map((value, n) => `, if(${draw(20)} = 0, NULL, ${value}) AS ${columns[n]?.name}`);
  await duckDb.run(
    `COPY (SELECT 'item-' || i AS ITEM_ID ${cells.join('')} FROM range(${items}) AS rows(i)) TO ${sqlString(path)} (FORMAT parquet)`,
  );
}

/** Records that change all cells of items, some of them new ones, as PutItems brings them: ten an entry. */
function microsecondsARecord(view: AttributeView, items: number): number {
  const [entries, records] = [2000, 10];
  const bodies = Array.from({ length: entries }, (_, entry) =>
    Array.from({ length: records }, (_, n) => {
      const index = ((entry * records + n) * 7919) % (items + items / 50);
      const numbers = [entry / 100, 4.5, 2000 + (n % 20), entry, 1.7e9 + entry, 8e9 + entry].map(String);
      return encodeLine([
        `item-${index}`,
        `genre-${n}|genre-1`,
        `tag-${entry % 1000}`,
        `brand-${index}`,
        `Title ${entry} ${n}`,
        ...numbers,
      ]);
    }).join(''),
  );
  const began = performance.now();
  for (const [position, body] of bodies.entries()) {
    view.apply({ datasetArn: arn, layout: 1, position, receivedAt: 0, records, body }, layout);
  }
  return ((performance.now() - began) / entries / records) * 1000;
}
