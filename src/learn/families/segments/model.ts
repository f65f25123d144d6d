import type { Csr } from '../../kernels/csr.ts';
import { constant, float32Tensor, uint32Tensor } from '../../model/model-content.ts';
import {
  type SegmentKey,
  type SegmentModel,
  type SegmentQuery,
  SegmentSubjectError,
} from '../../model/segment-model.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import type { LearnedModel, ModelContent } from '../../recipes/recipe.ts';
import { weightsOf } from './assemble-segments.ts';
import { attributesOf, everyAttribute, itemsWith } from './attribute-index.ts';
import { countFeatures, ownCounts, type SegmentData, segmentVector, singleItems } from './segment-features.ts';
import { UserRanker } from './user-ranker.ts';
import type { SegmentWeights } from './weights.ts';

/** What is different about the segments of a recipe. */
type Subjects = Pick<SegmentModel, 'key' | 'itemsOf' | 'measuredSegments'>;

export function openItemSegments(content: ModelContent): SegmentModel {
  const { items } = content;
  return new Segments(content, ({ usersByItem }) => ({
    key: 'itemId',
    itemsOf(itemId) {
      const item = items.indexOf(itemId);
      if (item >= 0) return Uint32Array.of(item);
      throw new SegmentSubjectError(`Item ${itemId} is not in the training data.`);
    },
    measuredSegments: () =>
      singleItems(items.size).filter(([item]) => usersByItem.offsets[item + 1] > usersByItem.offsets[item]),
  }));
}

export function openAttributeSegments(content: ModelContent): SegmentModel {
  const attributes = attributesOf(content.learned);
  return new Segments(content, () => ({
    key: 'itemAttributes',
    itemsOf: (expression) => itemsWith(attributes, expression),
    measuredSegments: () => everyAttribute(attributes),
  }));
}

/** Users by a scan over all of them: vectors, activity, and what each had of the items. */
class Segments implements SegmentModel {
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  readonly #data: SegmentData;
  readonly #weights: SegmentWeights;
  readonly #ranker: UserRanker;
  /** What scores begin with for users who had nothing of a segment. */
  readonly #activity: Float32Array;
  readonly #subjects: Subjects;

  constructor({ items, users = Vocabulary.of([]), learned }: ModelContent, subjects: (data: SegmentData) => Subjects) {
    this.items = items;
    this.users = users;
    this.#data = dataOf(learned, items.size);
    this.#weights = weightsOf(learned);
    const { factors, itemFeatures, lengths } = this.#data;
    this.#ranker = new UserRanker(float32Tensor(learned, 'user_vectors'), factors + (itemFeatures?.width ?? 0));
    this.#activity = Float32Array.from(lengths, (length) => this.#start(length, 0));
    this.#subjects = subjects(this.#data);
  }

  get bytes(): number {
    const { itemFactors, itemFeatures, usersByItem, lengths } = this.#data;
    const held = [itemFactors, itemFeatures?.values, usersByItem.offsets, usersByItem.indices, lengths, this.#activity];
    const arrays = held.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
    return arrays + this.#ranker.bytes + this.items.bytes + this.users.bytes;
  }

  get key(): SegmentKey {
    return this.#subjects.key;
  }

  itemsOf(subject: string): Uint32Array {
    return this.#subjects.itemsOf(subject);
  }

  measuredSegments(): readonly Uint32Array[] {
    return this.#subjects.measuredSegments();
  }

  async segment({ items, count, eligible }: SegmentQuery): Promise<Uint32Array> {
    if (items.length === 0) return new Uint32Array();
    const { factors, features } = segmentVector(this.#data, items);
    const vector = new Float32Array(factors.length + features.length);
    vector.set(factors);
    vector.set(features, factors.length);
    return this.#ranker.rank({ vector, starts: this.#starts(items), count, eligible });
  }

  #starts(items: Uint32Array): Float32Array {
    const { own, share } = this.#weights;
    if (own === 0 && share === 0) return this.#activity;
    const starts = this.#activity.slice();
    const counts = ownCounts(this.#data.usersByItem, items);
    for (let user = 0; user < counts.length; user++) {
      if (counts[user] > 0) starts[user] = this.#start(this.#data.lengths[user], counts[user]);
    }
    return starts;
  }

  #start(length: number, had: number): number {
    const { activity, own, share } = this.#weights;
    const [ofActivity, ofOwn, ofShare] = countFeatures(length, had);
    return activity * ofActivity + own * ofOwn + share * ofShare;
  }
}

function dataOf(learned: LearnedModel, items: number): SegmentData {
  const factors = constant(learned, 'factors');
  const values = float32Tensor(learned, 'item_features');
  const lengths = uint32Tensor(learned, 'user_lengths');
  const usersByItem: Csr = {
    rows: items,
    columns: lengths.length,
    offsets: uint32Tensor(learned, 'item_user_offsets'),
    indices: uint32Tensor(learned, 'item_users'),
  };
  return {
    itemFactors: float32Tensor(learned, 'item_factors'),
    factors,
    itemFeatures: { width: values.length / Math.max(items, 1), values },
    usersByItem,
    itemUserCounts: learned.tensors.item_user_counts && uint32Tensor(learned, 'item_user_counts'),
    lengths,
  };
}
