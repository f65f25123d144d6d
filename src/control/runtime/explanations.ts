import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Input, Output } from '../../contract/operations.ts';
import type { ItemRecord } from '../../data/records/item-records.ts';
import type { ExplainQuery, Explanation, ItemExplanation } from '../../learn/model/explanation.ts';
import { recipeTypes } from '../../learn/recipes/recipe-types.ts';
import { type ClauseCount, clauseTexts } from '../../serve/filters/clause-count.ts';
import { Mutex } from '../../util/mutex.ts';
import type { Context } from '../context.ts';
import { shownOwners } from '../deployments/deployment-owner.ts';
import { filterKind } from '../filters/filter-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { findResource } from '../resources/resource-store.ts';
import { askedArn } from './asked-arn.ts';
import { type DescribedItems, withDescribedItems } from './described-items.ts';
import { type AnsweredList, type CountedFilter, listToExplain, rankingToExplain } from './explained-request.ts';
import { type ExplainedList, summaryOf, whyOf } from './explanation-words.ts';
import { contextOf, type ReadyDeployment, readyDeployment } from './ready-deployment.ts';
import { answeredId } from './user-history.ts';

type Request = Input<'Explain'>;
type ExplainedItem = Output<'Explain'>['items'][number];

const defaultResults = 5;

/**
 * Tells a person why a campaign or recommender gives a user these items. It makes the list as GetRecommendations does,
 * and then asks the model for its parts.
 */
export function explanationHandlers(context: Context): HandlersOf<'Explain'> {
  const oneAtATime = new Mutex();
  return {
    Explain: (given, { account }) =>
      oneAtATime.run(async () => {
        const ready = await deploymentFor(context, given, account);
        const { userId } = given;
        const input = userId === undefined ? given : { ...given, userId: answeredId(context, ready, userId) };
        using list = await listFor(context, ready, input);
        return await withDescribedItems(context, ready.datasetGroupArn, (items) =>
          explain(context, ready, input, list, items),
        );
      }),
  };
}

/** An admin asks about campaigns of the account in every region. */
async function deploymentFor(
  context: Context,
  { userId, itemId, ...input }: Request,
  account: string,
): Promise<ReadyDeployment> {
  const arn = askedArn(input);
  const entry = await context.answers.deployments.find(arn);
  if (entry?.account !== account) throw resourceNotFound(arn);
  if (entry.deployment?.recipeType === 'PERSONALIZED_ACTIONS') {
    throw invalidInput(`Lists of items are explained; ${arn} answers with actions.`);
  }
  const operation = entry.deployment ? recipeTypes[entry.deployment.recipeType].operation : 'GetRecommendations';
  return await readyDeployment(context, arn, entry, { operation, ids: { userId, itemId } });
}

async function listFor(context: Context, ready: ReadyDeployment, input: Request): Promise<AnsweredList> {
  const { inputList, numResults = defaultResults } = input;
  const ranks = recipeTypes[ready.deployment.recipeType].operation === 'GetPersonalizedRanking';
  if (ranks && inputList) return await rankingToExplain(context, ready, { ...input, inputList });
  if (ranks) throw invalidInput('inputList is required for campaigns that rank.');
  if (inputList)
    throw invalidInput(`inputList is for campaigns that rank, which ${ready.deployment.ownerArn} does not.`);
  return await listToExplain(context, ready, input, numResults);
}

async function explain(
  context: Context,
  ready: ReadyDeployment,
  input: Request,
  list: AnsweredList,
  described: DescribedItems,
): Promise<Output<'Explain'>> {
  const { itemId } = input;
  const records = new Map(await described.recordsOf(list.items.map(({ id }) => id)));
  const { explanation, items } = await askModel(context, ready, input, list, records);
  const others = causesOf(items).concat(itemId ?? []);
  for (const [id, record] of await described.recordsOf(others.filter((id) => !records.has(id))))
    records.set(id, record);
  const { exploring } = list;
  const filters = {
    filter: await shownFilter(context, list.filter),
    ofPromotion: await shownFilter(context, list.promotionFilter),
  };
  const told: ExplainedList = {
    request: input,
    recipeType: ready.deployment.recipeType,
    explanation,
    list,
    ...filters,
    titleOf: (id) => described.titleOf(records.get(id)),
    now: context.clock.now(),
  };
  const { history } = explanation;
  return {
    ...shownOwners(ready.deployment.ownerArn, ready.modelOwnerArn),
    summary: summaryOf(told),
    history: history && { userId: history.userId, kept: history.kept, recent: history.recent },
    exploration: exploring && { rate: exploring.rate, candidates: exploring.candidates.count },
    filter: filters.filter,
    automaticFilter: list.automaticFilter && shownClause(list.automaticFilter),
    promotion: list.hasPromotion
      ? { promoted: list.items.filter(({ origin }) => origin === 'promotion').length, filter: filters.ofPromotion }
      : undefined,
    items: items.map((item, position) => explainedItem(item, position, list, told)),
  };
}

/** Promoted items are chosen from others than the list is, so the model is asked about them apart. */
async function askModel(
  { serving }: Context,
  ready: ReadyDeployment,
  { userId, itemId, ...input }: Request,
  list: AnsweredList,
  records: ReadonlyMap<string, ItemRecord>,
): Promise<{ readonly explanation: Explanation; readonly items: readonly ItemExplanation[] }> {
  const byId = new Map<string, ItemExplanation>();
  const ask = async (query: AnsweredList['query'], items: AnsweredList['items']) => {
    const described = items.map((item) => describedItem(item, list, records));
    const about = { userId, itemId, context: contextOf(ready, input), ...query, items: described };
    const explained = await serving.explain(ready.deployment, about);
    const ofList = explained.items.map((item, position) => asRanked(item, items[position]?.textRank));
    for (const item of ofList) byId.set(item.itemId, item);
    return { ...explained, items: ofList };
  };
  const isPromoted = ({ origin }: AnsweredList['items'][number]) => origin === 'promotion';
  const promoted = list.items.filter(isPromoted);
  const explanation = await ask(
    list.query,
    list.items.filter((item) => !isPromoted(item)),
  );
  if (promoted.length > 0) await ask(list.promotedQuery, promoted);
  return { explanation, items: list.items.flatMap(({ id }) => byId.get(id) ?? []) };
}

/** The model knows texts of the training alone. */
const asRanked = (item: ItemExplanation, textRank: number | undefined): ItemExplanation =>
  textRank === undefined ? item : { itemId: item.itemId, kind: 'similar', rank: textRank };

/** Metadata of the moment says what the model learned from it; of an explored item the candidate's says its vector. */
function describedItem(
  { id, origin }: AnsweredList['items'][number],
  { exploring }: AnsweredList,
  records: ReadonlyMap<string, ItemRecord>,
): ExplainQuery['items'][number] {
  const isExplored = origin === 'exploration';
  const candidate = isExplored ? exploring?.candidates.find(id) : undefined;
  return { id, isExplored, metadata: candidate?.metadata ?? records.get(id) };
}

const causesOf = (items: readonly ItemExplanation[]): string[] =>
  items.flatMap((item) =>
    item.kind === 'scored' ? item.effects.flatMap(({ cause }) => (cause.kind === 'item' ? [cause.itemId] : [])) : [],
  );

/** With the clauses as they were written. */
async function shownFilter(
  { database }: Context,
  filter: CountedFilter | undefined,
): Promise<NonNullable<Output<'Explain'>['filter']> | undefined> {
  if (!filter) return undefined;
  const resource = await findResource(database, filterKind, filter.arn);
  const texts = clauseTexts(resource?.document.filterExpression ?? '');
  const [first] = filter.clauses;
  return {
    filterArn: filter.arn,
    items: first ? first.left + first.removed : 0,
    clauses: filter.clauses.map((clause) => shownClause({ ...clause, text: texts[clause.clause] ?? clause.action })),
  };
}

const shownClause = ({ clause: _, action: __, ...shown }: ClauseCount & { readonly text: string }) => shown;

function explainedItem(
  item: ItemExplanation,
  position: number,
  list: AnsweredList,
  told: ExplainedList,
): ExplainedItem {
  const { itemId, kind } = item;
  const given = list.items[position]?.origin ?? 'model';
  const origin = given === 'model' ? originOf(kind) : given;
  const shown = { itemId, title: told.titleOf(itemId), origin, why: whyOf(item, origin, told) } as const;
  if (kind === 'unscored') return shown;
  if (kind !== 'scored') return { ...shown, rank: item.rank };
  const { score, logSum, logit, parts, effects } = item;
  return {
    ...shown,
    score,
    logSum,
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
