import type { ProductRanker } from '../kernels/product-ranker.ts';
import type { VectorRanker } from '../kernels/vector-ranker.ts';
import type { UserQuery } from './item-model.ts';
import type { KnownUsers } from './known-users.ts';
import type { BeginParts, PartName } from './logit-parts.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What differs from one model to another. */
export type LogitModelOptions = {
  readonly items: Vocabulary;
  readonly users: KnownUsers;
  /** Items with a lower index have interactions. */
  readonly warmItems: number;
  /** Items with a lower index are ranked by their logits; the others come last, without a score. */
  readonly rankedItems: number;
  /** Memory of what the model answers from, besides ids. */
  readonly bytes: number;
  /** The items' vectors, one after another. */
  readonly itemVectors: Float32Array;
  /** The vector of an item that came after the training; absent where there is nothing to know it by. */
  readonly vectorOfNew?: ((metadata: ReadonlyMap<string, string>) => Float32Array) | undefined;
  /** The other part of the logit of an item that nobody has had yet. */
  readonly coldLogit: number;
  /** Over the items' vectors. */
  readonly ranker: VectorRanker;
  /** The same where many queries come at once; none where few do. */
  readonly rankerOfMany?: ProductRanker | undefined;
  /** The users' vectors, whose products with the items' are a part of the logits. */
  vectorsOf(users: readonly UserQuery[]): Promise<readonly Float32Array[]> | readonly Float32Array[];
  /** Writes the other part of the logits, one for each item. */
  begin(user: UserQuery, logits: Float32Array): void;
  /** What an explanation calls the products of vectors. */
  readonly vectorPart: Extract<PartName, 'encoder' | 'factors'>;
  /** What the other part is the sum of, for the items of these rows. */
  beginParts(user: UserQuery, rows: Uint32Array): BeginParts;
};
