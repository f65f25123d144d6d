import type { Recipe } from '../../learn/recipes/recipe.ts';
import type { Context } from '../context.ts';
import { explorationSettings } from '../deployments/exploration-source.ts';
import { trainedConditions } from '../deployments/history-source.ts';
import { mostEvents, rememberedSessionMs } from '../deployments/history-views.ts';
import type { TrainingPlan } from '../models/model-owner.ts';
import type { DataWish } from './batch-data.ts';
import type { VersionFilter } from './batch-filter.ts';
import type { AnyBatchDocument } from './batch-life.ts';
import type { PlannedAnswers } from './batch-plan.ts';

type AnswersRequest = {
  readonly context: Pick<Context, 'settings' | 'clock'>;
  readonly document: Pick<AnyBatchDocument, 'numResults' | 'batchInferenceJobConfig' | 'themeGenerationConfig'>;
  readonly plan: TrainingPlan;
  readonly filter: VersionFilter | undefined;
  /** The columns that themes may read, where the lists get any. */
  readonly themeColumns: readonly string[] | undefined;
  /** That of the model which answers; undefined where it has seen all that counts. */
  readonly watermark: number | undefined;
};

/** How the lines of a job are answered, and which data that needs. */
export function plannedAnswers(request: AnswersRequest): { readonly answers: PlannedAnswers; readonly wish: DataWish } {
  const { context, document, plan, filter, themeColumns: columnsOfThemes, watermark } = request;
  const { settings, clock } = context;
  const { quotas, seed } = settings;
  const { recipe } = plan;
  const { itemExplorationConfig, rankingInfluence } = document.batchInferenceJobConfig ?? {};
  const itemName = document.themeGenerationConfig?.fieldsForThemeGeneration.itemName;
  const startedAt = clock.now();
  const sessionsSince = startedAt - rememberedSessionMs;
  const explored = explorationSettings(recipe, itemExplorationConfig);
  const exploration =
    explored && explored.rate > 0 ? { rate: explored.rate, itemAgeSeconds: explored.itemAgeSeconds } : undefined;
  const followsEvents = watermark !== undefined && isPersonal(recipe);
  const columns = filter?.needs.columns;
  const readsEvents = filter?.needs.eventTypes !== undefined;
  return {
    answers: {
      count: document.numResults,
      startedAt,
      seed,
      limits: { lineBytes: quotas.batchLineBytes, itemsToRank: quotas.itemsPerRanking },
      ...(recipe.managedExploration && { givesReasons: true }),
      influence: rankingInfluence,
      histories: followsEvents
        ? {
            after: watermark,
            events: trainedConditions(plan),
            limit: Math.min(quotas.liveEventsPerUser, mostEvents),
            sessionsSince,
          }
        : undefined,
      exploration,
      themes: itemName === undefined ? undefined : { itemName, columns: columnsOfThemes },
      filter: filter && {
        filter: filter.filter,
        events: readsEvents ? { limit: quotas.interactionsPerEventType, sessionsSince } : undefined,
      },
    },
    wish: {
      interactions: exploration || readsEvents ? 'all' : followsEvents ? 'streamed' : undefined,
      items: exploration !== undefined || itemName !== undefined || columns?.has('Items'),
      users: columns?.has('Users'),
    },
  };
}

/** Of other recipes only what was there at the training counts (spec batch.md §1). */
const isPersonal = ({ recipeType, usesHistory }: Recipe) =>
  usesHistory && (recipeType === 'USER_PERSONALIZATION' || recipeType === 'PERSONALIZED_RANKING');
