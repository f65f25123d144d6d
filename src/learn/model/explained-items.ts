import { logitsOf } from './extra-scores.ts';
import { type ItemMask, isEligible } from './item-mask.ts';
import type { UserModel, UserQuery } from './item-model.ts';
import type { LogitModelOptions } from './logit-model-options.ts';
import type { ExplainedItem, ExplainedLogits, PartName, PartValues } from './logit-parts.ts';

type Options = Pick<
  LogitModelOptions,
  'ranker' | 'rankedItems' | 'warmItems' | 'coldLogit' | 'vectorOfNew' | 'vectorPart' | 'begin' | 'beginParts'
>;

/** Some items of a model, whose logits are told apart into parts for one user after another. */
export class ExplainedItems {
  readonly #options: Options;
  readonly #count: number;
  /** Those with a logit of the model's own: positions among the items, and rows of the model. */
  readonly #own: { readonly positions: Uint32Array; readonly rows: Uint32Array };
  /** Those that exploration scores. */
  readonly #explored: Uint32Array;
  /** A vector an item, and how much of it comes from the item's metadata as far as that is known. */
  readonly #vectors: Float32Array;
  readonly #described: Float32Array;
  readonly #isDescribed: boolean;

  constructor(
    model: Pick<UserModel, 'items' | 'vectorsOf'>,
    options: Options,
    items: readonly ExplainedItem[],
    eligible?: ItemMask,
  ) {
    this.#options = options;
    this.#count = items.length;
    const indexes = items.map(({ id }) => model.items.indexOf(id));
    const isCold = (n: number) => indexes[n] < 0 || indexes[n] >= options.warmItems;
    const isScored = (index: number) =>
      index >= 0 && index < options.rankedItems && (eligible === undefined || isEligible(eligible, index));
    const isOwn = (n: number) => !items[n].isExplored && isScored(indexes[n]);
    const positions = Uint32Array.from(items.keys());
    const own = positions.filter(isOwn);
    this.#own = { positions: own, rows: own.map((n) => indexes[n]) };
    this.#explored = positions.filter((n) => items[n].isExplored === true);
    this.#vectors = model.vectorsOf(items);
    this.#described = describedParts(this.#vectors, items, isCold, options);
    this.#isDescribed = this.#described.some((value) => value !== 0);
  }

  /** @param vector the user's */
  of(user: UserQuery, vector: Float32Array): Omit<ExplainedLogits, 'logSum'> {
    return { logits: this.#logits(user, vector), parts: this.#parts(user, vector) };
  }

  /** As the model scores them. */
  #logits(user: UserQuery, vector: Float32Array): Float32Array {
    const { ranker, coldLogit, begin } = this.#options;
    const logits = new Float32Array(this.#count).fill(Number.NEGATIVE_INFINITY);
    const query = { vector, begin: (starts: Float32Array) => begin(user, starts) };
    const own = ranker.scores(query, this.#own.rows);
    for (const [n, position] of this.#own.positions.entries()) logits[position] = own[n];
    const explored = logitsOf(vector, { vectors: this.#vectors, rows: this.#explored }, coldLogit);
    for (const [n, position] of this.#explored.entries()) logits[position] = explored[n];
    return logits;
  }

  #parts(user: UserQuery, vector: Float32Array): PartValues {
    const { vectorPart, coldLogit, beginParts } = this.#options;
    const parts = new Map<PartName, Float32Array>();
    const rows = Uint32Array.from({ length: this.#count }, (_, n) => n);
    const products = logitsOf(vector, { vectors: this.#vectors, rows }, 0);
    const described = logitsOf(vector, { vectors: this.#described, rows }, 0);
    parts.set(
      vectorPart,
      products.map((product, n) => product - described[n]),
    );
    if (this.#isDescribed) parts.set('metadata', described);
    const { base, values } = beginParts(user, this.#own.rows);
    for (const [name, ofOwn] of values) parts.set(name, this.#scattered(ofOwn));
    // What exploration begins with takes the place of the item's own popularity.
    const popularity = parts.get('popularity');
    if (popularity) for (const position of this.#explored) popularity[position] = coldLogit - base;
    return parts.set('base', new Float32Array(this.#count).fill(base));
  }

  #scattered(ofOwn: Float32Array): Float32Array {
    const values = new Float32Array(this.#count);
    for (const [n, position] of this.#own.positions.entries()) values[position] = ofOwn[n];
    return values;
  }
}

/**
 * How much of each vector comes from the item's metadata: what the metadata comes to, where it is given, and all of the
 * vector of an item without interactions.
 */
function describedParts(
  vectors: Float32Array,
  items: readonly ExplainedItem[],
  isCold: (n: number) => boolean,
  { vectorOfNew }: Options,
): Float32Array {
  const described = new Float32Array(vectors.length);
  if (!vectorOfNew) return described;
  const width = vectors.length / items.length;
  for (const [n, { metadata }] of items.entries()) {
    if (isCold(n)) described.set(vectors.subarray(n * width, (n + 1) * width), n * width);
    else if (metadata) described.set(vectorOfNew(metadata), n * width);
  }
  return described;
}
