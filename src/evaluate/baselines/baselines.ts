import type { CandidateModel } from '../candidate-model.ts';
import { basketCounts, bestSellers, coOccurrence } from './co-occurrence.ts';
import { ease } from './ease.ts';
import { itemKnn } from './item-knn.ts';
import { markov } from './markov.ts';
import { popularity } from './popularity.ts';

/** What a model should surpass before it is called one. */
export const baselines: readonly CandidateModel[] = [popularity, itemKnn, ease, markov];

/** The same for what goes with an item. */
export const relatedBaselines: readonly CandidateModel[] = [popularity, coOccurrence, itemKnn, ease, markov];

/** The same for what goes together in a basket. */
export const basketBaselines: readonly CandidateModel[] = [bestSellers, basketCounts, coOccurrence, itemKnn];
