import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { ObjectStore } from '../data/objects/object-store.ts';
import { PropensityLog } from '../serve/exploration/propensity-log.ts';
import { openServing } from '../serve/open-serving.ts';
import type { Serving } from '../serve/serving.ts';

/** A model that no request has used for so long leaves memory. */
const idleAfterMs = 30 * 60_000;

/** The share of the machine's memory that loaded models may hold together. */
const modelMemoryShare = 0.5;

type Parts = {
  readonly store: ObjectStore;
  /** Processes that share the machine. */
  readonly count: number;
  readonly log: Logger;
};

/** What answers requests: loaded models, and where exploration writes down what it has decided. */
export async function openAnswering(
  options: ServerOptions,
  { store, count, log }: Parts,
  opened: AsyncDisposableStack,
): Promise<{ readonly serving: Serving; readonly propensities: PropensityLog | undefined }> {
  const serving = await openServing({
    store,
    workers: Math.max(1, Math.floor((availableParallelism() - 1) / count)),
    idleAfterMs,
    memoryLimitBytes: (modelMemoryShare * (process.constrainedMemory() || totalmem())) / count,
    now: () => performance.now(),
  });
  opened.defer(() => serving.close());
  const propensities = options.propensities ? openPropensities(options, log) : undefined;
  opened.defer(() => propensities?.close());
  return { serving, propensities };
}

const openPropensities = ({ home }: ServerOptions, log: Logger) =>
  new PropensityLog({
    folder: join(home, 'propensities'),
    now: () => Date.now(),
    onError: (error) => log.warn({ err: error }, 'What exploration has decided could not be written down.'),
  });
