import assert from 'node:assert/strict';
import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { Model } from '../../learn/model/model.ts';
import { readDescription } from '../../learn/model/model-folder.ts';
import { openModel } from '../../learn/model/open-model.ts';
import { findRecipeByName } from '../../learn/recipes/catalogue.ts';
import type { ItemType } from '../../learn/recipes/recipe.ts';
import { recommendsItems, servedType } from '../../learn/recipes/recipe-types.ts';
import { TaskError } from '../../util/child-task/task.ts';
import { toppedUp } from '../answers/topped-up.ts';
import type { Eligible } from '../eligibility/eligible.ts';
import type { Candidates } from '../exploration/candidates.ts';
import { type ExploredRanking, Explorer } from '../exploration/explorer.ts';
import type { InferenceTask } from './batch-tasks.ts';
import { LineError, type LineRequest, lineRequest } from './inference-line.ts';
import { inferenceOutput } from './inference-output.ts';
import type { Line, LineResult, ScoreLines } from './line.ts';
import { LineFilter } from './line-filter.ts';
import { lineRandom } from './line-random.ts';
import { readCandidates, readHistories } from './pinned-views.ts';

type LineQuery = { readonly line: Line; readonly request: LineRequest; readonly eligible: Eligible | undefined };

/** What answers the lines of a task. */
type Inference = {
  readonly task: InferenceTask;
  readonly recipeName: string;
  readonly recipeType: ItemType;
  readonly model: Model;
  readonly histories?: { find(id: string): StreamedId<LiveHistory> } | undefined;
  readonly filter?: LineFilter | undefined;
  readonly exploration?:
    | { readonly explorer: Explorer; readonly candidates: Candidates; readonly rate: number }
    | undefined;
};

/**
 * Opens the model of a task, reads what answers depend on besides, and answers lines as the model's deployment answers
 * requests.
 *
 * @throws TaskError for a recipe that answers no such lines, or a filter that is not about items
 */
export async function openInference(task: InferenceTask): Promise<ScoreLines> {
  const { recipe: recipeName } = await readDescription(task.model);
  const recipe = findRecipeByName(recipeName);
  const recipeType = recipe && recommendsItems(recipe) ? servedType(recipe) : undefined;
  if (recipeType === undefined || recipeType === 'PERSONALIZED_ACTIONS') {
    throw new TaskError(`The recipe ${recipeName} recommends no items to lines of a batch inference job.`);
  }
  const model = await openModel(task.model);
  const histories = task.histories && (await readHistories(task, task.histories));
  const filter = await LineFilter.read(task, { ids: model.items, recipeType });
  const exploration = task.exploration && (await openExploration(model, task, task.exploration));
  const inference = { task, recipeName, recipeType, model, histories, filter, exploration };
  return (lines) => answers(inference, lines);
}

async function openExploration(
  model: Model,
  task: InferenceTask,
  exploration: NonNullable<InferenceTask['exploration']>,
) {
  const candidates = await readCandidates(task, exploration);
  const explorer = new Explorer(model, candidates.posterior, noRandom);
  explorer.add(candidates.items);
  return { explorer, candidates, rate: exploration.rate };
}

/** Each line has random numbers of its own. */
const noRandom = (): number => assert.fail('What a line explores must follow from its position.');

async function answers(inference: Inference, lines: readonly Line[]): Promise<LineResult[]> {
  using disposables = new DisposableStack();
  const queries = await Promise.all(lines.map((line) => queryOf(inference, line, disposables)));
  // All at once, so that the model answers them together.
  return await Promise.all(queries.map((query) => ('error' in query ? query : resultOf(inference, query))));
}

async function queryOf(
  { task, recipeName, recipeType, filter }: Inference,
  line: Line,
  disposables: DisposableStack,
): Promise<LineQuery | { readonly error: string }> {
  try {
    const request = lineRequest(line, { recipeName, recipeType, itemsToRank: task.limits.itemsToRank });
    const eligible = filter && disposables.use(await filter.of(request));
    return { line, request, eligible };
  } catch (error) {
    if (error instanceof LineError) return { error: error.message };
    throw error;
  }
}

async function resultOf(inference: Inference, query: LineQuery): Promise<LineResult> {
  const { task, recipeType } = inference;
  const { eligible } = query;
  const ranked = await (recipeType === 'PERSONALIZED_RANKING' ? rank(inference, query) : recommend(inference, query));
  const givesReasons = task.givesReasons === true;
  const answer = givesReasons ? toppedUp({ answer: ranked, count: task.count, eligible }) : ranked;
  return { output: inferenceOutput(answer, { isFiltered: eligible !== undefined, givesReasons }) };
}

function recommend(
  { task: { count, influence, seed }, model, histories, exploration }: Inference,
  { line, request: { userId, itemId, context }, eligible }: LineQuery,
): Promise<ExploredRanking> {
  const streamed = userId === undefined ? undefined : histories?.find(userId);
  const query = { userId, itemId, context, count, streamed, eligible: eligible?.items, influence };
  if (!exploration) return model.recommend(query);
  const { explorer, candidates, rate } = exploration;
  const exploring = { rate, withChoices: false, eligible: eligible?.candidates(candidates) };
  return explorer.recommend(query, exploring, lineRandom(seed, line));
}

async function rank(
  { model, histories }: Inference,
  { request: { userId, context, itemList }, eligible }: LineQuery,
): Promise<ExploredRanking> {
  const items = eligible ? itemList.filter((id) => eligible.allows(id)) : itemList;
  if (items.length === 0) return { items: [], scores: [] };
  const streamed = userId === undefined ? undefined : histories?.find(userId);
  return await model.rank({ userId, streamed, items, context });
}
