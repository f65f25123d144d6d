import type { CandidateModel } from '../candidate-model.ts';
import { ease } from './ease.ts';
import { itemKnn } from './item-knn.ts';
import { markov } from './markov.ts';
import { popularity } from './popularity.ts';

/** What a model should surpass before it is called one. */
export const baselines: readonly CandidateModel[] = [popularity, itemKnn, ease, markov];
