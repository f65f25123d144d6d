import { accountOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import { expectUpdates } from '../models/model-updates.ts';
import { findResource } from '../resources/resource-store.ts';
import { beginSchedule, hasSchedule } from '../solutions/training-schedule.ts';

/** Makes the appointments that are missing: of what a server has created that had none of the kind, or that had them turned off. */
export async function makeAppointments({ database, change, settings }: Context): Promise<void> {
  const rows = await database
    .selectFrom('resources')
    .select(['arn', 'kind'])
    .where('kind', 'in', ['solution', 'campaign'])
    .where('status', '=', 'ACTIVE')
    .execute();
  for (const { arn, kind } of rows) {
    await change(accountOf(arn), async (changes) => {
      if (kind === 'campaign') {
        const campaign = await findResource(changes.trx, 'campaign', arn);
        if (campaign) await expectUpdates(changes, campaign.document.solutionVersionArn, settings.updateEveryMs);
      } else {
        const solution = await findResource(changes.trx, 'solution', arn);
        if (!solution?.document.performAutoTraining || (await hasSchedule(changes, arn))) return;
        await beginSchedule(changes, arn);
      }
    });
  }
}
