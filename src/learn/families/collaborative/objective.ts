import type { AlsObjective } from '../../kernels/als-problem.ts';
import type { Csr } from '../../kernels/csr.ts';
import { constant } from '../../model/model-content.ts';
import type { LearnedModel } from '../../recipes/recipe.ts';

/**
 * All that a user did not interact with weighs together so many times what the user did: 14 to 20 in Rendle et al.
 * 2022.
 */
const unobservedWeight = 16;
const regularizationScale = 0.01;

/**
 * How iALS weighs what was not seen and how much it regularises, for data of this size and density; the API has no
 * parameter for either. The noise of a matrix of `n` ones a row and `m` a column has singular values up to about √n +
 * √m (Marchenko and Pastur 1967), and factors whose singular values do not exceed the regularisation's vanish; so it
 * grows as they do. With λ_u = reg·(n + alpha·items) that makes reg ∝ 1/√n + 1/√m. The two constants were chosen on
 * data from 2 to 165 interactions a row or column (docs/accuracy.md).
 */
export function objectiveFor({ rows, columns, indices }: Csr): AlsObjective {
  const byUser = indices.length / Math.max(rows, 1);
  const byItem = indices.length / Math.max(columns, 1);
  return {
    alpha: (unobservedWeight * byUser) / columns,
    regularization: regularizationScale * (1 / Math.sqrt(byUser) + 1 / Math.sqrt(byItem)),
    frequencyExponent: 1,
  };
}

/** As a model keeps it. */
export const objectiveConstants = ({ alpha, regularization }: AlsObjective) => ({ alpha, regularization });

export const objectiveOf = (learned: Pick<LearnedModel, 'constants'>): AlsObjective => ({
  alpha: constant(learned, 'alpha'),
  regularization: constant(learned, 'regularization'),
  frequencyExponent: 1,
});

/** Passes over users and items from a random beginning, and those that suffice to take in more users. */
export const iterations = { fromScratch: 8, warm: 2 };
