import { expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { maskWhere } from '../../model/item-mask.ts';
import { UserRanker } from './user-ranker.ts';

it('ranks all users alike, in one block or several, with a mask or without', () => {
  const [users, width] = [1000, 8];
  const random = uniforms(3);
  // Few different values, so that there are ties.
  const vectors = Float32Array.from({ length: users * width }, () => Math.floor(4 * random()));
  const starts = Float32Array.from({ length: users }, () => Math.floor(3 * random()));
  const vector = Float32Array.from({ length: width }, () => Math.floor(3 * random()));
  const scores = Array.from(starts, (start, user) =>
    vector.reduce((sum, value, n) => sum + value * (vectors[user * width + n] ?? 0), start),
  );
  const expected = (isWanted: (user: number) => boolean) =>
    [...scores.keys()].filter(isWanted).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const rankers = [new UserRanker(vectors, width), new UserRanker(vectors, width, 192)];
  for (const ranker of rankers) {
    for (const count of [1, 10, 250, users]) {
      expect([...ranker.rank({ vector, starts, count })]).toEqual(expected(() => true).slice(0, count));
      const isWanted = (user: number) => user % 7 < 3;
      const eligible = maskWhere(users, isWanted);
      expect([...ranker.rank({ vector, starts, count, eligible })]).toEqual(expected(isWanted).slice(0, count));
    }
  }
});
