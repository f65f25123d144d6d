import { ease } from '../../src/evaluate/baselines/ease.ts';
import { markov } from '../../src/evaluate/baselines/markov.ts';
import { popularity } from '../../src/evaluate/baselines/popularity.ts';
import type { CandidateModel } from '../../src/evaluate/candidate-model.ts';
import { measure } from '../../src/evaluate/measure.ts';
import { leaveOneOut } from '../../src/evaluate/protocols/leave-one-out.ts';
import type { Events } from '../../src/evaluate/readers/events.ts';
import { prepareTrial } from '../../src/evaluate/trial.ts';
import {
  emptyHistories,
  interactionCount,
  interactionsByItem,
  userCount,
} from '../../src/learn/histories/histories.ts';
import { Vocabulary } from '../../src/learn/model/vocabulary.ts';
import type { Progress } from '../../src/util/progress.ts';
import type { Click } from './log.ts';
import { takenAt } from './times.ts';
import type { World } from './world.ts';

/** What there is in a log for a model to find; by which a world is compared with real data (docs/simulation.md). */
export type Signal = {
  /** Items that a user has taken, on the average, each counting once. */
  readonly itemsAUser: number;
  /** Share of all pairs of a user and an item. */
  readonly density: number;
  /** Share of the most taken tenth of the items. */
  readonly topTenth: number;
  /**
   * NDCG@25 over that of popularity, in finding the newest item of each user: of EASE, what co-occurrence says …
   */
  readonly easeOverPopularity: number;
  /** … and of a Markov chain, what the newest items say. */
  readonly markovOverPopularity: number;
};

const progress: Progress = { report() {}, signal: new AbortController().signal };

export async function signalOf(world: World, log: readonly Click[]): Promise<Signal> {
  const events = firstTakings(world, log);
  const { histories, items } = events;
  const [total, users] = [interactionCount(histories), userCount(histories)];
  const counts = interactionsByItem(histories, items.size).sort().reverse();
  const top = counts.subarray(0, Math.round(items.size / 10)).reduce((sum, count) => sum + count, 0);
  const trial = prepareTrial(events, leaveOneOut, 0);
  const ndcg = async (baseline: CandidateModel) => {
    const ranker = await baseline.fit({ ...trial, seed: 0, progress });
    if ('skipped' in ranker) throw new Error(ranker.skipped);
    const { metrics } = await measure(ranker, trial, trial.queries.user ?? [], [25], progress);
    return metrics['ndcg@25'] ?? Number.NaN;
  };
  const least = await ndcg(popularity);
  return {
    itemsAUser: total / users,
    density: total / users / items.size,
    topTenth: top / total,
    easeOverPopularity: (await ndcg(ease)) / least,
    markovOverPopularity: (await ndcg(markov)) / least,
  };
}

/** Histories in which each item stands once, as in data of ratings. */
function firstTakings({ items, size }: World, log: readonly Click[]): Events {
  const taken = Array.from({ length: size.users }, () => new Map<number, number>());
  for (const { visit, item, page } of log) {
    const own = taken[visit.user];
    if (!own?.has(item)) own?.set(item, takenAt(visit, page, 0));
  }
  const histories = emptyHistories(
    size.users,
    taken.reduce((sum, own) => sum + own.size, 0),
  );
  let end = 0;
  for (const [user, own] of taken.entries()) {
    for (const [item, time] of own) {
      histories.items[end] = item;
      histories.timestamps[end] = time;
      end++;
    }
    histories.offsets[user + 1] = end;
  }
  return {
    histories,
    given: Uint32Array.from(taken, (own) => own.size),
    items: Vocabulary.of(items.slice(0, size.items).map(({ id }) => id)),
    listed: new Uint8Array(size.items),
  };
}
