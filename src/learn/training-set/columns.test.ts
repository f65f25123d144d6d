import { describe, expect, it } from 'vitest';
import type { Field } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { parquetFiles } from '../../data/engine/parquet-files.ts';
import { codeOf } from '../histories/interaction-columns.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from '../training/training.fixture.ts';
import { serviceTrainingLimits } from '../training/training.ts';
import { buildTrainingSet } from './training-set.ts';

type Cell = string | number | null;

/** The histories of 1,200 interactions, the nth with `values(n)` in the fields, in the order of n. */
async function build(fields: readonly Field[], values: (n: number) => Cell[]) {
  await using folder = await temporaryFolder();
  const rows = Array.from({ length: 1200 }, (_, n) => [
    `user${10 + Math.floor(n / 40)}`,
    `item${n % 40}`,
    1000 + n,
    ...values(n),
  ]);
  const interactions = await writeDataset(folder.path, [...interactionFields, ...fields], rows);
  const { histories } = await buildTrainingSet(
    { interactions, workFolder: folder.path, limits: serviceTrainingLimits },
    unwatched,
  );
  return histories;
}

const category = (name: string): Field => ({ ...field(name), nullable: true, categorical: true });

describe('columns of the interactions', () => {
  it('have codes by how often their values are, and code 0 where there is none', async () => {
    const device = (n: number) => ['TV', 'phone', null, 'TV'][n % 4] ?? null;
    const { columns, codes } = await build([field('EVENT_TYPE'), category('DEVICE')], (n) => [
      n % 3 === 0 ? 'buy' : 'view',
      device(n),
    ]);
    expect(columns).toEqual([
      { name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy'] },
      { name: 'DEVICE', kind: 'categorical', values: ['TV', 'phone'] },
    ]);
    expect([...(codes[0] ?? [])].slice(0, 6)).toEqual([2, 1, 1, 2, 1, 1]);
    expect([...(codes[1] ?? [])].slice(0, 6)).toEqual([1, 2, 0, 1, 1, 2]);
  });

  it('of numbers are told apart in sixteenths, as a request that writes the same number is', async () => {
    const price = (n: number) => Math.round(((n * 7919) % 1200) / 3) / 10;
    const { columns, codes } = await build([field('PRICE', 'float')], (n) => [price(n)]);
    const [column] = columns;
    expect(column).toMatchObject({ kind: 'numeric', bounds: { length: 15 } });
    if (!column) return;
    const counts = new Map<number, number>();
    codes[0]?.forEach((code, n) => {
      expect(code).toBe(codeOf(column, String(price(n))));
      counts.set(code, (counts.get(code) ?? 0) + 1);
    });
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values())).toBeLessThan(100);
  });

  it('have code 0 for what is no number', async () => {
    await using folder = await temporaryFolder();
    const rows = Array.from({ length: 1200 }, (_, n) => [
      `user${n % 30}`,
      `item${n % 40}`,
      1000 + n,
      n < 600 ? n : null,
    ]);
    const input = await writeDataset(folder.path, [...interactionFields, field('LOAD', 'double')], rows);
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder.path });
    const odd = `${folder.path}/odd.parquet`;
    await duckDb.run(
      `COPY (SELECT * REPLACE (CASE WHEN "TIMESTAMP" = 2199 THEN 'nan'::DOUBLE WHEN "TIMESTAMP" = 2198 THEN 'inf'::DOUBLE ELSE "LOAD" END AS "LOAD")
       FROM ${parquetFiles(input.files)}) TO ${sqlString(odd)} (FORMAT parquet)`,
    );
    const { histories } = await buildTrainingSet(
      { interactions: { ...input, files: [odd] }, workFolder: folder.path, limits: serviceTrainingLimits },
      unwatched,
    );
    const codes = histories.codes[0] ?? new Uint8Array();
    histories.timestamps.forEach((time, n) => {
      expect(codes[n] === 0).toBe(time >= 1600);
    });
  });

  it('keep the 255 most frequent of very many values', async () => {
    const { columns, codes } = await build([category('SESSION')], (n) => [n % 2 === 0 ? 'often' : `once${n}`]);
    expect(columns[0]).toMatchObject({ values: { length: 255, 0: 'often' } });
    expect(codes[0]?.filter((code) => code === 0)).toHaveLength(1200 - 600 - 254);
  });

  it('are left out where they tell nothing or are not to be learnt', async () => {
    const fields = [
      field('EVENT_TYPE'),
      field('EVENT_VALUE', 'float'),
      field('NOTE'),
      field('IMPRESSION'),
      field('ONE', 'int'),
      field('MEMBER', 'boolean'),
    ];
    const { columns, codes } = await build(fields, (n) => ['view', n, `note${n}`, `item${n}`, 1, null]);
    expect(columns).toEqual([]);
    expect(codes).toEqual([]);
  });
});
