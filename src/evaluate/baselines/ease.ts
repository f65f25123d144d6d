import { allUsers, type Histories, userCount } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import type { CandidateModel } from '../candidate-model.ts';
import { invertPositive } from './inverse.ts';
import { rankingByScores } from './ranking-by-scores.ts';

/** λ of the paper. */
const ridge = 300;
/** The matrix of 32-bit floats takes 0.9 GB here, and time grows with the third power. */
const mostItems = 15_000;

/**
 * EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"): the linear model B with a zero diagonal
 * that best predicts each item of a user from the others. With G = XᵀX and P = (G + λI)⁻¹, B(i, j) = −P(i, j) / P(j,
 * j).
 */
export const ease: CandidateModel = {
  name: 'ease',
  kind: 'baseline',
  seeded: false,
  async fit({ training, items, progress }) {
    if (items.size > mostItems) {
      return {
        skipped: `${items.size} items are more than the ${mostItems} whose matrix is inverted in reasonable time`,
      };
    }
    const weights = gram(training, items.size);
    await invertPositive(weights, items.size, progress);
    divideByDiagonal(weights, items.size);
    return rankingByScores(items.size, (input, scores) => {
      for (const item of new Set(input.items)) {
        const row = weights.subarray(item * items.size, (item + 1) * items.size);
        for (let other = 0; other < row.length; other++) scores[other] += row[other];
      }
    });
  },
};

/** XᵀX + λI, where X tells who had what. */
function gram(histories: Histories, items: number): Float32Array {
  const { offsets, indices } = userItemMatrix(histories, allUsers(histories), items);
  const sums = new Float32Array(items * items);
  for (let user = 0; user < userCount(histories); user++) {
    const [begin, end] = [offsets[user], offsets[user + 1]];
    for (let n = begin; n < end; n++) {
      const row = indices[n] * items;
      for (let m = begin; m < end; m++) {
        const at = row + indices[m];
        sums[at] += 1;
      }
    }
  }
  for (let item = 0; item < items; item++) sums[item * items + item] += ridge;
  return sums;
}

function divideByDiagonal(matrix: Float32Array, size: number): void {
  const diagonal = Float32Array.from({ length: size }, (_, n) => matrix[n * size + n]);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      matrix[at] = row === column ? 0 : -matrix[at] / diagonal[column];
    }
  }
}
