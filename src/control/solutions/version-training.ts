import { campaignsUsing } from '../deployments/campaign-kind.ts';
import { followLatest } from '../deployments/campaign-updates.ts';
import { WorkFailed } from '../jobs/job.ts';
import type { TrainingLife } from '../models/model-training.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { solutionKind } from './solution-kind.ts';
import { latestTrainedVersion, type SolutionVersion, solutionVersionKind } from './solution-version-kind.ts';

/** One transaction makes a version ACTIVE and starts the updates of the campaigns that follow its solution. */
export const versionTraining: TrainingLife<typeof solutionVersionKind> = {
  kind: solutionVersionKind,
  async begin(tx, version) {
    await changeResource(tx, version, { status: 'CREATE IN_PROGRESS' });
  },
  async finish(tx, version, trained) {
    if (version.status === 'CREATE STOPPING') {
      // Asked to stop after the last look at the signal: it is stopped, and the model is removed.
      await end(tx, version);
      return false;
    }
    await changeResource(tx, version, { status: 'ACTIVE', document: trained });
    const solution = await findResource(tx.db, solutionKind, version.parent ?? '');
    if (!solution) throw new Error(`${version.arn} has no solution.`);
    for (const campaign of await campaignsUsing(tx.db, solution)) {
      if (campaign.parent === solution.arn) await followLatest(tx, campaign);
    }
    return true;
  },
  end,
  /** The model that an update by hand starts from: that of the last training. */
  async modelToUpdate(db, { parent, document }) {
    if (document.trainingMode !== 'UPDATE') return undefined;
    const solution = await findResource(db, solutionKind, parent ?? '');
    const trained = solution && (await latestTrainedVersion(db, solution));
    if (trained?.document.model === undefined) {
      throw new WorkFailed('There is no trained solution version to update. Create one with trainingMode FULL first.');
    }
    return trained.document.model;
  },
};

/** A training that ends without a model: stopped where that was asked for, failed otherwise. */
async function end(tx: Transaction, version: SolutionVersion, failureReason?: string): Promise<void> {
  if (version.status === 'CREATE STOPPING') {
    await changeResource(tx, version, { status: 'CREATE STOPPED' });
  } else {
    await changeResource(tx, version, { status: 'CREATE FAILED', document: { failureReason } });
  }
}
