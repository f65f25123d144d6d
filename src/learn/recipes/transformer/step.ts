import type { Histories } from '../../histories.ts';
import {
  embedding,
  type Feeds,
  fullSoftmax,
  gather,
  input,
  NegativeSampler,
  type Scope,
  sampledSoftmax,
  sparseEmbedding,
  TouchedRows,
  type Value,
} from '../../tensor/index.ts';
import type { Design } from './architecture.ts';
import { encode } from './encoder.ts';
import type { Batch } from './windows.ts';

/** What a training step is made of, whatever its softmax. */
export type Step = {
  readonly loss: Value;
  /** All items' vectors, for inference. */
  readonly table: Value;
  feeds(batch: Batch, step: number): Feeds;
};

type Task = {
  readonly histories: Histories;
  readonly itemCount: number;
  readonly design: Design;
  readonly seed: number;
};

/** A softmax over all items where their number allows it, over a sample otherwise: then a step touches few rows of the table. */
export const stepOf = (scope: Scope, task: Task): Step =>
  task.design.regime.negatives === 0 ? overAll(scope, task) : overSample(scope, task);

function overAll(scope: Scope, { itemCount, design: { architecture, regime } }: Task): Step {
  const table = embedding(scope.in('items'), { rows: itemCount, width: architecture.width });
  const hidden = hiddenOf(scope, table, { architecture, regime });
  const loss = fullSoftmax({ hidden, table, ...targetsOf({ architecture, regime }) });
  return { loss, table, feeds: (batch) => batch };
}

function overSample(scope: Scope, { histories, itemCount, design: { architecture, regime }, seed }: Task): Step {
  const tokens = regime.rows * architecture.length;
  const touchedMost = 2 * tokens + regime.negatives;
  const { table, rows } = sparseEmbedding(scope.in('items'), {
    rows: itemCount,
    width: architecture.width,
    touched: touchedMost,
  });
  const hidden = hiddenOf(scope, rows, { architecture, regime });
  const loss = sampledSoftmax({
    hidden,
    table: rows,
    ...targetsOf({ architecture, regime }),
    negatives: input('negatives', [regime.negatives], 'int32'),
    logCounts: input('logCounts', [regime.negatives]),
    hits: input('hits', [tokens], 'int32'),
  });
  const counts = new Uint32Array(itemCount);
  for (const item of histories.items) counts[item] = (counts[item] ?? 0) + 1;
  const inBatch = regime.negatives / 2;
  const sampler = new NegativeSampler({
    classes: itemCount,
    uniform: regime.negatives - inBatch,
    inBatch,
    counts,
    seed,
  });
  const touchedRows = new TouchedRows(itemCount, touchedMost);
  return {
    loss,
    table,
    feeds(batch, step) {
      const drawn = sampler.draw(batch.targets, batch.weights, step);
      const items = touchedRows.number(batch.items);
      const targets = touchedRows.number(batch.targets);
      const negatives = touchedRows.number(drawn.negatives);
      return { ...batch, ...drawn, items, targets, negatives, 'items.table.touched': touchedRows.finish() };
    },
  };
}

function hiddenOf(scope: Scope, table: Value, { architecture, regime }: Design): Value {
  const shape = [regime.rows, architecture.length];
  const vectors = gather(table, input('items', shape, 'int32'));
  return encode(scope, { vectors, ...placesOf(shape) }, architecture, regime);
}

/** Inputs beside the items. */
export const placesOf = (shape: readonly number[]) => ({
  positions: input('positions', shape, 'int32'),
  gaps: input('gaps', shape, 'int32'),
  segments: input('segments', shape, 'int32'),
});

function targetsOf({ architecture, regime }: Design) {
  const tokens = [regime.rows * architecture.length];
  return { targets: input('targets', tokens, 'int32'), weights: input('weights', tokens) };
}
