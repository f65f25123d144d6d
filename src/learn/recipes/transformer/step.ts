import type { Features } from '../../features/column.ts';
import { type Histories, interactionsByItem } from '../../histories.ts';
import type { InteractionColumn } from '../../interaction-columns.ts';
import {
  type Feeds,
  fullSoftmax,
  gather,
  input,
  NegativeSampler,
  type Scope,
  sampledSoftmax,
  TouchedRows,
  type Value,
} from '../../tensor/index.ts';
import type { Design } from './architecture.ts';
import { columnInputs } from './column-inputs.ts';
import { encode } from './encoder.ts';
import { type ItemVectors, itemTable, itemVectors } from './item-vectors.ts';
import type { Batch } from './windows.ts';

/** What a training step is made of, whatever its softmax. */
export type Step = {
  readonly loss: Value;
  readonly vectors: ItemVectors;
  feeds(batch: Batch, step: number): Feeds;
};

type Task = {
  readonly histories: Histories;
  readonly itemCount: number;
  readonly itemFeatures?: Features | undefined;
  readonly design: Design;
  readonly seed: number;
};

/** A softmax over all items where their number allows it, over a sample otherwise: then a step touches few rows of the table. */
export const stepOf = (scope: Scope, task: Task): Step =>
  task.design.regime.negatives === 0 ? overAll(scope, task) : overSample(scope, task);

function overAll(scope: Scope, { histories, itemCount, itemFeatures, design: { architecture, regime } }: Task): Step {
  const vectors = itemVectors(scope, { itemCount, width: architecture.width, features: itemFeatures });
  const hidden = hiddenOf(scope, vectors.rows, histories.columns, { architecture, regime });
  const loss = fullSoftmax({ hidden, table: vectors.rows, ...targetsOf({ architecture, regime }) });
  return { loss, vectors, feeds: (batch) => ({ ...batch, ...vectors.feeds() }) };
}

function overSample(scope: Scope, { histories, itemCount, itemFeatures, design, seed }: Task): Step {
  const { architecture, regime } = design;
  const tokens = regime.rows * architecture.length;
  const touchedMost = 2 * tokens + regime.negatives;
  const vectors = itemVectors(scope, {
    itemCount,
    width: architecture.width,
    touched: touchedMost,
    features: itemFeatures,
  });
  const hidden = hiddenOf(scope, vectors.rows, histories.columns, { architecture, regime });
  const loss = sampledSoftmax({
    hidden,
    table: vectors.rows,
    ...targetsOf({ architecture, regime }),
    negatives: input('negatives', [regime.negatives], 'int32'),
    logCounts: input('logCounts', [regime.negatives]),
    hits: input('hits', [tokens], 'int32'),
  });
  const counts = interactionsByItem(histories, itemCount);
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
    vectors,
    feeds(batch, step) {
      const drawn = sampler.draw(batch.targets, batch.weights, step);
      const items = touchedRows.number(batch.items);
      const targets = touchedRows.number(batch.targets);
      const negatives = touchedRows.number(drawn.negatives);
      const touched = touchedRows.finish();
      return {
        ...batch,
        ...drawn,
        items,
        targets,
        negatives,
        [`${itemTable}.touched`]: touched,
        ...vectors.feeds(touched),
      };
    },
  };
}

function hiddenOf(
  scope: Scope,
  table: Value,
  columns: readonly InteractionColumn[],
  { architecture, regime }: Design,
): Value {
  const shape = [regime.rows, architecture.length];
  const vectors = gather(table, input('items', shape, 'int32'));
  return encode(scope, { vectors, ...placesOf(shape, columns) }, architecture, regime);
}

/** Inputs beside the items. */
export const placesOf = (shape: readonly number[], columns: readonly InteractionColumn[]) => ({
  positions: input('positions', shape, 'int32'),
  gaps: input('gaps', shape, 'int32'),
  segments: input('segments', shape, 'int32'),
  columns: columnInputs(columns, shape),
});

function targetsOf({ architecture, regime }: Design) {
  const tokens = [regime.rows * architecture.length];
  return { targets: input('targets', tokens, 'int32'), weights: input('weights', tokens) };
}
