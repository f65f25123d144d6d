import { availableParallelism } from 'node:os';
import { subProgress } from '../../../util/progress.ts';
import { allUsers, type Histories, interactedItems, lengthOf, selectSlices } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import { trainAls } from '../../kernels/als.ts';
import type { AlsObjective } from '../../kernels/als-problem.ts';
import { transpose } from '../../kernels/csr.ts';
import { trainedLength } from '../../metrics/segment-users.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { TrainingError } from '../../training/training.ts';
import { withFreshFactors } from '../collaborative/fresh-factors.ts';
import { iterations, objectiveConstants, objectiveFor, objectiveOf } from '../collaborative/objective.ts';
import { assembleSegments, weightsOf } from './assemble-segments.ts';
import { type AttributeIndex, everyAttribute, indexAttributes } from './attribute-index.ts';
import { segmentData, singleItems } from './segment-features.ts';
import { userVectors } from './user-vectors.ts';
import { chooseWeights, type SegmentWeights } from './weights.ts';

/** Segments of those who come to one item: of every item that anybody has had. */
export const learnItemSegments = (task: LearningTask): Promise<LearnedModel> =>
  learnSegments(task, undefined, singleItems(interactedItems(task.histories, task.itemCount)));

/** Segments of those who come to items with given attributes. @throws TrainingError if no item has any */
export async function learnAttributeSegments(task: LearningTask): Promise<LearnedModel> {
  const attributes = task.itemMetadata && (await indexAttributes(task.itemMetadata));
  if (!attributes || attributes.keys.size === 0) {
    throw new TrainingError(
      'Create failed. No item has an attribute by which users could be found: import items with a categorical or numeric column.',
    );
  }
  return await learnSegments(task, attributes, everyAttribute(attributes));
}

type Start = { readonly itemFactors: Float32Array; readonly objective: AlsObjective; readonly weights: SegmentWeights };

/** How far the work has come when a step begins. */
const stage = { weights: 0.6, factors: 0.65, users: 0.8 } as const;

/**
 * Implicit ALS, and the weights of what it says of a user beside other things. From scratch: factors from the oldest
 * four fifths of each history, by which the weights are chosen on the newest fifth, then a few passes with all. With a
 * warm start: the few passes alone, with the weights that were chosen then.
 */
async function learnSegments(
  task: LearningTask,
  attributes: AttributeIndex | undefined,
  segments: readonly Uint32Array[],
): Promise<LearnedModel> {
  const { histories, itemCount, itemFeatures, warmStart, progress } = task;
  const {
    objective,
    weights,
    itemFactors: first,
  } = warmStart ? startFrom(warmStart) : await startFromScratch(task, segments);
  const itemFactors = await factorise(task, histories, objective, {
    passes: iterations.warm,
    from: stage.factors,
    to: stage.users,
    itemFactors: first,
  });
  progress.report(stage.users, 'settling users');
  const vectors = await userVectors(histories, vectorOptions(task, objective, itemFactors), itemFeatures);
  const data = segmentData(histories, itemCount, { itemFactors, factors: factorsOf(task), itemFeatures });
  return assembleSegments({ data, vectors, weights, attributes, constants: objectiveConstants(objective) });
}

const startFrom = (warmStart: LearnedModel): Start => ({
  itemFactors: float32Tensor(warmStart, 'item_factors'),
  objective: objectiveOf(warmStart),
  weights: weightsOf(warmStart),
});

async function startFromScratch(task: LearningTask, segments: readonly Uint32Array[]): Promise<Start> {
  const { histories, itemCount, itemFeatures, seed, progress } = task;
  const users = allUsers(histories);
  const known = (user: number) => trainedLength(lengthOf(histories, user));
  const before = selectSlices(histories, users, (user) => [0, known(user)]);
  const after = selectSlices(histories, users, (user) => [known(user), lengthOf(histories, user)]);
  const objective = objectiveFor(userItemMatrix(before, users, itemCount));
  const itemFactors = await factorise(task, before, objective, {
    passes: iterations.fromScratch,
    from: 0,
    to: stage.weights,
  });
  progress.report(stage.weights, 'weighing what is known of users');
  const vectors = await userVectors(before, vectorOptions(task, objective, itemFactors), itemFeatures);
  const data = segmentData(before, itemCount, { itemFactors, factors: factorsOf(task), itemFeatures });
  const heldOut = transpose(userItemMatrix(after, users, itemCount));
  return { itemFactors, objective, weights: await chooseWeights({ data, vectors, heldOut, segments, seed }) };
}

const factorsOf = ({ parameters }: LearningTask) => parameters.number('hidden_dimension');

const vectorOptions = (task: LearningTask, objective: AlsObjective, itemFactors: Float32Array) => ({
  ...objective,
  itemFactors,
  factors: factorsOf(task),
  itemCount: task.itemCount,
  threads: availableParallelism(),
  signal: task.progress.signal,
});

type Passes = {
  readonly passes: number;
  /** How far the work has come before and after. */
  readonly from: number;
  readonly to: number;
  /** To begin with; random ones unless given. */
  readonly itemFactors?: Float32Array;
};

async function factorise(
  task: LearningTask,
  histories: Histories,
  objective: AlsObjective,
  { passes, from, to, itemFactors }: Passes,
): Promise<Float32Array> {
  const { itemCount, seed } = task;
  const progress = subProgress(task.progress, from, to);
  const userItems = userItemMatrix(histories, allUsers(histories), itemCount);
  const learned = await trainAls({
    ...objective,
    userItems,
    factors: factorsOf(task),
    iterations: passes,
    seed,
    threads: availableParallelism(),
    wantsUsers: false,
    ...(itemFactors && { itemFactors: withFreshFactors(itemFactors, userItems, seed) }),
    onIteration: (done) => progress.report(done / passes, 'factorising'),
    signal: progress.signal,
  });
  return learned.itemFactors;
}
