import { randomUUID } from 'node:crypto';
import { lockAccount } from '../data/database/dialect.ts';
import { withIamErrors } from './access/iam/iam-errors.ts';
import { type AttributedTotal, attributedTotals } from './attribution/attributed-totals.ts';
import { AttributionUpkeep } from './attribution/attribution-upkeep.ts';
import type { Context } from './context.ts';
import { RecordUpkeep } from './datasets/record-upkeep.ts';
import { dropSealed } from './deployments/lost-keys.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { families as allFamilies } from './families.ts';
import { Cleanup } from './jobs/cleanup.ts';
import { jobKinds } from './jobs/kinds.ts';
import { releaseAll } from './jobs/queue.ts';
import { Runner, type RunningJob } from './jobs/runner.ts';
import { scheduleMissingJobs } from './jobs/scheduled-jobs.ts';
import { createMemory, peerOf } from './memory.ts';
import { withOutages } from './outages.ts';
import { ownersAmong } from './owners.ts';
import type { ControlParts } from './parts.ts';
import { type ControlPeer, type Primary, releasedEverywhere } from './peers.ts';

export type { Clock, ControlParts as Parts } from './parts.ts';

/** The control plane: every operation of the contract, and the work behind them. */
export type Control = {
  /** What the other processes of the server ask of this one. */
  readonly peer: ControlPeer;
  /** What this one does for those that leave it to the process that has started them. */
  readonly working: Primary;
  /** @throws ServiceError for a mistake of the caller. `input` has been through the contract's validation. */
  readonly dispatch: Dispatch;
  runningJobs(): RunningJob[];
  /** Memory that each view holds on this node. */
  views(): { readonly view: string; readonly arn: string; readonly bytes: number }[];
  /** Memory that users' events since the last training take on this node. */
  liveHistories(): { readonly datasetArn: string; readonly bytes: number }[];
  /** How many items the deployments that are asked on this node explore. */
  candidates(): { readonly ownerArn: string; readonly count: number }[];
  /** What metrics of attributions have been counted to, on all nodes. */
  attributedMetrics(): Promise<AttributedTotal[]>;
  /** Clears up what a crash has left behind and resumes the work. */
  start(): Promise<void>;
  /** Ends the work in hand; its jobs go back to the queue. */
  stop(): Promise<void>;
};

export function createControl(given: ControlParts, families = allFamilies): Control {
  const { others, primary } = given;
  const parts = others && primary ? { ...given, serving: releasedEverywhere(given.serving, others) } : given;
  const kinds = families.flatMap((family) => family.kinds);
  const owners = ownersAmong(families);
  const memory = createMemory({ ...parts, owners });
  const context: Context = {
    ...parts,
    kinds,
    owners,
    records: memory.records,
    answers: memory.answers,
    transaction: async (account, work) => {
      const result = await parts.database.transaction().execute(async (trx) => {
        await lockAccount(trx, parts.dialect, account);
        return await work({ db: trx, now: parts.clock.now() });
      });
      wake();
      return result;
    },
    cancelWork: (...work) => (primary ? primary.cancelWork(...work) : runner.cancel(...work)),
  };
  const { impressions, log: records } = memory.records;
  const { views } = memory.answers;
  const services = families.flatMap((family) => family.services?.(context) ?? []);
  const runner = new Runner(context, jobKinds(services), randomUUID(), {
    batch: parts.settings.batchProcesses,
  });
  const upkeep = new RecordUpkeep(context);
  const attribution = new AttributionUpkeep(context);
  const cleanup = new Cleanup({ ...parts, kinds });
  const wake = () => {
    if (primary) return primary.wake();
    runner.wake();
    cleanup.wake();
  };
  return {
    peer: peerOf(memory, given.serving),
    working: {
      append: (batch) => records.append(batch),
      wake,
      cancelWork: (...work) => runner.cancel(...work),
    },
    dispatch: withOutages(withIamErrors(createDispatch(families.map(({ operations }) => operations(context)))), parts),
    runningJobs: () => runner.running(),
    views: () => views.keeper.loaded(),
    liveHistories: () => views.histories.held().map(({ key, view }) => ({ datasetArn: key.arn, bytes: view.bytes })),
    candidates: () =>
      views.explorations.held().map(({ key, view }) => ({ ownerArn: key.arn, count: view.candidates.count })),
    attributedMetrics: () => attributedTotals(context),
    async start() {
      await records.start();
      await memory.answers.hidden.start();
      await impressions.owners.start();
      parts.keys?.start((keyId) => {
        dropSealed(context, keyId).catch((error: unknown) =>
          parts.log.error({ err: error }, 'What a lost key has sealed could not be dropped from memory.'),
        );
      });
      if (primary || !others) views.keeper.start();
      else await views.keeper.stop();
      if (primary) return;
      if (parts.dialect === 'sqlite') await releaseAll(parts.database);
      impressions.start();
      await scheduleMissingJobs(context, services);
      runner.start();
      upkeep.start();
      attribution.start();
      cleanup.start();
    },
    async stop() {
      await attribution.stop();
      await upkeep.stop();
      await runner.stop();
      await cleanup.stop();
      await records.stop();
      await memory.answers.hidden.stop();
      await views.keeper.stop();
      await impressions.stop();
    },
  };
}
