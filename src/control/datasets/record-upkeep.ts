import { accountOf } from '../../contract/arn.ts';
import { countedThrough } from '../../data/attribution/counts.ts';
import { compactedThrough, datasetFiles } from '../../data/manifest.ts';
import type { Context } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { findResource } from '../resources/resource-store.ts';
import { datasetKind } from './dataset-kind.ts';

/** When the log of a dataset is compacted: at so many bytes … */
const compactAtBytes = 64 * 2 ** 20;
/** … or when its oldest record has waited so long. */
const compactAfterMs = 10 * 60_000;
/** How long records that are in a file stay in the log, so that every node has noticed them by then. */
const keepMs = 60_000;

const everyMs = 15_000;

/** Has the records of the log compacted in time while the server runs, and removes those that are. */
export class RecordUpkeep {
  readonly #context: Context;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  #look(): void {
    this.#working ??= lookAfterRecords(this.#context)
      .catch((error: unknown) =>
        this.#context.log.error({ err: error }, 'The record log could not be looked after; that is tried again soon.'),
      )
      .finally(() => {
        this.#working = undefined;
      });
  }
}

async function lookAfterRecords(context: Context): Promise<void> {
  const { database, clock } = context;
  for (const datasetArn of await datasetsInLog(context)) {
    await removeCompacted(context, datasetArn);
    const { bytes, since } = await database
      .selectFrom('record_log')
      .select((column) => [column.fn.sum('bytes').as('bytes'), column.fn.min('created_at').as('since')])
      .where('dataset_arn', '=', datasetArn)
      .where('position', '>', compactedThrough(await datasetFiles(database, datasetArn)))
      .executeTakeFirstOrThrow();
    const isDue = Number(bytes) >= compactAtBytes || clock.now() - Number(since) >= compactAfterMs;
    if (since !== null && isDue) await enqueueCompaction(context, datasetArn);
  }
}

async function datasetsInLog({ database }: Context): Promise<string[]> {
  const rows = await database.selectFrom('record_log').select('dataset_arn').distinct().execute();
  return rows.map(({ dataset_arn }) => dataset_arn);
}

/** One job a dataset: a second would find nothing to do. */
async function enqueueCompaction({ transaction }: Context, datasetArn: string): Promise<void> {
  await transaction(accountOf(datasetArn), async (tx) => {
    if (!(await findResource(tx.db, datasetKind, datasetArn))) return;
    const waiting = await tx.db
      .selectFrom('jobs')
      .select('id')
      .where('resource_arn', '=', datasetArn)
      .where('kind', '=', 'compact-records')
      .executeTakeFirst();
    if (!waiting) await enqueue(tx, datasetKind, 'compact-records', { arn: datasetArn });
  });
}

/** Records of a dataset that is gone count as compacted. Those that are yet to be attributed stay in the log. */
async function removeCompacted({ database, records, clock }: Context, datasetArn: string): Promise<void> {
  const dataset = await findResource(database, datasetKind, datasetArn);
  const compacted = dataset ? compactedThrough(await datasetFiles(database, datasetArn)) : Number.MAX_SAFE_INTEGER;
  const through = Math.min(compacted, (await countedThrough(database, datasetArn)) ?? compacted);
  await records.log.remove(datasetArn, through, clock.now() - keepMs);
}
