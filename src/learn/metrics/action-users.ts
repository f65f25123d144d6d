import assert from 'node:assert/strict';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ReportFraction } from '../../util/progress.ts';
import { type ActionData, selectActionUsers, sliceEvents } from '../histories/action-data.ts';
import { type Exposures, exposuresOf } from '../histories/exposures.ts';
import { historyBefore, selectUsers } from '../histories/histories.ts';
import type { ActionModel } from '../model/action-model.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import type { EvaluationPlan, EvaluationTask } from './evaluation.ts';
import { deepest, normalizedDiscountedCumulativeGain, outcomeOf, type RankingOutcome, round } from './metrics.ts';
import { inputLength, splitUsers } from './split.ts';

/** What GetActionRecommendations answers unless it is asked for more: these are recommended. */
const usualCount = 5;
const mostUsers = 20_000;
const day = 86_400;

/**
 * Measures on one in ten of the users who were shown actions: by what came of the newest tenth of what they were shown,
 * each predicted from what was known before (spec training.md §9.1).
 */
export function heldOutActions(task: EvaluationTask): EvaluationPlan<ActionModel> {
  const { histories, seed, parameters, actions: data } = task;
  assert(data, 'the training set of a recipe of actions has actions');
  const periodSeconds = day * parameters.number('action_optimization_period');
  const exposures = exposuresOf(data.histories, data.actions.size, periodSeconds);
  const rows = rowsByUser(exposures, data.histories.starts.length);
  const { training, heldOut } = splitUsers(rows, Uint32Array.from(rows.starts.keys()), seed);
  const isWhole = heldOut.length === 0;
  return {
    users: training,
    histories: isWhole ? histories : selectUsers(histories, training),
    actions: isWhole ? data : selectActionUsers(data, training),
    sentence: `metrics are those of ${heldOut.length} held-out users, by the newest tenth of what each was shown`,
    measure: (model, progress) =>
      measureActions(model, { ...task, data, exposures, rows, heldOut: heldOut.subarray(0, mostUsers) }, progress),
  };
}

type MeasuredUsers = Pick<EvaluationTask, 'histories' | 'userFeatures'> & {
  readonly data: ActionData;
  readonly exposures: Exposures;
  /** Those of each user. */
  readonly rows: UserRows;
  readonly heldOut: Uint32Array;
};

type UserRows = { readonly starts: Uint32Array; readonly ends: Uint32Array };

async function measureActions(
  model: ActionModel,
  task: MeasuredUsers,
  progress: ReportFraction,
): Promise<Record<string, number>> {
  const { exposures, rows, heldOut, data } = task;
  const scores: number[] = [];
  const happened: number[] = [];
  const outcomes: RankingOutcome[] = [];
  const counts = new ActionCounts(data.actions.size);
  for (const [n, user] of heldOut.entries()) {
    const first = rows.starts[user] + inputLength(rows, user);
    const taken = new Set<number>();
    for (let row = first; row < rows.ends[user]; row++) {
      const action = exposures.actions[row];
      if (exposures.isTaken[row] === 1) taken.add(action);
      if (model.isScored[action] === 0) continue;
      scores.push(chancesAt(model, task, user, row)[action]);
      happened.push(exposures.isTaken[row]);
    }
    const ranking = ranked(chancesAt(model, task, user, first), model.isScored);
    counts.add(ranking, taken);
    if (taken.size > 0) outcomes.push(outcomeOf(ranking, taken));
    progress((n + 1) / heldOut.length);
    await letOthersRun();
  }
  const ndcg = (k: number) =>
    round(
      outcomes.reduce((sum, outcome) => sum + normalizedDiscountedCumulativeGain(outcome, k), 0) /
        Math.max(outcomes.length, 1),
    );
  return {
    area_under_curve: round(areaUnderCurve(Float64Array.from(scores), Uint8Array.from(happened))),
    coverage: round(counts.coverage),
    normalized_discounted_cumulative_gain_at_10: ndcg(10),
    normalized_discounted_cumulative_gain_at_25: ndcg(25),
    normalized_discounted_cumulative_gain_at_5: ndcg(5),
    precision: round(counts.precision),
    recall: round(counts.recall),
  };
}

/** The chances of all actions as they were known just before an exposure. */
function chancesAt(
  model: ActionModel,
  { histories, userFeatures, data, exposures }: MeasuredUsers,
  user: number,
  row: number,
): Float32Array {
  const now = exposures.timestamps[row];
  const { width = 0, values } = userFeatures ?? {};
  return model.propensities({
    itemSums: model.itemSums(historyBefore(histories, user, now)),
    features: values?.subarray(user * width, (user + 1) * width),
    events: sliceEvents(data.histories, data.histories.starts[user], exposures.events[row]),
    now,
  });
}

/** Actions that have a score, best first: no more than the metrics look at. */
const ranked = (chances: Float32Array, isScored: Uint8Array): Uint32Array =>
  Uint32Array.from(isScored.keys())
    .filter((action) => isScored[action] === 1)
    .sort((a, b) => chances[b] - chances[a] || a - b)
    .slice(0, deepest);

/** Of each action: the users to whom it was recommended, who took it, and both. */
class ActionCounts {
  readonly #recommended: Uint32Array;
  readonly #taken: Uint32Array;
  readonly #both: Uint32Array;
  readonly #listed: Uint8Array;

  constructor(actions: number) {
    this.#recommended = new Uint32Array(actions);
    this.#taken = new Uint32Array(actions);
    this.#both = new Uint32Array(actions);
    this.#listed = new Uint8Array(actions);
  }

  add(ranking: Uint32Array, taken: ReadonlySet<number>): void {
    for (const action of ranking) this.#listed[action] = 1;
    for (const action of ranking.subarray(0, usualCount)) {
      this.#recommended[action] = this.#recommended[action] + 1;
      if (taken.has(action)) this.#both[action] = this.#both[action] + 1;
    }
    for (const action of taken) this.#taken[action] = this.#taken[action] + 1;
  }

  get coverage(): number {
    return this.#listed.reduce((sum, is) => sum + is, 0) / Math.max(this.#listed.length, 1);
  }

  /** Means over the actions that were recommended, or taken (spec training.md §9.3). */
  get precision(): number {
    return meanShare(this.#both, this.#recommended);
  }

  get recall(): number {
    return meanShare(this.#both, this.#taken);
  }
}

function meanShare(parts: Uint32Array, wholes: Uint32Array): number {
  let [sum, count] = [0, 0];
  wholes.forEach((whole, n) => {
    if (whole === 0) return;
    sum += parts[n] / whole;
    count++;
  });
  return sum / Math.max(count, 1);
}

/** Exposures stand user by user. */
function rowsByUser({ users }: Exposures, count: number): UserRows {
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let row = 0;
  for (let user = 0; user < count; user++) {
    starts[user] = row;
    while (row < users.length && users[row] === user) row++;
    ends[user] = row;
  }
  return { starts, ends };
}
