import { constant } from '../../model/model-content.ts';
import type { LearnedModel } from '../../recipes/recipe.ts';
import { type AttributeIndex, attributeTensors } from './attribute-index.ts';
import type { SegmentData } from './segment-features.ts';
import type { UserVectors } from './user-vectors.ts';
import type { SegmentWeights } from './weights.ts';

type Parts = {
  readonly data: SegmentData;
  readonly vectors: UserVectors;
  readonly weights: SegmentWeights;
  readonly attributes?: AttributeIndex | undefined;
  readonly constants: Readonly<Record<string, number>>;
};

/** The whole model: a vector for each user in which the weights are, and what scores begin with. */
export function assembleSegments({ data, vectors, weights, attributes, constants }: Parts): LearnedModel {
  const { itemFactors, factors, itemFeatures, usersByItem, lengths } = data;
  const { width, values } = itemFeatures ?? { width: 0, values: new Float32Array() };
  const items = usersByItem.rows;
  const users = lengths.length;
  const shape = [users, factors + width];
  return {
    tensors: {
      item_factors: { shape: [items, factors], data: itemFactors },
      item_features: { shape: [items, width], data: values },
      user_vectors: { shape, data: weighted(vectors, weights, { users, factors, width }) },
      user_lengths: { shape: [users], data: lengths },
      item_user_offsets: { shape: [items + 1], data: usersByItem.offsets },
      item_users: { shape: [usersByItem.indices.length], data: usersByItem.indices },
      ...(attributes && attributeTensors(attributes)),
    },
    constants: {
      ...constants,
      factors,
      ...Object.fromEntries(Object.entries(weights).map(([name, weight]) => [`${name}_weight`, weight])),
    },
    ...(attributes && { itemColumns: attributes.columns }),
  };
}

/** The weights of a model. @throws Error if it lacks one */
export const weightsOf = (learned: Pick<LearnedModel, 'constants'>): SegmentWeights => {
  const weight = (name: keyof SegmentWeights) => constant(learned, `${name}_weight`);
  return {
    whole: weight('whole'),
    recent: weight('recent'),
    profile: weight('profile'),
    activity: weight('activity'),
    own: weight('own'),
    share: weight('share'),
  };
};

/** Factors of both kinds are products with the same vector of an item: one sum stands for both. */
function weighted(
  { whole, recent, profiles }: UserVectors,
  weights: SegmentWeights,
  { users, factors, width }: { readonly users: number; readonly factors: number; readonly width: number },
): Float32Array {
  const vectors = new Float32Array(users * (factors + width));
  for (let user = 0; user < users; user++) {
    const at = user * (factors + width);
    for (let n = 0; n < factors; n++) {
      const factor = user * factors + n;
      vectors[at + n] = weights.whole * whole[factor] + weights.recent * recent[factor];
    }
    for (let n = 0; profiles && n < width; n++)
      vectors[at + factors + n] = weights.profile * profiles[user * width + n];
  }
  return vectors;
}
