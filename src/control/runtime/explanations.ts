import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Input, Output } from '../../contract/operations.ts';
import type { ItemRecord } from '../../data/records/item-records.ts';
import type { ExplainQuery, Explanation, ItemExplanation } from '../../learn/model/explanation.ts';
import { maskOf } from '../../learn/model/item-mask.ts';
import { recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { CandidateExploration, ExploredRanking } from '../../serve/exploration/explorer.ts';
import { Mutex } from '../../util/mutex.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { type DescribedItems, withDescribedItems } from './described-items.ts';
import { type ExplainedList, summaryOf, whyOf } from './explanation-words.ts';
import { exploringOf } from './exploring.ts';
import { type ReadyDeployment, readyDeployment } from './ready-deployment.ts';
import { streamedOf } from './user-history.ts';

type Request = Input<'Explain'>;
type ExplainedItem = Output<'Explain'>['items'][number];

const defaultResults = 5;

/** A list, and what it takes to ask why it is as it is. */
type AnsweredList = Pick<ExplainQuery, 'eligible' | 'streamed'> &
  ExploredRanking & { readonly exploring?: CandidateExploration | undefined };

/**
 * Tells a person why a campaign gives a user these items. It asks for the list as GetRecommendations does, and then the
 * model for its parts. Nobody is shown the list, so it is no impression, and no choice of exploration is written down.
 */
export function explanationHandlers(context: Context): HandlersOf<'Explain'> {
  const oneAtATime = new Mutex();
  return {
    Explain: (input) =>
      oneAtATime.run(async () => {
        const ready = await deploymentFor(context, input);
        const list = await listFor(context, ready, input);
        return await withDescribedItems(context, ready.datasetGroupArn, (items) =>
          explain(context, ready, input, list, items),
        );
      }),
  };
}

/** An admin asks about campaigns of every account. */
async function deploymentFor({ answers }: Context, input: Request): Promise<ReadyDeployment> {
  const { campaignArn, userId, itemId, inputList } = input;
  const entry = await answers.deployments.find(campaignArn);
  if (!entry) throw resourceNotFound(campaignArn);
  const operation = entry.deployment ? recipeTypes[entry.deployment.recipeType].operation : 'GetRecommendations';
  const ready = await readyDeployment(answers.deployments, campaignArn, entry, { operation, ids: { userId, itemId } });
  if ((operation === 'GetPersonalizedRanking') !== (inputList !== undefined)) {
    throw invalidInput(
      inputList
        ? `inputList is for campaigns that rank, which ${campaignArn} does not.`
        : 'inputList is required for campaigns that rank.',
    );
  }
  return ready;
}

async function listFor(context: Context, ready: ReadyDeployment, input: Request): Promise<AnsweredList> {
  const { serving } = context;
  const { userId, itemId, inputList, numResults: count = defaultResults } = input;
  const streamed = await streamedOf(context, ready, userId);
  const asked = { userId, context: input.context, streamed };
  if (inputList) {
    const items = [...new Set(inputList)];
    const ids = await serving.items(ready.deployment);
    const known = items.map((id) => ids.indexOf(id)).filter((index) => index >= 0);
    const ranked = await serving.rank(ready.deployment, { ...asked, items });
    return { ...ranked, streamed, eligible: maskOf(ids.size, known) };
  }
  const exploring = exploringOf(context, ready);
  const list = await serving.recommend(ready.deployment, { ...asked, itemId, count }, exploring);
  return { ...list, streamed, exploring };
}

async function explain(
  { serving, clock }: Context,
  ready: ReadyDeployment,
  input: Request,
  list: AnsweredList,
  described: DescribedItems,
): Promise<Output<'Explain'>> {
  const { campaignArn, userId, itemId } = input;
  const records = new Map(await described.recordsOf(list.items));
  const explanation = await serving.explain(ready.deployment, {
    userId,
    itemId,
    context: input.context,
    streamed: list.streamed,
    eligible: list.eligible,
    items: list.items.map((id, position) => describedItem(id, position, list, records)),
  });
  const others = idsOf(explanation)
    .concat(itemId ?? [])
    .filter((id) => !records.has(id));
  for (const [id, record] of await described.recordsOf(others)) records.set(id, record);
  const told: ExplainedList = {
    request: input,
    recipeType: ready.deployment.recipeType,
    explanation,
    rate: list.exploring?.rate,
    candidates: list.exploring?.candidates.count,
    explored: list.explored?.length ?? 0,
    titleOf: (id) => described.titleOf(records.get(id)),
    now: clock.now(),
  };
  const { history, logSum } = explanation;
  return {
    campaignArn,
    solutionVersionArn: ready.modelOwnerArn,
    summary: summaryOf(told),
    logSum,
    history: history && { userId: history.userId, kept: history.kept, recent: history.recent },
    exploration: list.exploring && { rate: list.exploring.rate, candidates: list.exploring.candidates.count },
    items: explanation.items.map((item, position) => explainedItem(item, position, list, told)),
  };
}

/** Metadata of the moment says what the model learned from it; of an explored item the candidate's says its vector. */
function describedItem(
  id: string,
  position: number,
  { explored = [], exploring }: AnsweredList,
  records: ReadonlyMap<string, ItemRecord>,
): ExplainQuery['items'][number] {
  const isExplored = explored.includes(position);
  const candidate = isExplored ? exploring?.candidates.find(id) : undefined;
  return { id, isExplored, metadata: candidate?.metadata ?? records.get(id) };
}

const idsOf = ({ items }: Explanation): string[] =>
  items.flatMap((item) =>
    item.kind === 'scored' ? item.effects.flatMap(({ cause }) => (cause.kind === 'item' ? [cause.itemId] : [])) : [],
  );

function explainedItem(
  item: ItemExplanation,
  position: number,
  { explored = [] }: AnsweredList,
  told: ExplainedList,
): ExplainedItem {
  const { itemId, kind } = item;
  const origin = explored.includes(position) ? 'exploration' : originOf(kind);
  const shown = { itemId, title: told.titleOf(itemId), origin, why: whyOf(item, origin, told) } as const;
  if (kind === 'unscored') return shown;
  if (kind !== 'scored') return { ...shown, rank: item.rank };
  const { score, logit, parts, effects } = item;
  return {
    ...shown,
    score,
    logit,
    parts: partsOf(parts),
    causes: effects.map(({ cause, parts: changes, ...numbers }) => ({
      ...cause,
      ...(cause.kind === 'item' && { title: told.titleOf(cause.itemId) }),
      ...numbers,
      parts: partsOf(changes),
    })),
  };
}

const originOf = (kind: ItemExplanation['kind']) =>
  kind === 'scored' ? 'model' : kind === 'unscored' ? 'filling' : kind;

const partsOf = (parts: Readonly<Record<string, number>>) =>
  Object.entries(parts).map(([name, value]) => ({ name, value }));
