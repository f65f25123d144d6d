import { setTimeout as sleep } from 'node:timers/promises';
import { openBuckets } from '../../../data/objects/buckets.ts';
import { TrailDelivery } from '../delivery/trail-delivery.ts';
import { removeOldFiles } from '../retention.ts';
import type { TrailWriter } from '../trail-writer.ts';
import type { TrailPlan, TrailTask } from './messages.ts';

type UpkeepParts = {
  readonly writer: TrailWriter;
  readonly now: () => number;
  readonly onError: (task: TrailTask, error: unknown) => void;
};

/** How often old files are looked for where nothing is delivered. */
const hourMs = 3_600_000;
/** The longest wait for a bucket that takes nothing. */
const longestWaitMs = 600_000;
/** How long a server that ends waits for its bucket; the next start delivers the rest. */
const closingMs = 5000;

/** Delivers records and removes old ones, now and then, one after the other. */
export function startUpkeep(plan: TrailPlan, { writer, now, onError }: UpkeepParts) {
  const { folder, node, delivery, days } = plan;
  if (!delivery && days === undefined) return { close: async () => {} };
  const ended = new AbortController();
  const deliverTo = lazy(async () => {
    if (!delivery) return undefined;
    const bucket = (await openBuckets(delivery.buckets)).bucket(delivery.bucket);
    return new TrailDelivery({ ...delivery, folder, node, bucket, writtenOf: (path) => writer.writtenOf(path) });
  });
  const deliver = async () => await (await deliverTo())?.run();
  const commit = async (record: string) => {
    await writer.append(new TextEncoder().encode(`${record}\n`), true);
  };
  const remove = async () => {
    if (days === undefined) return;
    await removeOldFiles({ folder, node, days, requiresDelivery: delivery !== undefined, now, commit });
  };

  async function loop(): Promise<void> {
    const usualMs = delivery?.everyMs ?? hourMs;
    let failures = 0;
    while (!ended.signal.aborted) {
      const failed = await attempt('deliver', deliver, failures === 0);
      failures = failed ? failures + 1 : 0;
      await attempt('remove', remove, true);
      const waitMs = failures === 0 ? usualMs : Math.min(usualMs * 2 ** (failures - 1), longestWaitMs);
      await sleep(waitMs, undefined, { signal: ended.signal }).catch(() => {});
    }
  }

  /** @param isNew of an outage, the log says the first failure alone */
  async function attempt(task: TrailTask, work: () => Promise<void>, isNew: boolean): Promise<boolean> {
    try {
      await work();
      return false;
    } catch (error) {
      if (isNew) onError(task, error);
      return true;
    }
  }

  const running = loop();
  return {
    async close(): Promise<void> {
      ended.abort();
      const last = running.then(() => attempt('deliver', deliver, true));
      await Promise.race([last, sleep(closingMs, undefined, { ref: false })]);
    },
  };
}

/** Made at the first call, and again after a failure. */
function lazy<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return async () => {
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}
