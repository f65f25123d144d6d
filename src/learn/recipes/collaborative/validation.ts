import { queryOf } from '../../evaluation/split.ts';
import { type Histories, selectUsers } from '../../histories.ts';
import { FactorScorer, type FactorScorerOptions } from '../../kernels/factor-scorer.ts';
import { fitBlend, type Observation } from './blend.ts';
import { foldIn } from './fold-in.ts';
import { logPopularity } from './popularity.ts';

/** More users than this change the two coefficients little and cost much … */
const mostUsers = 256;
/** … and where there are many items, fewer do, since each is compared with all items: scores in all. */
const mostScores = 16_000_000;
/** How fast popularity may fade, in days; Infinity, all-time popularity, is always among the choices. */
const halfLives = [Number.POSITIVE_INFINITY, 365, 90, 30, 7];

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

/** The blend of factors and popularity, and the half-life of popularity, under which the validation users' newest items are most probable. */
export function chooseBlend(
  { histories, training, validation, itemCount, steps, recency }: Validation,
  model: FactorScorerOptions,
): Readonly<Record<string, number>> {
  const trained = selectUsers(histories, training);
  const scorer = new FactorScorer(model);
  const users = Math.min(mostUsers, Math.ceil(mostScores / itemCount));
  const queries = Array.from(validation.subarray(0, users), (user) => queryOf(histories, user));
  const all = queries.map(({ input }) => foldIn(scorer, input.items, steps));
  const fits = (recency ? halfLives : halfLives.slice(0, 1)).map((halfLife) => {
    const prior = logPopularity(trained, itemCount, halfLife);
    const observations = queries.flatMap(({ input, truth }, n) =>
      observe(all[n] ?? new Float32Array(), prior, new Set(input.items), truth),
    );
    return { halfLife, ...fitBlend(observations) };
  });
  const best = fits.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  return {
    factors_weight: best.factors,
    popularity_weight: best.prior,
    ...(Number.isFinite(best.halfLife) && { half_life_days: best.halfLife }),
  };
}

/** Nothing, if all that the user chose is in the input, which rankings leave out. */
function observe(
  scores: Float32Array,
  prior: Float32Array,
  input: ReadonlySet<number>,
  truth: ReadonlySet<number>,
): Observation[] {
  const candidates = Uint32Array.from({ length: scores.length }, (_, item) => item).filter((item) => !input.has(item));
  const chosen: number[] = [];
  candidates.forEach((item, position) => {
    if (truth.has(item)) chosen.push(position);
  });
  if (chosen.length === 0) return [];
  const pick = (values: Float32Array) => Float32Array.from(candidates, (item) => values[item] ?? 0);
  return [{ scores: pick(scores), prior: pick(prior), chosen }];
}
