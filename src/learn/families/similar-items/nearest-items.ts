import { VectorRanker } from '../../kernels/vector-ranker.ts';
import type { Relations } from './relations.ts';

/** Items with most interactions, among which an item is given more by its vector than its signals know. */
const bestKnown = 16_384;

/** Finds items by their vectors, among those with most interactions. */
export class NearestItems {
  readonly #relations: Relations;
  readonly #known: number;
  readonly #ranker: VectorRanker;

  constructor(relations: Relations) {
    const { counts, vectors } = relations;
    this.#relations = relations;
    this.#known = Math.min(bestKnown, counts.filter((count) => count > 0).length);
    this.#ranker = new VectorRanker(vectors.values.subarray(0, this.#known * vectors.width), vectors.width);
  }

  vectorOf(item: number): Float32Array {
    const { width, values } = this.#relations.vectors;
    return values.subarray(item * width, (item + 1) * width);
  }

  /** The `most` of the greatest products plus `popularity` times how popular they are, best first. */
  find(vector: Float32Array, popularity: number, most: number): Uint32Array {
    const { popularities } = this.#relations;
    const begin = (starts: Float32Array) => {
      for (let other = 0; other < this.#known; other++) starts[other] = popularity * popularities[other];
    };
    const [{ rows }] = this.#ranker.rank([{ vector, begin }], most, { summing: false });
    return rows;
  }
}
