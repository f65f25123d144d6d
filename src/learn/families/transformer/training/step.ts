import type { Features } from '../../../features/column.ts';
import { type Histories, interactionsByItem } from '../../../histories/histories.ts';
import type { InteractionColumn } from '../../../histories/interaction-columns.ts';
import { NegativeSampler } from '../../../kernels/negative-sampler.ts';
import {
  constant,
  dropout,
  type Feeds,
  fullSoftmax,
  gather,
  input,
  multiply,
  type Scope,
  sampledSoftmax,
  seedOf,
  TouchedRows,
  type Value,
} from '../../../tensor/index.ts';
import type { Configuration } from '../encoder/architecture.ts';
import { columnInputs } from '../encoder/column-inputs.ts';
import { encode } from '../encoder/encoder.ts';
import { type ItemVectors, itemTable, itemVectors } from '../encoder/item-vectors.ts';
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
  readonly userFeatures?: Features | undefined;
  readonly configuration: Configuration;
  readonly seed: number;
};

/**
 * A softmax over all items where their number allows it, over a sample otherwise: then a step touches few rows of the
 * table.
 */
export const stepOf = (scope: Scope, task: Task): Step =>
  task.configuration.optimiserSettings.negatives === 0 ? overAll(scope, task) : overSample(scope, task);

function overAll(scope: Scope, task: Task): Step {
  const { itemCount, itemFeatures, userFeatures, configuration } = task;
  const { architecture } = configuration;
  const vectors = itemVectors(scope, { itemCount, width: architecture.width, features: itemFeatures });
  const hidden = hiddenOf(scope, vectors.rows, task);
  const loss = fullSoftmax({ hidden, table: vectors.rows, ...targetsOf(configuration) });
  const always = { ...vectors.feeds(), ...userFeeds(userFeatures) };
  return { loss, vectors, feeds: (batch) => ({ ...batch, ...always }) };
}

function overSample(scope: Scope, task: Task): Step {
  const { histories, itemCount, itemFeatures, userFeatures, configuration, seed } = task;
  const { architecture, optimiserSettings } = configuration;
  const tokens = optimiserSettings.rows * architecture.length;
  const touchedMost = 2 * tokens + optimiserSettings.negatives;
  const vectors = itemVectors(scope, {
    itemCount,
    width: architecture.width,
    touched: touchedMost,
    features: itemFeatures,
  });
  const hidden = hiddenOf(scope, vectors.rows, task);
  const loss = sampledSoftmax({
    hidden,
    table: vectors.rows,
    ...targetsOf(configuration),
    negatives: input('negatives', [optimiserSettings.negatives], 'int32'),
    logCounts: input('logCounts', [optimiserSettings.negatives]),
    hits: input('hits', [tokens], 'int32'),
  });
  const inBatch = optimiserSettings.negatives / 2;
  const sampler = new NegativeSampler({
    classes: itemCount,
    tokens,
    uniform: optimiserSettings.negatives - inBatch,
    inBatch,
    counts: interactionsByItem(histories, itemCount),
  });
  const touchedRows = new TouchedRows(itemCount, touchedMost);
  return {
    loss,
    vectors,
    feeds(batch, step) {
      const drawn = sampler.draw(batch.targets, batch.weights, seedOf(seed, 'negatives', step));
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
        ...userFeeds(userFeatures),
      };
    },
  };
}

function hiddenOf(
  scope: Scope,
  table: Value,
  { histories, userFeatures, configuration: { architecture, optimiserSettings } }: Task,
): Value {
  const shape = [optimiserSettings.rows, architecture.length];
  const vectors = gather(table, input('items', shape, 'int32'));
  return encode(
    scope,
    { vectors, ...positionInputs(shape, histories.columns, userFeatures) },
    architecture,
    optimiserSettings,
  );
}

/** Inputs beside the items; `userFeeds` are what those of the users' features are fed beside their indexes. */
export const positionInputs = (
  shape: readonly number[],
  columns: readonly InteractionColumn[],
  userFeatures: Features | undefined,
) => ({
  positions: input('positions', shape, 'int32'),
  gaps: input('gaps', shape, 'int32'),
  segments: input('segments', shape, 'int32'),
  columns: columnInputs(columns, shape),
  userFeatures: userFeatures && featuresOfUsers(shape, userFeatures),
});

/** So many interactions are trained as if nothing were known of the user: there are such users, too. */
const unknownUsers = 0.1;

function featuresOfUsers(shape: readonly number[], { width, values }: Features): Value {
  const found = gather(input('userFeatures', [values.length / width, width]), input('users', shape, 'int32'));
  const ones = constant(new Float32Array(shape.reduce((size, side) => size * side, 1)).fill(1), [...shape, 1]);
  return multiply(found, dropout(ones, unknownUsers));
}

export const userFeeds = (features: Features | undefined): Feeds => (features ? { userFeatures: features.values } : {});

function targetsOf({ architecture, optimiserSettings }: Configuration) {
  const tokens = [optimiserSettings.rows * architecture.length];
  return { targets: input('targets', tokens, 'int32'), weights: input('weights', tokens) };
}
