import type { AlsObjective } from '../../kernels/als-problem.ts';

/**
 * How iALS weighs what was not seen, and how much it regularises. The API has no parameter for either; chosen on MovieLens
 * (docs/accuracy.md), where ranks from 32 to 149 agree on them.
 */
export const objective: AlsObjective = { alpha: 0.3, regularization: 0.01, frequencyExponent: 1 };

/** Passes over users and items from a random beginning, and those that suffice to take in more users. */
export const iterations = { fromScratch: 8, goingOn: 2 };
