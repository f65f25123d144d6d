import { describe, expect, test } from 'vitest';
import { Scope } from './graph/scope.ts';
import { input, type Value } from './graph/value.ts';
import { embedding, sparseEmbedding } from './layers/embedding.ts';
import { square, subtract } from './operations/arithmetic.ts';
import { gather } from './operations/gather.ts';
import { sum } from './operations/reduce.ts';
import { adam } from './optimisers/adam.ts';
import { constantRate } from './optimisers/schedule.ts';
import { uniforms } from './random.ts';
import { TouchedRows } from './run/touched-rows.ts';
import { Trainer } from './trainer.ts';

const [rows, width, capacity, tokens] = [40, 3, 12, 8];

async function trainerOf(scope: Scope, table: Value): Promise<Trainer> {
  const loss = sum(square(subtract(gather(table, input('ids', [tokens], 'int32')), input('wanted', [tokens, width]))));
  return await Trainer.create({
    scope,
    loss,
    optimiser: adam({ weightDecay: 0.1 }),
    rate: constantRate(0.1),
  });
}

function batchOf(step: number) {
  const random = uniforms(step);
  const ids = Int32Array.from({ length: tokens }, () => Math.floor(random() * rows));
  return { ids, wanted: Float32Array.from({ length: tokens * width }, random) };
}

describe('a table of which only touched rows are updated', () => {
  test('moves touched rows as a dense table does that stands still elsewhere', async () => {
    const sparseScope = Scope.root(7);
    const sparse = await trainerOf(sparseScope, sparseEmbedding(sparseScope, { rows, width, touched: capacity }).rows);
    const touchedRows = new TouchedRows(rows, capacity);
    const denseScope = Scope.root(7);
    const dense = await trainerOf(denseScope, embedding(denseScope, { rows, width }));
    for (let step = 1; step <= 12; step++) {
      const { ids, wanted } = batchOf(step);
      const before = dense.weights.get('table').slice();
      const momentsBefore = dense.moments.copy();
      const numbers = touchedRows.number(ids);
      const loss = await sparse.step({ ids: numbers, wanted, 'table.touched': touchedRows.finish() });
      expect(loss).toBe(await dense.step({ ids, wanted }));
      const after = dense.weights.get('table').slice();
      for (let row = 0; row < rows; row++) {
        if (ids.includes(row)) continue;
        const at = row * width;
        after.set(before.subarray(at, at + width), at);
        for (const [name, data] of Object.entries(momentsBefore)) {
          dense.moments.get(name).set(data.subarray(at, at + width), at);
        }
      }
      dense.weights.set('table', after);
      expect(sparse.weights.get('table')).toEqual(after);
      expect(sparse.moments.copy()).toEqual(dense.moments.copy());
    }
    await Promise.all([sparse.release(), dense.release()]);
  });

  test('is refused where the loss reads the table itself', async () => {
    const scope = Scope.root(1);
    const { table, rows: touched } = sparseEmbedding(scope, { rows, width, touched: capacity });
    const loss = sum(subtract(sum(square(touched)), sum(square(table))));
    await expect(Trainer.create({ scope, loss, optimiser: adam(), rate: constantRate(1) })).rejects.toThrow(
      'table [40, 3] is read by Mul in training: read its touched rows there.',
    );
  });
});

test('rows that are named many times over add up wholly, with several threads', async () => {
  // Without the cuts of scatterAdd about 3 steps in 100 go wrong at this size.
  const [count, wide] = [3600, 64];
  const scope = Scope.root(1);
  const table = embedding(scope, { rows: 2, width: wide, deviation: 0 });
  const loss = sum(gather(table, input('ids', [count], 'int32')));
  const optimiser = adam({ beta1: 0 });
  const trainer = await Trainer.create({ scope, loss, optimiser, rate: constantRate(1), execution: { threads: 2 } });
  const ids = Int32Array.from({ length: count }, (_, token) => (token % 9 === 0 ? 0 : 1));
  const expected = [count / 9, (count * 8) / 9];
  for (let step = 0; step < 150; step++) {
    await trainer.step({ ids });
    // The momentum is the gradient.
    const momentum = trainer.moments.get('table/m');
    expect([momentum[0], momentum[wide]]).toEqual(expected);
  }
  await trainer.release();
});
