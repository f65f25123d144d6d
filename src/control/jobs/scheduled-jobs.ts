import { accountOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { findResource } from '../resources/resource-store.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { beginSchedule, hasSchedule } from '../solutions/training-schedule.ts';

/** Makes the appointments that are missing: of what a server has created that had none of the kind, or that had them turned off. */
export async function scheduleMissingJobs({ database, transaction, settings }: Context): Promise<void> {
  const rows = await database
    .selectFrom('resources')
    .select(['arn', 'kind'])
    .where('kind', 'in', ['solution', 'campaign'])
    .where('status', '=', 'ACTIVE')
    .execute();
  for (const { arn, kind } of rows) {
    await transaction(accountOf(arn), async (tx) => {
      if (kind === 'campaign') {
        const campaign = await findResource(tx.db, campaignKind, arn);
        if (campaign) await scheduleUpdates(tx, campaign.document.solutionVersionArn, settings.updateEveryMs);
      } else {
        const solution = await findResource(tx.db, solutionKind, arn);
        if (!solution?.document.performAutoTraining || (await hasSchedule(tx, arn))) return;
        await beginSchedule(tx, arn);
      }
    });
  }
}
