import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type History, sliceHistory } from '../../histories.ts';
import type { InteractionColumn } from '../../interaction-columns.ts';
import { float32Tensor } from '../../model-content.ts';
import type { Learned } from '../../recipe.ts';
import { constant, gather, input, Scope, serialise, sessionOptions } from '../../tensor/index.ts';
import type { Architecture } from './architecture.ts';
import { columnInputs, emptyColumnFeeds, setAsked, setHappened } from './column-inputs.ts';
import { encode } from './encoder.ts';
import { itemTable } from './item-vectors.ts';
import { gapsOf } from './time-gaps.ts';

/**
 * The encoder for one user as an ONNX graph. Its weights are inputs of the names that they have among the model's tensors, so that
 * one copy of them serves every thread; beside them it reads the vectors of the user's newest items, oldest first, their positions and
 * time gaps, all filled up with zeros, the place of the newest, and what metadata says of the user; it gives `hidden`, the user's vector.
 */
export function forwardGraph(
  architecture: Architecture,
  columns: readonly InteractionColumn[],
  userWidth: number | undefined,
): Uint8Array {
  const { width, length } = architecture;
  const shape = [1, length];
  const hidden = encode(
    Scope.root(0),
    {
      vectors: input('vectors', [1, length, width]),
      positions: input('positions', shape, 'int32'),
      gaps: input('gaps', shape, 'int32'),
      // One user a row: what fills it up comes after all that is asked for, and so is never seen.
      segments: constant(new Int32Array(length), shape),
      columns: columnInputs(columns, shape),
      userFeatures: userWidth === undefined ? undefined : input('userFeatures', [1, 1, userWidth]),
    },
    architecture,
    { dropout: 0, attentionDropout: 0 },
  );
  return serialise({ hidden: gather(hidden, input('last', [1], 'int32')) }, 'inference').bytes;
}

/** The vector of someone with this history, which is not empty, who asks for an interaction with these codes. */
export type Forward = (history: History, asked: Uint8Array) => Promise<Float32Array>;

/** @throws Error naming what the model lacks */
export async function openForward(learned: Learned, width: number): Promise<Forward> {
  const graph = learned.graphs?.encoder;
  if (!graph) throw new Error('The model lacks the graph encoder.');
  const session = await InferenceSession.create(graph, sessionOptions({ threads: 1 }));
  const inputs = session.inputMetadata.map((each) => ({
    name: each.name,
    shape: each.isTensor ? each.shape.map(Number) : [],
  }));
  const length = inputs.find(({ name }) => name === 'positions')?.shape[1] ?? 0;
  const weights = Object.fromEntries(
    inputs
      .filter(({ name }) => learned.tensors[name] !== undefined)
      .map(({ name, shape }) => [name, new Tensor('float32', float32Tensor(learned, name), shape)]),
  );
  const table = float32Tensor(learned, itemTable);
  const columns = learned.columns ?? [];
  const featuresOf = userFeaturesOf(learned, inputs.find(({ name }) => name === 'userFeatures')?.shape[2]);
  return async (history, asked) => {
    const { items, timestamps, codes } = sliceHistory(history, -length);
    const vectors = new Float32Array(length * width);
    const positions = new Int32Array(length);
    const gaps = new Int32Array(length);
    items.forEach((item, n) => {
      vectors.set(table.subarray(item * width, (item + 1) * width), n * width);
      positions[n] = n;
    });
    const coded = emptyColumnFeeds(columns, length);
    setHappened(coded, columns, codes, 0);
    setAsked(coded, columns, asked, items.length - 1);
    gaps.set(gapsOf(timestamps));
    const { hidden } = await session.run({
      ...weights,
      vectors: new Tensor('float32', vectors, [1, length, width]),
      positions: new Tensor('int32', positions, [1, length]),
      gaps: new Tensor('int32', gaps, [1, length]),
      ...Object.fromEntries(
        Object.entries(coded).map(([name, data]) => [name, new Tensor('int32', data, [1, length])]),
      ),
      ...featuresOf(history.user),
      last: new Tensor('int32', Int32Array.of(items.length - 1), [1]),
    });
    if (hidden?.data instanceof Float32Array) return hidden.data;
    throw new Error('The graph encoder gives no vector hidden.');
  };
}

/** Gives what metadata says of a user of the training; of others nothing is known, which is zeros. */
function userFeaturesOf(learned: Learned, width: number | undefined) {
  if (width === undefined) return () => ({});
  const values = learned.tensors.user_features ? float32Tensor(learned, 'user_features') : new Float32Array();
  return (user: number | undefined) => {
    const features = new Float32Array(width);
    if (user !== undefined) features.set(values.subarray(user * width, (user + 1) * width));
    return { userFeatures: new Tensor('float32', features, [1, 1, width]) };
  };
}
