import type { Context } from '../context.ts';
import type { JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { movedUpdate, updateStatusOf } from '../resources/updates.ts';
import { type DeploymentLife, dropDeployment } from './model-deployment.ts';
import { type Recommender, recommenderKind } from './recommender-kind.ts';
import { waitsForTraining } from './recommender-settings.ts';
import { scheduleWork } from './recommender-training.ts';

/**
 * Has a recommender serve its newest model with the settings that it was asked for: after a training, when it is
 * started, and for an update that needs no training.
 */
export function recommenderServing(
  context: Pick<Context, 'owners' | 'settings' | 'log'>,
): DeploymentLife<typeof recommenderKind> {
  return {
    kind: recommenderKind,
    target: ({ arn }) => arn,
    async begin(tx, recommender) {
      if (recommender.status === 'START PENDING') {
        await changeResource(tx, recommender, { status: 'START IN_PROGRESS' });
      } else if (isToBeUpdated(recommender)) {
        const latestUpdate = movedUpdate(recommender, 'CREATE IN_PROGRESS', tx.now);
        await changeResource(tx, recommender, { document: { latestUpdate } });
      }
    },
    async finish(tx, recommender, deployment) {
      if (!['CREATE IN_PROGRESS', 'START IN_PROGRESS', 'ACTIVE'].includes(recommender.status)) return false;
      const served = await changeResource(tx, recommender, {
        status: 'ACTIVE',
        document: { deployment, failureReason: undefined, ...updatedSettings(tx, recommender) },
      });
      await scheduleWork(context, tx, served);
      return true;
    },
    fail: (tx, recommender, failureReason) => failDeployment(context, tx, recommender, failureReason),
  };
}

/** Whether an update takes effect with the next deployment: it waits for no training. */
const isToBeUpdated = (recommender: Recommender) =>
  ['CREATE PENDING', 'CREATE IN_PROGRESS'].includes(updateStatusOf(recommender) ?? '') &&
  !waitsForTraining(recommender.document);

/** An update that has come since the deployment began has a deployment of its own. */
function updatedSettings(tx: Transaction, recommender: Recommender): Partial<Recommender['document']> {
  if (updateStatusOf(recommender) !== 'CREATE IN_PROGRESS' || !isToBeUpdated(recommender)) return {};
  const latestUpdate = movedUpdate(recommender, 'ACTIVE', tx.now);
  const { recommenderConfig, datasetColumns } = latestUpdate;
  return { latestUpdate, recommenderConfig, datasetColumns };
}

async function failDeployment(
  { log }: Pick<Context, 'log'>,
  tx: Transaction,
  recommender: Recommender,
  failureReason: string,
): Promise<void> {
  const { arn, status } = recommender;
  if (status === 'CREATE IN_PROGRESS') {
    await changeResource(tx, recommender, { status: 'CREATE FAILED', document: { failureReason } });
  } else if (status === 'START PENDING' || status === 'START IN_PROGRESS') {
    await changeResource(tx, recommender, { status: 'INACTIVE', document: { failureReason } });
  } else if (isToBeUpdated(recommender)) {
    const latestUpdate = movedUpdate(recommender, 'CREATE FAILED', tx.now, failureReason);
    await changeResource(tx, recommender, { document: { latestUpdate } });
  } else {
    log.error(
      { resource: arn, reason: failureReason },
      'A retrained model could not be deployed; the one before answers.',
    );
  }
}

/** Takes a recommender out of service: it keeps its model, and holds no memory. */
export function recommenderStop(context: Context): JobHandler {
  return {
    async run(job) {
      await job.transaction(async (tx) => {
        const recommender = await resourceOf(tx, recommenderKind, job);
        await changeResource(tx, recommender, { status: 'STOP IN_PROGRESS' });
      });
      return {
        async commit(tx) {
          const recommender = await resourceOf(tx, recommenderKind, job);
          const document = { deployment: undefined, pendingWatermark: undefined };
          await changeResource(tx, recommender, { status: 'INACTIVE', document });
        },
        afterwards: () => dropDeployment(context, job.resourceArn),
      };
    },
    async fail(tx, job) {
      const recommender = await resourceOf(tx, recommenderKind, job);
      await scheduleWork(context, tx, await changeResource(tx, recommender, { status: 'ACTIVE' }));
    },
  };
}
