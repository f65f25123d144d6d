import { accountOf } from '../../contract/arn.ts';
import type { Context } from '../context.ts';
import type { KindService } from '../family.ts';
import { findResource } from '../resources/resource-store.ts';

/** Schedules jobs for resources that lack them: those that an earlier release or other settings have left without. */
export async function scheduleMissingJobs(
  { database, transaction }: Pick<Context, 'database' | 'transaction'>,
  services: readonly KindService[],
): Promise<void> {
  for (const { kind, schedule } of services) {
    if (!schedule) continue;
    const rows = await database
      .selectFrom('resources')
      .select('arn')
      .where('kind', '=', kind.name)
      .where('status', '=', 'ACTIVE')
      .execute();
    for (const { arn } of rows) {
      await transaction(accountOf(arn), async (tx) => {
        const resource = await findResource(tx.db, kind, arn);
        if (resource) await schedule(tx, resource);
      });
    }
  }
}
