import assert from 'node:assert/strict';
import { join } from 'node:path';
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
import { TextEncoderError, Themes, type ThemesOptions, type ThemeTask } from '../themes/themes.ts';
import type { InferenceTask } from './batch-tasks.ts';
import { LineError, type LineRequest, lineRequest } from './inference-line.ts';
import { inferenceOutput } from './inference-output.ts';
import type { Line, LineResult, ScoreLines } from './line.ts';
import { LineFilter } from './line-filter.ts';
import { lineRandom } from './line-random.ts';
import { readCandidates, readHistories } from './pinned-views.ts';
import { themedResults } from './themed-results.ts';

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
  readonly themes?: Themes | undefined;
};

/**
 * Opens the model of a task, reads what answers depend on besides, and answers lines as the model's deployment answers
 * requests.
 *
 * @param notify takes sentences for the log
 * @throws TaskError for a recipe that answers no such lines, a filter that is not about items, or a text encoder that
 *   cannot be opened
 */
export async function openInference(task: InferenceTask, notify?: (note: string) => void): Promise<ScoreLines> {
  const { recipe: recipeName } = await readDescription(task.model);
  const recipe = findRecipeByName(recipeName);
  const recipeType = recipe && recommendsItems(recipe) ? servedType(recipe) : undefined;
  if (recipeType === undefined || recipeType === 'PERSONALIZED_ACTIONS') {
    throw new TaskError(`The recipe ${recipeName} recommends no items to lines of a batch inference job.`);
  }
  const model = await openModel(task.model, undefined, { answersMany: true });
  const histories = task.histories && (await readHistories(task, task.histories));
  const filter = await LineFilter.read(task, { ids: model.items, recipeType });
  const exploration = task.exploration && (await openExploration(model, task, task.exploration));
  const themes = task.themes && (await openThemes(task.themes, { temporaryFolder: themesFolder(task), notify }));
  const inference = { task, recipeName, recipeType, model, histories, filter, exploration, themes };
  return (lines) => answers(inference, lines);
}

const themesFolder = ({ temporaryFolder }: InferenceTask) => join(temporaryFolder, 'themes');

async function openThemes(task: ThemeTask, options: ThemesOptions): Promise<Themes> {
  try {
    return await Themes.open(task, options);
  } catch (error) {
    if (error instanceof TextEncoderError) throw new TaskError(error.message, { cause: error });
    throw error;
  }
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
  const answered = await Promise.all(
    queries.map(async (query) => ('error' in query ? query : { query, answer: await answerOf(inference, query) })),
  );
  const { task, themes } = inference;
  if (themes) return await themedResults(themes, answered);
  return answered.map((each) => {
    if ('error' in each) return each;
    const rules = { isFiltered: each.query.eligible !== undefined, givesReasons: task.givesReasons === true };
    return { output: inferenceOutput(each.answer, rules) };
  });
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

async function answerOf(inference: Inference, query: LineQuery): Promise<ExploredRanking> {
  const { task, recipeType } = inference;
  const ranked = await (recipeType === 'PERSONALIZED_RANKING' ? rank(inference, query) : recommend(inference, query));
  if (task.givesReasons !== true) return ranked;
  return toppedUp({ answer: ranked, count: task.count, eligible: query.eligible });
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
