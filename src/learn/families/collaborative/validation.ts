import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type Histories, selectUsers } from '../../histories/histories.ts';
import { FoldIn, type FoldInOptions } from '../../kernels/fold-in.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import { type Query, queryOf } from '../../metrics/split.ts';
import { type Blend, fitBlend, type Observation } from '../blend/blend.ts';
import { halfLives, logPopularity } from '../popularity/popularity.ts';
import { userFactors } from './user-factors.ts';

/** More users than this change the two coefficients little and cost much … */
const mostUsers = 256;
/** … and where there are many items, fewer do, since each is compared with all items: scores in all. */
const mostScores = 4_000_000;

type Validation = {
  readonly histories: Histories;
  /** The users that the factors were learned from, and others. */
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  readonly itemCount: number;
  readonly steps: number;
  /** Whether popularity may fade. */
  readonly recency: boolean;
};

/**
 * The blend of factors and popularity, and the half-life of popularity, under which the validation users' newest items
 * are most probable.
 */
export async function chooseBlend(
  { histories, training, validation, itemCount, steps, recency }: Validation,
  model: FoldInOptions,
): Promise<Readonly<Record<string, number>>> {
  const trained = selectUsers(histories, training);
  const foldIn = new FoldIn(model);
  const ranker = new VectorRanker(model.itemFactors, model.factors, false);
  const users = Math.min(mostUsers, Math.ceil(mostScores / itemCount));
  const choices = Array.from(validation.subarray(0, users), (user) => queryOf(histories, user))
    .map((query) => choiceOf(query, ranker.products(userFactors(foldIn, query.input.items, steps))))
    .filter(({ chosen }) => chosen.length > 0);
  let best: (Blend & { readonly halfLife: number }) | undefined;
  for (const halfLife of recency ? halfLives : halfLives.slice(0, 1)) {
    const prior = logPopularity(trained, itemCount, halfLife);
    const fit = {
      halfLife,
      ...fitBlend(
        choices.map((choice) => observe(choice, prior)),
        best?.weights ?? [1, 1],
      ),
    };
    if (best === undefined || fit.logLikelihood > best.logLikelihood) best = fit;
    await letOthersRun();
  }
  const [factors, popularity] = best?.weights ?? [];
  if (best === undefined || factors === undefined || popularity === undefined) {
    throw new Error('There is no half-life to choose from.');
  }
  return {
    factors_weight: factors,
    popularity_weight: popularity,
    ...(Number.isFinite(best.halfLife) && { half_life_days: best.halfLife }),
  };
}

/**
 * The items that the input lacks, which are those that rankings have, with their scores; and which of them the user
 * chose, by position.
 */
function choiceOf({ input, truth }: Query, scores: Float32Array) {
  const known = new Set(input.items);
  const candidates = Uint32Array.from(scores.keys()).filter((item) => !known.has(item));
  const chosen = Array.from(candidates.keys()).filter((position) => truth.has(candidates[position]));
  return { candidates, chosen, scores };
}

/** Factors and popularity as the two features of a choice. */
function observe({ candidates, chosen, scores }: ReturnType<typeof choiceOf>, prior: Float32Array): Observation {
  const values = new Float32Array(2 * candidates.length);
  candidates.forEach((item, n) => {
    values[2 * n] = scores[item];
    values[2 * n + 1] = prior[item];
  });
  return { values, chosen };
}
