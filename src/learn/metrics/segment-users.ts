import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ReportFraction } from '../../util/progress.ts';
import { allUsers, type Histories, lengthOf, selectSlices } from '../histories/histories.ts';
import { userItemMatrix } from '../histories/user-items.ts';
import { type Csr, transpose } from '../kernels/csr.ts';
import { uniforms } from '../kernels/random.ts';
import { maskWithout } from '../model/item-mask.ts';
import type { SegmentModel } from '../model/segment-model.ts';
import { TrainingError } from '../training/training.ts';
import type { EvaluationPlan, EvaluationTask } from './evaluation.ts';
import { round } from './metrics.ts';
import { comeBack } from './metrics-plan.ts';

/** Of each user's interactions the newest fifth is held out (spec training.md §9.1). */
const heldOutShare = 0.2;
/** The users that are predicted for a segment are the best hundredth. */
const topShare = 0.01;
/** Metrics are means, and theirs stand still long before this many segments. */
const mostSegments = 2000;

/** Measures segments: who interacts, in the newest fifth of the history, with what a segment is about. */
export function heldOutInteractions({ histories, itemCount, seed }: EvaluationTask): EvaluationPlan<SegmentModel> {
  requireOrder(histories);
  const users = allUsers(histories);
  const known = (user: number) => trainedLength(lengthOf(histories, user));
  const training = selectSlices(histories, users, (user) => [0, known(user)]);
  const heldOut = selectSlices(histories, users, (user) => [known(user), lengthOf(histories, user)]);
  return {
    users,
    histories: training,
    sentence: 'metrics are those of segments, by the newest fifth of each history',
    async measure(model, progress) {
      const [before, after] = [training, heldOut].map((part) => usersByItem(part, users, itemCount));
      const measured = await measureSegments(model, model.measuredSegments(), { before, after }, seed, progress);
      return {
        coverage: round(measured.coverage),
        hits_at_1_percent: round(measured.hits),
        recall_at_1_percent: round(measured.recall),
      };
    },
  };
}

/** How many of so many interactions train; a user with one interaction trains. */
export const trainedLength = (length: number): number =>
  length < 2 ? length : length - Math.max(1, Math.round(heldOutShare * length));

/** @throws TrainingError if no interaction is newer than another (spec training.md §2, minimum data) */
function requireOrder({ timestamps }: Histories): void {
  if (timestamps.length === 0 || timestamps.some((time) => time !== timestamps[0])) return;
  throw new TrainingError(
    `Create failed. All interactions have the timestamp ${timestamps[0]}: import some of different times.`,
  );
}

const usersByItem = (histories: Histories, users: Uint32Array, itemCount: number): Csr =>
  transpose(userItemMatrix(histories, users, itemCount));

/** Users by item, of the interactions that trained and of those that are held out. */
export type DividedUsers = { readonly before: Csr; readonly after: Csr };

export type SegmentMeasurement = {
  /** Segments to which somebody came. */
  readonly segments: number;
  /** Distinct users in any of them, of all. */
  readonly coverage: number;
  /** Means over the segments: who came of the best hundredth of the users, and which share of all who came that is. */
  readonly hits: number;
  readonly recall: number;
};

/**
 * Measures by spec training.md §9.3. Users who had something of a segment before are no finds, unless users come back
 * to what they had: the same rule as of lists (`planMetrics`).
 */
export async function measureSegments(
  model: Pick<SegmentModel, 'segment'>,
  given: readonly Uint32Array[],
  { before, after }: DividedUsers,
  seed: number,
  progress: ReportFraction,
): Promise<SegmentMeasurement> {
  const users = before.columns;
  const segments = drawn(given, seed);
  const keepsKnown = usersComeBack(segments, before, after);
  const covered = new Uint8Array(users);
  const outcomes: { readonly hits: number; readonly recall: number }[] = [];
  for (const [n, items] of segments.entries()) {
    const truth = usersOf(after, items);
    const had = keepsKnown ? new Uint8Array(users) : usersOf(before, items);
    const eligible = keepsKnown ? undefined : maskWithout(users, positionsOf(had));
    const segment = await model.segment({ items, count: Math.ceil(topShare * users), eligible });
    for (const user of segment) covered[user] = 1;
    const relevant = truth.reduce((count, is, user) => count + (is & (1 - had[user])), 0);
    const hits = segment.reduce((count, user) => count + truth[user], 0);
    if (relevant > 0) outcomes.push({ hits, recall: hits / relevant });
    progress((n + 1) / segments.length);
    await letOthersRun();
  }
  const mean = (of: (outcome: (typeof outcomes)[number]) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / Math.max(outcomes.length, 1);
  return {
    segments: outcomes.length,
    coverage: countOf(covered) / Math.max(users, 1),
    hits: mean(({ hits }) => hits),
    recall: mean(({ recall }) => recall),
  };
}

/** Whether those who interact with something of a segment often had something of it before. */
function usersComeBack(segments: readonly Uint32Array[], before: Csr, after: Csr): boolean {
  let [returns, all] = [0, 0];
  for (const items of segments) {
    const had = usersOf(before, items);
    const truth = usersOf(after, items);
    all += countOf(truth);
    returns += truth.reduce((count, is, user) => count + (is & had[user]), 0);
  }
  return comeBack(returns, all);
}

/** At most so many of the segments, drawn by the seed, in their order. */
function drawn(segments: readonly Uint32Array[], seed: number): readonly Uint32Array[] {
  const random = uniforms(seed);
  let wanted = Math.min(mostSegments, segments.length);
  return segments.filter((_, n) => {
    const isDrawn = random() * (segments.length - n) < wanted;
    if (isDrawn) wanted--;
    return isDrawn;
  });
}

/** A byte a user: 1 for those with any of the items. */
function usersOf({ columns, offsets, indices }: Csr, items: Uint32Array): Uint8Array {
  const found = new Uint8Array(columns);
  for (const item of items) for (let at = offsets[item]; at < offsets[item + 1]; at++) found[indices[at]] = 1;
  return found;
}

function* positionsOf(bytes: Uint8Array): Generator<number> {
  for (let n = 0; n < bytes.length; n++) if (bytes[n] === 1) yield n;
}

const countOf = (bytes: Uint8Array): number => bytes.reduce((total, one) => total + one, 0);
