import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sliceHistory } from '../../../histories/histories.ts';
import type { UserQuery } from '../../../model/item-model.ts';
import { float32Tensor } from '../../../model/model-content.ts';
import type { LearnedModel } from '../../../recipes/recipe.ts';
import { sessionOptions } from '../../../tensor/index.ts';
import { emptyColumnFeeds, setCondition, setHappened } from './column-inputs.ts';
import { itemTable } from './item-vectors.ts';
import { gapsOf } from './time-gaps.ts';

/** A graph of the encoder, ready to run. */
export type EncoderSession = {
  /** Most users of a run. */
  readonly rows: number;
  /** Their vectors. Inputs are written where those of the run before lay, so it must have ended. */
  run(queries: readonly UserQuery[]): Promise<Float32Array[]>;
};

/** @throws Error naming what the model lacks */
export async function openEncoder(learned: LearnedModel, name: string, width: number): Promise<EncoderSession> {
  const graph = learned.graphs?.[name];
  if (!graph) throw new Error(`The model lacks the graph ${name}.`);
  const session = await InferenceSession.create(graph, sessionOptions({ threads: 1 }));
  const inputs = session.inputMetadata.map((each) => ({
    name: each.name,
    shape: each.isTensor ? each.shape.map(Number) : [],
  }));
  const positions = inputs.find((each) => each.name === 'positions');
  if (!positions) throw new Error(`The graph ${name} has no input positions.`);
  const [rows, length] = positions.shape;
  const weights = inputs
    .filter((each) => learned.tensors[each.name] !== undefined)
    .map((each) => [each.name, new Tensor('float32', float32Tensor(learned, each.name), each.shape)]);
  const table = float32Tensor(learned, itemTable);
  const columns = learned.columns ?? [];
  const features = userFeaturesOf(learned, rows, inputs.find((each) => each.name === 'userFeatures')?.shape[2]);
  const integers = {
    positions: new Int32Array(rows * length),
    gaps: new Int32Array(rows * length),
    ...emptyColumnFeeds(columns, rows * length),
  };
  const vectors = new Float32Array(rows * length * width);
  const last = new Int32Array(rows);
  const feeds: Record<string, Tensor> = {
    ...Object.fromEntries(weights),
    ...Object.fromEntries(
      Object.entries(integers).map(([each, data]) => [each, new Tensor('int32', data, [rows, length])]),
    ),
    ...(features && { userFeatures: features.input }),
    vectors: new Tensor('float32', vectors, [rows, length, width]),
    last: new Tensor('int32', last, [rows]),
  };

  function write({ history, condition }: UserQuery, row: number): void {
    const { items, timestamps, codes } = sliceHistory(history, -length);
    const begin = row * length;
    items.forEach((item, n) => {
      // A loop: a view of so few numbers costs more than to copy them.
      for (let from = item * width, to = (begin + n) * width, end = from + width; from < end; from++, to++) {
        vectors[to] = table[from];
      }
      integers.positions[begin + n] = n;
    });
    integers.gaps.set(gapsOf(timestamps), begin);
    setHappened(integers, columns, codes, begin);
    last[row] = begin + items.length - 1;
    setCondition(integers, columns, condition, begin + items.length - 1);
    features?.write(history.user, row);
  }

  return {
    rows,
    async run(queries) {
      vectors.fill(0);
      for (const each of Object.values(integers)) each.fill(0);
      queries.forEach(write);
      const { hidden } = await session.run(feeds);
      const data = hidden?.data;
      if (!(data instanceof Float32Array)) throw new Error(`The graph ${name} gives no vectors hidden.`);
      return queries.map((_, row) => data.slice(row * width, (row + 1) * width));
    },
  };
}

/**
 * What metadata says of users of the training, for `rows` of them at a time; of others nothing is known, which is
 * zeros.
 */
function userFeaturesOf(learned: LearnedModel, rows: number, width: number | undefined) {
  if (width === undefined) return undefined;
  const values = learned.tensors.user_features ? float32Tensor(learned, 'user_features') : new Float32Array();
  const batch = new Float32Array(rows * width);
  return {
    input: new Tensor('float32', batch, [rows, 1, width]),
    write(user: number | undefined, row: number): void {
      batch.fill(0, row * width, (row + 1) * width);
      if (user !== undefined) batch.set(values.subarray(user * width, (user + 1) * width), row * width);
    },
  };
}
