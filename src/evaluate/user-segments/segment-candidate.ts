import { allUsers, lengthOf, userCount } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import { type Csr, transpose } from '../../learn/kernels/csr.ts';
import { type DividedUsers, measureSegments } from '../../learn/metrics/segment-users.ts';
import type { SegmentModel } from '../../learn/model/segment-model.ts';
import type { RecipeOf } from '../../learn/recipes/recipe.ts';
import type { Progress } from '../../util/progress.ts';
import type { FitTask, Skipped } from '../candidate-model.ts';
import type { Measurement } from '../measure.ts';
import type { QueryKind } from '../protocols/protocol.ts';
import { learningTask, orSkipped } from '../recipe-candidate.ts';
import type { Trial } from '../trial.ts';

/** A model that finds users, and by which segments it is measured: those of items, of attributes, or both. */
export type SegmentFinder = Pick<SegmentModel, 'segment'> & {
  readonly segments: Readonly<Partial<Record<'item' | 'attribute', readonly Uint32Array[]>>>;
};

export type SegmentContestant = {
  readonly name: string;
  readonly kind: 'recipe' | 'baseline';
  readonly seeded: boolean;
  fit(task: FitTask): Promise<MeasuredSegments | Skipped>;
};

type MeasuredSegments = {
  measure(trial: Trial, ks: readonly number[], progress: Progress): Promise<Partial<Record<QueryKind, Measurement>>>;
};

/** A recipe of segments with its default settings. */
export const segmentCandidate = (recipe: RecipeOf<'USER_SEGMENTATION'>): SegmentContestant => ({
  name: recipe.name,
  kind: 'recipe',
  seeded: true,
  fit: (task) =>
    orSkipped(async () => {
      const model = await recipe.open({ learned: await recipe.learn(learningTask(recipe, task)), items: task.items });
      const kind = recipe.itemColumn ? 'attribute' : 'item';
      return measured({ segment: (query) => model.segment(query), segments: { [kind]: model.measuredSegments() } });
    }),
});

export const measured = ({ segment, segments }: SegmentFinder): MeasuredSegments => ({
  async measure(trial, _, progress) {
    const divided = dividedUsers(trial);
    const measurements: Partial<Record<QueryKind, Measurement>> = {};
    for (const kind of ['item', 'attribute'] as const) {
      const asked = segments[kind];
      if (asked === undefined) continue;
      const report = (fraction: number) => progress.report(fraction, `segments of each ${kind}`);
      const { segments: queries, ...metrics } = await measureSegments({ segment }, asked, divided, 0, report);
      measurements[kind] = { queries, metrics, segments: {} };
    }
    return measurements;
  },
});

/** Users by item: of what trains, and of what is held out. */
function dividedUsers({ training, items, queries }: Trial): DividedUsers {
  const heldOut = new Map((queries.user ?? []).map(({ input, truth }) => [input.user, truth]));
  const offsets = new Uint32Array(userCount(training) + 1);
  const indices: number[] = [];
  for (let user = 0; user < userCount(training); user++) {
    for (const item of [...(heldOut.get(user) ?? [])].sort((a, b) => a - b)) if (item < items.size) indices.push(item);
    offsets[user + 1] = indices.length;
  }
  const after: Csr = { rows: userCount(training), columns: items.size, offsets, indices: Uint32Array.from(indices) };
  return { before: transpose(userItemMatrix(training, allUsers(training), items.size)), after: transpose(after) };
}

/** How many interactions each user has. */
export const activityOf = ({ training }: Pick<Trial, 'training'>): Float32Array =>
  Float32Array.from({ length: userCount(training) }, (_, user) => lengthOf(training, user));
