import { readDescription } from '../../learn/model/model-folder.ts';
import { openSegmentModel } from '../../learn/model/open-model.ts';
import { type SegmentModel, SegmentSubjectError } from '../../learn/model/segment-model.ts';
import { findRecipeByName } from '../../learn/recipes/catalogue.ts';
import { TaskError } from '../../util/child-task/task.ts';
import { FilterValuesError } from '../filters/filter-error.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import type { LinesTask } from './batch-tasks.ts';
import type { Line, LineResult, ScoreLines } from './line.ts';
import { segmentLine } from './segment-line.ts';
import { segmentPieces } from './segment-output.ts';
import { UserEligibility } from './user-eligibility.ts';

/** With more users a line is ranked while it is written, so that no output of many megabytes waits. */
const mostAtOnce = 4096;

/** What makes the segments of a task. */
type Segments = {
  readonly recipeName: string;
  readonly model: SegmentModel;
  readonly eligibility: UserEligibility | undefined;
  readonly count: number;
};

/** What a line asks of the model. */
type LineQuery = { readonly items: Uint32Array; readonly values: FilterValues };

/**
 * Opens the model of a task, reads what its filter depends on, and finds the users for lines.
 *
 * @throws TaskError for a recipe that makes no segments, or a filter that is not about users
 */
export async function openSegments(task: LinesTask, signal: AbortSignal): Promise<ScoreLines> {
  const { recipe: recipeName } = await readDescription(task.model);
  if (findRecipeByName(recipeName)?.recipeType !== 'USER_SEGMENTATION') {
    throw new TaskError(`The recipe ${recipeName} makes no segments of users.`);
  }
  const model = await openSegmentModel(task.model);
  const eligibility = await eligibilityOf(task, model, signal);
  const segments = { recipeName, model, eligibility, count: Math.min(task.count, model.users.size) };
  return async (lines) => {
    const results: LineResult[] = [];
    for (const line of lines) results.push(await resultOf(segments, line));
    return results;
  };
}

async function eligibilityOf(
  { filter: asked, temporaryFolder }: LinesTask,
  { users }: SegmentModel,
  signal: AbortSignal,
): Promise<UserEligibility | undefined> {
  if (!asked) return undefined;
  const { filter, ...data } = asked;
  if (filter.subject !== 'UserID') {
    throw new TaskError(`The filter is about ${filter.subject}; a batch segment job needs one about UserID.`);
  }
  return await UserEligibility.open({ filter, data, users, temporaryFolder, signal });
}

async function resultOf(segments: Segments, line: Line): Promise<LineResult> {
  const query = queryOf(segments, line);
  if ('error' in query) return query;
  const pieces = piecesOf(segments, query);
  if (segments.count > mostAtOnce) return { outputPieces: pieces };
  let output = '';
  for await (const piece of pieces) output += piece;
  return { output };
}

function queryOf({ recipeName, model, eligibility }: Segments, line: Line): LineQuery | { readonly error: string } {
  try {
    const { subject, values } = segmentLine(line, { recipeName, key: model.key });
    eligibility?.check(values);
    return { items: model.itemsOf(subject), values };
  } catch (error) {
    if (error instanceof FilterValuesError) return { error: `filterValues does not fit the filter. ${error.message}` };
    if (error instanceof SegmentSubjectError) return { error: error.message };
    throw error;
  }
}

/** The mask of a filter is good until that of the next line, so both are made when the line is written. */
async function* piecesOf(
  { model, eligibility, count }: Segments,
  { items, values }: LineQuery,
): AsyncGenerator<string> {
  const users = await model.segment({ items, count, eligible: eligibility?.of(values) });
  yield* segmentPieces(model.users, users);
}
