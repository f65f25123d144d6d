import { expect, test } from 'vitest';
import {
  adam,
  add,
  causalMask,
  constantRate,
  embedding,
  gather,
  input,
  layerNorm,
  linear,
  matmul,
  multiply,
  reshape,
  Scope,
  sampledSoftmax,
  slice,
  sparseEmbedding,
  TouchedRows,
  Trainer,
  transformerBlock,
  type Value,
} from './index.ts';
import { uniforms } from './random.ts';

const [rows, length, items, width, features, touched] = [16, 6, 400, 16, 4, 160];
const tokens = rows * length;
const negativesPerBatch = 60;

/** Item vectors: learnt ones and what metadata makes of each, at rows that are given together. */
const itemVectors = (scope: Scope, learnt: Value, metadata: Value) =>
  add(learnt, linear(scope.in('metadata'), metadata, width, { bias: false }));

function encode(scope: Scope, vectors: Value, ids: Value, segments: Value): Value {
  const [batch = 0] = ids.shape;
  const positions = gather(
    embedding(scope.in('positions'), { rows: length, width }),
    input('positions', [batch, length], 'int32'),
  );
  const options = { attention: { heads: 2, mask: causalMask(segments) }, feedForward: { width: 32 }, dropout: 0.1 };
  const x = add(multiply(gather(vectors, ids), Math.sqrt(width)), positions);
  return layerNorm(scope.in('last'), transformerBlock(scope.in('block'), x, options));
}

/** The next item is this one + 5, and an item's metadata has its remainder by 4. */
const next = (item: number) => (item + 5) % items;
const metadataOf = (ids: ArrayLike<number>) =>
  Float32Array.from({ length: ids.length * features }, (_, at) =>
    ids[Math.floor(at / features)] % features === at % features ? 1 : 0,
  );
const positionsOf = (batch: number) => Int32Array.from({ length: batch * length }, (_, at) => at % length);

/**
 * Twenty of the batch's targets, and others drawn evenly: all items are targets equally often, so that each is drawn
 * so, too.
 */
function negativesOf(targets: Int32Array, random: () => number) {
  const different = new Set([...new Set(targets)].slice(0, 20));
  while (different.size < negativesPerBatch) different.add(Math.floor(random() * items));
  const negatives = Int32Array.from(different);
  return {
    negatives,
    logCounts: new Float32Array(negativesPerBatch).fill(Math.log(negativesPerBatch / items)),
    hits: targets.map((target) => negatives.indexOf(target) + 1),
  };
}

test('a transformer over touched rows and metadata learns from sampled negatives, and scores the whole table', async () => {
  const scope = Scope.root(3);
  const table = sparseEmbedding(scope.in('items'), { rows: items, width, touched });
  const vectors = itemVectors(scope, table.rows, input('metadata', [touched, features]));
  const ids = input('items', [rows, length], 'int32');
  const loss = sampledSoftmax({
    hidden: reshape(encode(scope, vectors, ids, input('segments', [rows, length], 'int32')), [tokens, width]),
    table: vectors,
    targets: input('targets', [tokens], 'int32'),
    negatives: input('negatives', [negativesPerBatch], 'int32'),
    logCounts: input('logCounts', [negativesPerBatch]),
    hits: input('hits', [tokens], 'int32'),
    weights: input('weights', [tokens]),
  });
  const trainer = await Trainer.create({
    scope,
    loss,
    optimiser: adam(),
    rate: constantRate(0.01),
    execution: { threads: 1 },
  });

  const touchedRows = new TouchedRows(items, touched);
  const random = uniforms(3);
  for (let step = 1; step <= 300; step++) {
    const from = Array.from({ length: rows }, () => Math.floor(random() * items));
    const history = Int32Array.from(
      { length: tokens },
      (_, at) => (from[Math.floor(at / length)] + 5 * (at % length)) % items,
    );
    const targets = history.map(next);
    const weights = new Float32Array(tokens).fill(1);
    const drawn = negativesOf(targets, random);
    const local = {
      items: touchedRows.number(history),
      targets: touchedRows.number(targets),
      negatives: touchedRows.number(drawn.negatives),
    };
    const named = touchedRows.finish();
    await trainer.step({
      ...local,
      hits: drawn.hits,
      logCounts: drawn.logCounts,
      weights,
      positions: positionsOf(rows),
      segments: new Int32Array(tokens),
      metadata: metadataOf(named),
      'items.table.touched': named,
    });
  }

  const all = itemVectors(scope, table.table, input('metadata', [items, features]));
  const encoded = encode(scope, all, input('items', [1, length], 'int32'), input('segments', [1, length], 'int32'));
  const scores = matmul(reshape(slice(encoded, 1, length - 1), [1, width]), all, { transposeB: true });
  const evaluator = await trainer.evaluator({ scores });
  const metadata = metadataOf(Int32Array.from({ length: items }, (_, item) => item));
  let found = 0;
  for (let item = 0; item < items; item += 10) {
    const history = Int32Array.from({ length }, (_, at) => (item + 5 * at) % items);
    const feeds = { items: history, positions: positionsOf(1), segments: new Int32Array(length), metadata };
    const answer = await evaluator.run(feeds);
    const wanted = answer.scores[next(history.at(-1) ?? 0)];
    if (answer.scores.filter((score) => score > wanted).length < 10) found += 1;
  }
  await Promise.all([evaluator.release(), trainer.release()]);
  // By chance one in forty would be among the first ten.
  expect(found / 40).toBeGreaterThan(0.8);
});
