import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { StreamedId } from '../../data/identity.ts';
import { unrememberedId } from '../../data/records/impressions.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { Ranking } from '../../learn/model/model.ts';
import { type RecipeTypeFacts, type RequestId, recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { CandidateExploration, ExploredRanking } from '../../serve/exploration/explorer.ts';
import type { Deployment } from '../../serve/serving.ts';
import { refuseUnavailable } from '../availability.ts';
import type { Context } from '../context.ts';
import type { DeploymentEntry } from '../deployments/deployment-cache.ts';
import { candidatesOf } from '../deployments/exploration-views.ts';
import { findHistory } from '../deployments/history-views.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { titleFor, wordsFor } from '../resources/kind.ts';

const defaultResults = 25;

/** What is known of a deployment that answers. */
type ReadyDeployment = Pick<DeploymentEntry, 'kind' | 'modelOwnerArn' | 'source' | 'exploration'> & {
  readonly deployment: Deployment;
};

export function recommendationHandlers({
  clock,
  answers,
  records,
  propensities,
  serving,
  settings,
}: Context): HandlersOf<'GetRecommendations' | 'GetPersonalizedRanking'> {
  /** @throws ServiceError ResourceNotFoundException, or InvalidInputException if nothing is there to serve. */
  async function readyDeployment(arn: string, { account, region }: Caller): Promise<ReadyDeployment> {
    const entry = await answers.deployments.find(arn);
    if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
    const { kind, status, modelOwnerArn, deployment, source, exploration } = entry;
    if (status !== 'ACTIVE' || !deployment) {
      throw invalidInput(`${titleFor(kind)} ${arn} is in status ${status}; it must be ACTIVE.`);
    }
    return { kind, modelOwnerArn, deployment, source, exploration };
  }

  /** What an id stands for, the model decides: it alone knows its users. */
  async function streamedOf(
    { source }: ReadyDeployment,
    id: string | undefined,
  ): Promise<StreamedId<LiveHistory> | undefined> {
    return source && id ? await findHistory(answers.views.histories, source, id) : undefined;
  }

  /** For the person who asks later what an answer was made from. */
  function noteAnswer(
    { history }: Ranking,
    { deployment: { ownerArn }, modelOwnerArn = '', source }: ReadyDeployment,
  ): void {
    if (history?.userId === undefined || !source) return;
    const answer = { ownerArn, modelOwnerArn, ...history, answeredAt: clock.now() };
    answers.last.remember(source.datasetArn, history.userId, answer);
  }

  /** Among which items the answer is to explore; undefined for the model's own. */
  function exploringOf({ deployment, exploration }: ReadyDeployment): CandidateExploration | undefined {
    const candidates = exploration && candidatesOf(answers.views.explorations, deployment, exploration);
    return candidates && { candidates, rate: exploration.rate, withChoices: propensities !== undefined };
  }

  /** The recommendationId of an answer, by which events say what was shown where that helps to explore. */
  function idOf(answer: ExploredRanking, { deployment, exploration }: ReadyDeployment, userId = ''): string {
    if (!exploration) return unrememberedId();
    const recommendationId = records.impressions.remember(answer.items);
    const { ownerArn } = deployment;
    const { choices = [] } = answer;
    const { userId: person = userId } = answer.history ?? {};
    propensities?.add({ recommendationId, ownerArn, userId: person, rate: exploration.rate, choices });
    return recommendationId;
  }

  return {
    async GetRecommendations(input, caller) {
      const { campaignArn, userId, itemId, numResults = 0, context } = input;
      refuseUnavailable({
        recommenderArn: input.recommenderArn !== undefined && campaignArn === undefined,
        promotions: (input.promotions ?? []).length > 0,
        ...filterFeatures(input),
      });
      if (campaignArn === undefined || input.recommenderArn !== undefined) {
        throw invalidInput('Exactly one of campaignArn and recommenderArn must be given.');
      }
      const limit = settings.quotas.recommendationsPerRequest;
      if (numResults > limit) throw invalidInput(`numResults must be less than or equal to ${limit}.`);
      const ready = await readyDeployment(campaignArn, caller);
      const { deployment } = ready;
      requireFor('GetRecommendations', ready, { userId, itemId });
      // 0 is the service's way to say nothing (spec runtime.md §1).
      const count = numResults === 0 ? defaultResults : numResults;
      const query = { userId, itemId, context, count, streamed: await streamedOf(ready, userId) };
      const answer = await serving.recommend(deployment, query, exploringOf(ready));
      noteAnswer(answer, ready);
      const itemList = itemsOf(answer, ready.exploration?.givesReasons);
      return { itemList, recommendationId: idOf(answer, ready, userId) };
    },

    async GetPersonalizedRanking(input, caller) {
      const { campaignArn, userId, inputList, context } = input;
      refuseUnavailable(filterFeatures(input));
      const limit = settings.quotas.itemsPerRanking;
      if (inputList.length === 0) throw invalidInput('inputList must name at least one item.');
      if (inputList.length > limit) throw invalidInput(`inputList must name no more than ${limit} items.`);
      const ready = await readyDeployment(campaignArn, caller);
      const { deployment } = ready;
      requireFor('GetPersonalizedRanking', ready, { userId });
      const streamed = await streamedOf(ready, userId);
      const ranked = await serving.rank(deployment, { userId, streamed, items: [...new Set(inputList)], context });
      noteAnswer(ranked, ready);
      return { personalizedRanking: itemsOf(ranked), recommendationId: unrememberedId() };
    },
  };
}

function filterFeatures({
  filterArn,
  filterValues = {},
  metadataColumns = {},
}: {
  readonly filterArn?: string;
  readonly filterValues?: object;
  readonly metadataColumns?: object;
}) {
  return {
    filterArn: filterArn !== undefined,
    filterValues: Object.keys(filterValues).length > 0,
    metadataColumns: Object.keys(metadataColumns).length > 0,
  };
}

/**
 * @throws ServiceError InvalidInputException if the operation is not for the recipe, or an id that it needs is missing.
 */
function requireFor(
  operation: RecipeTypeFacts['operation'],
  { kind, deployment: { ownerArn, recipeType } }: ReadyDeployment,
  ids: { readonly [Id in RequestId]?: string | undefined },
): void {
  const facts = recipeTypes[recipeType];
  if (facts.operation !== operation) {
    throw invalidInput(
      `${operation} does not apply to ${wordsFor(kind)} ${ownerArn}, whose recipe is of type ${recipeType}.`,
    );
  }
  const missing = facts.requiredIds.find((id) => !ids[id]);
  if (missing) throw invalidInput(`${missing} is required for recipes of type ${recipeType}.`);
}

/** Scores have 7 decimals; an item without one, or without a reason, has no such member (spec runtime.md §7). */
function itemsOf({ items, scores, explored = [] }: ExploredRanking, givesReasons = false) {
  return items.map((itemId, position) => {
    const score = scores?.[position] ?? null;
    return {
      itemId,
      ...(score !== null && { score: Math.round(score * 1e7) / 1e7 }),
      ...(givesReasons && explored.includes(position) && { reason: ['Exploration'] }),
    };
  });
}
