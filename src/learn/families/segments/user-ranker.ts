import { wordBits } from '../../kernels/bits.ts';
import { topK } from '../../kernels/top-k.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import type { ItemMask } from '../../model/item-mask.ts';

/** Users whose vectors lie in one memory, of 4 GiB at most: a whole number of words of a mask. */
const usersABlock = 2 ** 20;

export type UserQuery = {
  readonly vector: Float32Array;
  /** What each user's score begins with. */
  readonly starts: Float32Array;
  readonly count: number;
  readonly eligible?: ItemMask | undefined;
};

/** The users by start + vector · query, exactly: a scan over all of them, in blocks. */
export class UserRanker {
  readonly #blocks: readonly { readonly first: number; readonly last: number; readonly ranker: VectorRanker }[];

  /** @param vectors users × width */
  constructor(vectors: Float32Array, width: number, usersInBlock = usersABlock) {
    const users = vectors.length / width;
    this.#blocks = Array.from({ length: Math.ceil(users / usersInBlock) }, (_, n) => {
      const first = n * usersInBlock;
      const last = Math.min(first + usersInBlock, users);
      return { first, last, ranker: new VectorRanker(vectors.subarray(first * width, last * width), width) };
    });
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#blocks.reduce((sum, { ranker }) => sum + ranker.bytes, 0);
  }

  /** User indexes, best first, ties by lower index. */
  rank({ vector, starts, count, eligible }: UserQuery): Uint32Array {
    const parts = this.#blocks.map(({ first, last, ranker }) => {
      const query = {
        vector,
        begin: (scores: Float32Array) => scores.set(starts.subarray(first, first + scores.length)),
        eligible: eligible?.words.subarray(first / wordBits, Math.ceil(last / wordBits)),
      };
      const [best] = ranker.rank([query], count, { summing: false });
      return { users: best.rows.map((row) => first + row), scores: best.scores };
    });
    const [only] = parts;
    return parts.length === 1 ? only.users : merged(parts, count);
  }
}

type Part = { readonly users: Uint32Array; readonly scores: Float32Array };

/** The best of all parts, whose users ascend from part to part, so that ties stay in order. */
function merged(parts: readonly Part[], count: number): Uint32Array {
  const length = parts.reduce((sum, { users }) => sum + users.length, 0);
  const users = new Uint32Array(length);
  const scores = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    users.set(part.users, at);
    scores.set(part.scores, at);
    at += part.users.length;
  }
  return topK(scores, count).map((n) => users[n]);
}
