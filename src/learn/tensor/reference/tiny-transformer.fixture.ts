import {
  adam,
  add,
  causalMask,
  constantRate,
  dropout,
  embedding,
  type Feeds,
  fullSoftmax,
  gather,
  input,
  layerNorm,
  matmul,
  multiply,
  reshape,
  Scope,
  slice,
  Trainer,
  transformerBlock,
  type Value,
} from '../index.ts';
import { uniforms } from '../random.ts';

export const [rows, length, items, width] = [8, 6, 12, 16];

/** What a causal transformer makes of items [rows, length]: [rows, length, width]. */
function encode(scope: Scope, ids: Value): Value {
  const table = embedding(scope.in('items'), { rows: items, width });
  const [batch = 0] = ids.shape;
  const positions = scope.parameter('positions', [length, width], () => () => 0.01);
  const mask = causalMask(input('segments', [batch, length], 'int32'));
  const x = dropout(add(multiply(gather(table, ids), Math.sqrt(width)), positions), 0.1);
  const options = { attention: { heads: 2, mask, dropout: 0.1 }, feedForward: { width: 32 }, dropout: 0.1 };
  return layerNorm(scope.in('last'), transformerBlock(scope.in('block'), x, options));
}

export async function tinyTransformer(seed: number, threads = 1): Promise<{ trainer: Trainer; scores: Value }> {
  const scope = Scope.root(seed);
  const hidden = reshape(encode(scope, input('items', [rows, length], 'int32')), [-1, width]);
  const table = embedding(scope.in('items'), { rows: items, width });
  const targets = input('targets', [rows * length], 'int32');
  const loss = fullSoftmax({ hidden, table, targets, weights: input('weights', [rows * length]) });
  const trainer = await Trainer.create({
    scope,
    loss,
    optimiser: adam(),
    rate: constantRate(5e-3),
    clipNorm: 5,
    execution: { threads },
  });
  const last = slice(encode(scope, input('items', [1, length], 'int32')), 1, length - 1);
  return { trainer, scores: matmul(reshape(last, [1, width]), table, { transposeB: true }) };
}

/** Who was at a and b before goes to (a + 2b) mod 12 next: neither alone determines it. */
export const next = (a: number, b: number) => (a + 2 * b) % items;

export function batch(seed: number): Feeds {
  const random = uniforms(seed);
  const ids = new Int32Array(rows * length);
  const targets = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    let [a, b] = [Math.floor(random() * items), Math.floor(random() * items)];
    for (let at = row * length; at < (row + 1) * length; at++) {
      ids[at] = a;
      targets[at] = b;
      [a, b] = [b, next(a, b)];
    }
  }
  const weights = Float32Array.from(ids, (_, at) => (at % length === 0 ? 0 : 1));
  return { items: ids, targets, weights, segments: new Int32Array(rows * length) };
}
