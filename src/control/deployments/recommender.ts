import { randomUUID } from 'node:crypto';
import { arnOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { callOff } from '../jobs/queue.ts';
import { getUseCase } from '../models/recipe-lookup.ts';
import { datasetColumnsOf } from '../models/training-columns.ts';
import { getActive, refuseExisting, requireNoUpdate, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { changeResource, getResource } from '../resources/resource-store.ts';
import { timesOf, updateSummaryOf } from '../resources/summaries.ts';
import { newUpdate } from '../resources/updates.ts';
import { dropDeployment } from './model-deployment.ts';
import { requireDatasets, requireDomain } from './recommender-checks.ts';
import { type Recommender, recommenderKind } from './recommender-kind.ts';
import { completeConfig, updatedSettings, waitsForTraining } from './recommender-settings.ts';
import { startTraining } from './recommender-training.ts';

type RecommenderOperation =
  | 'CreateRecommender'
  | 'DescribeRecommender'
  | 'ListRecommenders'
  | 'UpdateRecommender'
  | 'StartRecommender'
  | 'StopRecommender'
  | 'DeleteRecommender';

export function recommenderHandlers(context: Context): HandlersOf<RecommenderOperation> {
  const { database, transaction, settings, answers, cancelWork } = context;
  return {
    async CreateRecommender({ name, datasetGroupArn, recipeArn, recommenderConfig = {}, tags }, caller) {
      const recipe = getUseCase(recipeArn);
      const arn = arnOf(caller, recommenderKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        const group = await getResource(tx.db, datasetGroupKind, datasetGroupArn, caller);
        await refuseExisting(tx.db, arn);
        requireStatus(group, 'ACTIVE');
        requireDomain(group, recipe);
        await requireDatasets(tx.db, group, recipe);
        const datasetColumns = await datasetColumnsOf(tx.db, { ...caller, parent: group.arn });
        const config = completeConfig(recommenderConfig, recipe, datasetColumns);
        const prefix = `models/${randomUUID()}/`;
        const document = { recipeArn, recommenderConfig: config, datasetColumns, prefix };
        await createResource(tx, recommenderKind, settings, caller, { arn, name, parent: group.arn, document, tags });
      });
      return { recommenderArn: arn };
    },

    async DescribeRecommender({ recommenderArn }, caller) {
      const recommender = await getResource(database, recommenderKind, recommenderArn, caller);
      const { failureReason, metrics, latestUpdate } = recommender.document;
      return {
        recommender: {
          ...summaryOf(recommender),
          failureReason,
          latestRecommenderUpdate: latestUpdate && updateOf(latestUpdate),
          modelMetrics: metrics && { ...metrics },
        },
      };
    },

    async ListRecommenders({ datasetGroupArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, recommenderKind, caller, page, datasetGroupArn);
      return { recommenders: resources.map(summaryOf), nextToken };
    },

    /** Other columns are trained first; other settings take effect without a training (spec domains.md §3). */
    async UpdateRecommender({ recommenderArn, recommenderConfig }, caller) {
      const calledOff = await transaction(caller.account, async (tx) => {
        const recommender = await getActive(tx.db, recommenderKind, recommenderArn, caller);
        requireNoUpdate(recommender);
        const { document, parent } = recommender;
        const columns = await datasetColumnsOf(tx.db, { ...caller, parent: parent ?? '' });
        const wanted = updatedSettings(document, recommenderConfig, getUseCase(document.recipeArn), columns);
        const latestUpdate = newUpdate(wanted, 'CREATE PENDING', tx.now);
        const updated = await changeResource(tx, recommender, { document: { latestUpdate } });
        if (waitsForTraining(updated.document)) return await startTraining(tx, updated);
        await enqueue(tx, recommenderKind, 'deploy-recommender', updated);
        return [];
      });
      cancelWork(recommenderArn, calledOff);
      return { recommenderArn };
    },

    async StartRecommender({ recommenderArn }, caller) {
      await transaction(caller.account, async (tx) => {
        const recommender = await getResource(tx.db, recommenderKind, recommenderArn, caller);
        requireStatus(recommender, 'INACTIVE');
        await changeResource(tx, recommender, { status: 'START PENDING' });
        await enqueue(tx, recommenderKind, 'deploy-recommender', recommender);
      });
      return { recommenderArn };
    },

    /** It answers no request from now on. A retraining that is going on is called off. */
    async StopRecommender({ recommenderArn }, caller) {
      const ended = Object.keys(recommenderKind.jobs).filter((name) => name !== 'stop-recommender');
      await transaction(caller.account, async (tx) => {
        const recommender = await getActive(tx.db, recommenderKind, recommenderArn, caller);
        requireNoUpdate(recommender);
        await callOff(tx, recommenderArn, ended);
        await changeResource(tx, recommender, { status: 'STOP PENDING' });
        await enqueue(tx, recommenderKind, 'stop-recommender', recommender);
      });
      cancelWork(recommenderArn, ended);
      await answers.deployments.forget(recommenderArn);
      return { recommenderArn };
    },

    /** Its models go with it. */
    async DeleteRecommender({ recommenderArn }, caller) {
      await deleteResource(context, recommenderKind, recommenderArn, caller);
      await dropDeployment(context, recommenderArn);
      return {};
    },
  };
}

function summaryOf(recommender: Recommender) {
  const { name, arn, parent, status, document } = recommender;
  const { recipeArn, recommenderConfig } = document;
  const datasetGroupArn = parent ?? undefined;
  return { name, recommenderArn: arn, datasetGroupArn, recipeArn, recommenderConfig, status, ...timesOf(recommender) };
}

function updateOf(update: NonNullable<Recommender['document']['latestUpdate']>) {
  const { datasetColumns, ...shown } = updateSummaryOf(update);
  return shown;
}
