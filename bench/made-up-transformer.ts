import { InferenceSession } from 'onnxruntime-node';
import { forwardGraphs } from '../src/learn/families/transformer/encoder/forward.ts';
import type { History } from '../src/learn/histories/histories.ts';
import { normals, uniforms } from '../src/learn/kernels/random.ts';
import { float64Tensor, uint32Tensor } from '../src/learn/model/model-content.ts';
import type { LearnedModel, Tensor } from '../src/learn/recipes/recipe.ts';

export type MadeUp = {
  readonly items: number;
  readonly users: number;
  readonly history: number;
  /** The share of item-item signals that there are of an item; all unless given. */
  readonly signals?: number;
};

export const width = 64;
const architecture = { width, blocks: 2, heads: 2, length: 50 };
/** Evidence of an item: as many neighbours as a model keeps, and some followers. */
const all = { neighbours: 150, companions: 200, transitions: 30 };

/**
 * What aws-user-personalization-v2 would have learned of data of this size, in random numbers: they take as long to
 * compute with.
 */
export async function madeUpTransformer({ items, users, history, signals = 1 }: MadeUp): Promise<LearnedModel> {
  const graphs = forwardGraphs(architecture, [], undefined);
  const normal = normals(0.1, 1);
  const random = uniforms(2);
  const floats = (shape: readonly number[], draw: () => number = normal): Tensor => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, draw),
  });
  const perItem = (kind: keyof typeof all) => Math.round(signals * all[kind]);
  const item = () => Math.floor(items * random());
  const rows = (kind: keyof typeof all) => ({
    [`${kind}_offsets`]: {
      shape: [items + 1],
      data: Uint32Array.from({ length: items + 1 }, (_, row) => row * perItem(kind)),
    },
    [`${kind}_items`]: {
      shape: [items * perItem(kind)],
      data: Uint32Array.from({ length: items * perItem(kind) }, item),
    },
    [`${kind}_values`]: floats([items * perItem(kind)], random),
  });
  return {
    tensors: {
      ...Object.fromEntries(await weightsOf(graphs.encoder, floats)),
      'items.table': floats([items, architecture.width]),
      ...rows('transitions'),
      ...rows('companions'),
      ...rows('neighbours'),
      log_popularity: floats([items], () => Math.log(random())),
      log_popularity_unknown_user: floats([items], () => Math.log(random())),
      history_offsets: { shape: [users + 1], data: Uint32Array.from({ length: users + 1 }, (_, n) => n * history) },
      history_items: { shape: [users * history], data: Uint32Array.from({ length: users * history }, item) },
      history_times: {
        shape: [users * history],
        data: Float64Array.from({ length: users * history }, (_, n) => n * 60),
      },
    },
    constants: {
      encoder_weight: 1,
      transitions_weight: 0.2,
      companions_weight: 0.2,
      neighbours_weight: 0.4,
      popularity_weight: 0.2,
      interacted_items: items,
    },
    graphs,
  };
}

/** What the model knows of a user. */
export function madeUpHistory(learned: LearnedModel, user: number): History {
  const [begin, end] = uint32Tensor(learned, 'history_offsets').subarray(user, user + 2);
  return {
    items: uint32Tensor(learned, 'history_items').subarray(begin, end),
    timestamps: float64Tensor(learned, 'history_times').subarray(begin, end),
    codes: [],
  };
}

/** The encoder's weights are those inputs whose names have a point. */
async function weightsOf(graph: Uint8Array, floats: (shape: readonly number[]) => Tensor) {
  const session = await InferenceSession.create(graph);
  return session.inputMetadata.flatMap((input) =>
    input.isTensor && input.name.includes('.') ? [[input.name, floats(input.shape.map(Number))] as const] : [],
  );
}
