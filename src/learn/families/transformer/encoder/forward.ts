import type { InteractionColumn } from '../../../histories/interaction-columns.ts';
import type { UserQuery } from '../../../model/item-model.ts';
import type { LearnedModel } from '../../../recipes/recipe.ts';
import { constant, input, Scope, serialise } from '../../../tensor/index.ts';
import type { Architecture } from './architecture.ts';
import { columnInputs } from './column-inputs.ts';
import { encode } from './encoder.ts';
import { openEncoder } from './encoder-session.ts';

/** Users of the graph for many: more take no less time each. */
const many = 8;

/** The encoder as ONNX graphs: for one user, and for eight at once. */
export const forwardGraphs = (
  architecture: Architecture,
  columns: readonly InteractionColumn[],
  userWidth: number | undefined,
) => ({
  encoder: forwardGraph(architecture, columns, userWidth, 1),
  encoder_of_many: forwardGraph(architecture, columns, userWidth, many),
});

/**
 * The encoder for `rows` users. Its weights are inputs of the names that they have among the model's tensors, so that
 * one copy of them serves every thread; beside them it reads, a row a user, the vectors of the user's newest items,
 * oldest first, their positions and time gaps, all filled up with zeros, what metadata says of the user, and the
 * positions of the newest among all rows; it gives `hidden`, the users' vectors.
 */
function forwardGraph(
  architecture: Architecture,
  columns: readonly InteractionColumn[],
  userWidth: number | undefined,
  rows: number,
): Uint8Array {
  const { width, length } = architecture;
  const shape = [rows, length];
  const hidden = encode(
    Scope.root(0),
    {
      vectors: input('vectors', [rows, length, width]),
      positions: input('positions', shape, 'int32'),
      gaps: input('gaps', shape, 'int32'),
      // One user a row: what fills it up comes after all that is asked for, and so is never seen.
      segments: constant(new Int32Array(rows * length), shape),
      columns: columnInputs(columns, shape),
      last: input('last', [rows], 'int32'),
      userFeatures: userWidth === undefined ? undefined : input('userFeatures', [rows, 1, userWidth]),
    },
    architecture,
    { dropout: 0, attentionDropout: 0 },
  );
  return serialise({ hidden }, 'inference').bytes;
}

/** The vectors of these askers, whose histories are not empty. */
export type Forward = (queries: readonly UserQuery[]) => Promise<readonly Float32Array[]>;

/**
 * @param alwaysMany whether the graph for many runs for few, too, so that a vector does not depend on how many are
 *   asked for: the two add up in different orders
 * @throws Error naming what the model lacks
 */
export async function openForward(learned: LearnedModel, width: number, alwaysMany = false): Promise<Forward> {
  const one = await openEncoder(learned, 'encoder', width);
  const several = learned.graphs?.encoder_of_many ? await openEncoder(learned, 'encoder_of_many', width) : one;
  async function encodeAll(queries: readonly UserQuery[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    while (vectors.length < queries.length) {
      const left = queries.slice(vectors.length);
      // A run of the graph for many takes as long with fewer users.
      const encoder = alwaysMany || 2 * left.length > several.rows ? several : one;
      vectors.push(...(await encoder.run(left.slice(0, encoder.rows))));
    }
    return vectors;
  }
  // One after the other, for a run's inputs lie where those of the run before lay.
  let previousRun: Promise<unknown> = Promise.resolve();
  return (queries) => {
    const vectors = previousRun.then(() => encodeAll(queries));
    previousRun = vectors.catch(() => {}); // the caller gets the error
    return vectors;
  };
}
