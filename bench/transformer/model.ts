import { NegativeSampler } from '../../src/learn/kernels/negative-sampler.ts';
import {
  add,
  causalMask,
  dropout,
  embedding,
  type Feeds,
  fullSoftmax,
  gather,
  input,
  layerNorm,
  multiply,
  reshape,
  type Scope,
  sampledSoftmax,
  seedOf,
  sparseEmbedding,
  TouchedRows,
  transformerBlock,
  type Value,
} from '../../src/learn/tensor/index.ts';
import type { Batch } from './batches.ts';
import type { TransformerSettings } from './settings.ts';

/** The transformer of bench/peers/torch_transformer.py: its loss, and what a step is fed for a batch. */
export type Model = { readonly loss: Value; feeds(batch: Batch, step: number): Feeds };

export const modelOf = (scope: Scope, settings: TransformerSettings): Model =>
  settings.negatives === 0 ? overAll(scope, settings) : overSample(scope, settings);

function overAll(scope: Scope, settings: TransformerSettings): Model {
  const table = embedding(scope.in('items'), { rows: settings.items, width: settings.width });
  return {
    loss: fullSoftmax({ hidden: encode(scope, table, settings), table, ...answers(settings) }),
    feeds: (batch) => batch,
  };
}

function overSample(scope: Scope, settings: TransformerSettings): Model {
  const { items, negatives, rows, length, width } = settings;
  const touched = 2 * rows * length + negatives;
  const table = sparseEmbedding(scope.in('items'), { rows: items, width, touched });
  const loss = sampledSoftmax({
    hidden: encode(scope, table.rows, settings),
    table: table.rows,
    ...answers(settings),
    negatives: input('negatives', [negatives], 'int32'),
    logCounts: input('logCounts', [negatives]),
    hits: input('hits', [rows * length], 'int32'),
  });
  const sampler = new NegativeSampler({ classes: items, tokens: rows * length, uniform: negatives });
  const touchedRows = new TouchedRows(items, touched);
  return {
    loss,
    feeds(batch, step) {
      const drawn = sampler.draw(batch.targets, batch.weights, seedOf(1, 'negatives', step));
      const local = {
        items: touchedRows.number(batch.items),
        targets: touchedRows.number(batch.targets),
        negatives: touchedRows.number(drawn.negatives),
      };
      return { ...batch, ...drawn, ...local, 'items.table.touched': touchedRows.finish() };
    },
  };
}

function encode(scope: Scope, table: Value, settings: TransformerSettings): Value {
  const { rows, length, width, heads } = settings;
  const shape = [rows, length];
  const positions = embedding(scope.in('positions'), { rows: length, width });
  const gaps = embedding(scope.in('gaps'), { rows: settings.gaps, width });
  const when = add(gather(positions, input('positions', shape, 'int32')), gather(gaps, input('gaps', shape, 'int32')));
  const mask = causalMask(input('segments', shape, 'int32'));
  const vectors = gather(table, input('items', shape, 'int32'));
  let x = dropout(add(multiply(vectors, Math.sqrt(width)), when), settings.dropout);
  for (let block = 0; block < settings.blocks; block++) {
    x = transformerBlock(scope.in(`block${block}`), x, {
      attention: { heads, mask, dropout: settings.attentionDropout },
      feedForward: { width: 2 * width, dropout: settings.dropout },
      dropout: settings.dropout,
    });
  }
  return reshape(layerNorm(scope.in('norm'), x), [-1, width]);
}

const answers = ({ rows, length }: TransformerSettings) => ({
  targets: input('targets', [rows * length], 'int32'),
  weights: input('weights', [rows * length]),
});
