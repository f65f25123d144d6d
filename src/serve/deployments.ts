import { ServiceError } from '../contract/errors.ts';
import { filePath } from '../data/encryption/file-path.ts';
import { keyIdOfName } from '../data/encryption/group-key.ts';
import type { ObjectStore } from '../data/objects/object-store.ts';
import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import type { Ranking, RankQuery, RecommendQuery } from '../learn/model/model.ts';
import { type LocalModel, localModel, unreadableModel } from '../learn/model/stored-model.ts';
import type { Vocabulary } from '../learn/model/vocabulary.ts';
import { Mutex } from '../util/mutex.ts';
import type { CandidateExploration, ExploredRanking } from './exploration/explorer.ts';
import { LoadedModel } from './loaded-model.ts';
import type { ModelFiles } from './model-copy.ts';
import { ModelMemory } from './model-memory.ts';
import type { Query } from './scoring-messages.ts';
import { ThreadDied } from './scoring-thread.ts';
import { ScoringThreads } from './scoring-threads.ts';
import type { Deployment, Serving } from './serving.ts';

export type ServingOptions = {
  readonly store: ObjectStore;
  /** Scoring threads at most, 1 or more. */
  readonly workers: number;
  /**
   * A deployment that nobody has asked for so long is dropped, a tenth of it (at most a minute) later at the latest.
   */
  readonly idleAfterMs: number;
  /** What all deployments together may hold. */
  readonly memoryLimitBytes: number;
  /** Milliseconds since any fixed moment. */
  now(): number;
};

/**
 * The life of a deployment's model:
 *
 *     absent → loading → held → leaving → absent
 *
 * - absent → loading: the first use; uses that come meanwhile wait for the same load.
 * - loading → absent: it cannot be opened, or is larger than the memory limit. All that wait get the reason.
 * - held: on one thread. While that is busy, another thread is not, and there is room without anyone leaving, it is
 *   opened there too: one busy deployment can use every core, and a quiet one holds its bytes once.
 * - held → leaving: idle, released, or in the way of another. New uses load it again; those it has are answered first.
 * - held → absent: its last thread died. What it was asked is asked once more of a fresh thread, and then given up.
 */
export class Deployments implements Serving {
  readonly #options: ServingOptions;
  readonly #threads: ScoringThreads;
  readonly #memory: ModelMemory;
  /** Models that are loading or held, by `keyOf`. */
  readonly #current = new Map<string, LoadedModel>();
  /** Repeats go one by one, so that a query which kills its thread again takes none of the others with it. */
  readonly #repeating = new Mutex();
  readonly #idleCheck: NodeJS.Timeout;
  #closed = false;

  /** @param scorer the entry file of a scoring thread. */
  constructor(options: ServingOptions, scorer: URL) {
    this.#options = options;
    this.#threads = new ScoringThreads(options.workers, scorer, (thread) => this.#memory.forgetThread(thread));
    this.#memory = new ModelMemory(options.memoryLimitBytes, this.#threads, (model) => this.#forget(model));
    this.#idleCheck = setInterval(() => this.#dropIdle(), Math.min(options.idleAfterMs / 10, 60_000)).unref();
  }

  async prepare(deployment: Deployment): Promise<void> {
    await this.#use(deployment, async () => {});
  }

  recommend(deployment: Deployment, query: RecommendQuery, exploring?: CandidateExploration): Promise<ExploredRanking> {
    return this.#ask(deployment, query, exploring);
  }

  rank(deployment: Deployment, query: RankQuery): Promise<Ranking> {
    return this.#ask(deployment, query);
  }

  propensities(deployment: Deployment, query: PropensityQuery): Promise<Float32Array> {
    return this.#use(deployment, (model) => {
      this.#growIfBusy(model);
      return model.propensities(query);
    });
  }

  items(deployment: Deployment): Promise<Vocabulary> {
    return this.#use(deployment, async (model) => model.items);
  }

  explain(deployment: Deployment, query: ExplainQuery): Promise<Explanation> {
    return this.#use(deployment, (model) => model.explain(query));
  }

  release(ownerArn: string, keep?: string): void {
    for (const model of this.#current.values()) {
      const { deployment } = model;
      if (deployment.ownerArn === ownerArn && deployment.model !== keep) void this.#memory.drop(model);
    }
  }

  releaseSealed(keyId: string): void {
    for (const model of this.#current.values()) {
      if (keyIdOfName(model.deployment.model) === keyId) void this.#memory.drop(model);
    }
  }

  loaded(): readonly { ownerArn: string; bytes: number }[] {
    const bytes = new Map<string, number>();
    for (const model of this.#memory.held) {
      const { ownerArn } = model.deployment;
      bytes.set(ownerArn, (bytes.get(ownerArn) ?? 0) + model.bytes);
    }
    // A share of ids is rarely a whole number.
    return [...bytes].map(([ownerArn, sum]) => ({ ownerArn, bytes: Math.round(sum) }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#idleCheck);
    await Promise.all([...this.#current.values()].map((model) => this.#memory.drop(model)));
    await this.#memory.settled();
    await this.#threads.endAll();
  }

  #ask(deployment: Deployment, query: Query, exploring?: CandidateExploration): Promise<ExploredRanking> {
    return this.#use(deployment, (model) => {
      this.#growIfBusy(model);
      return model.ask(query, exploring);
    });
  }

  async #use<T>(deployment: Deployment, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    try {
      return await this.#find(deployment).use(work);
    } catch (error) {
      if (!(error instanceof ThreadDied)) throw error;
    }
    return this.#repeating.run(() => this.#find(deployment).use(work));
  }

  #find(deployment: Deployment): LoadedModel {
    if (this.#closed) throw new Error('Serving is closed.');
    const key = keyOf(deployment);
    let model = this.#current.get(key);
    if (!model) {
      model = new LoadedModel(deployment, (loading) => this.#load(loading));
      this.#current.set(key, model);
    }
    model.lastUsed = this.#options.now();
    return model;
  }

  async #load(model: LoadedModel): Promise<void> {
    const { store } = this.#options;
    const prefix = model.deployment.model;
    try {
      let stored = 0;
      for await (const { bytes } of store.list(prefix)) stored += bytes;
      this.#memory.refuseIfTooLarge(model, stored);
      await using folder = await localModel(store, prefix);
      await this.#memory.open(model, filesOf(folder), stored).catch((error: unknown) => {
        throw isOfFiles(error) ? unreadableModel(store, prefix, error) : error;
      });
    } catch (error) {
      this.#forget(model);
      throw error;
    }
  }

  #growIfBusy(model: LoadedModel): void {
    if (model.busy && !model.growing && this.#threads.hasTimeFor(model)) this.#grow(model);
  }

  /** Opens a further copy meanwhile; without it the model stays as it is. */
  #grow(model: LoadedModel): void {
    const open = async () => {
      await using folder = await localModel(this.#options.store, model.deployment.model);
      await this.#memory.openAnother(model, filesOf(folder));
    };
    model.growing = true;
    open()
      .catch((error) => process.emitWarning(`${model.deployment.ownerArn} stays on fewer threads: ${error}`))
      .finally(() => {
        model.growing = false;
      });
  }

  #forget(model: LoadedModel): void {
    const key = keyOf(model.deployment);
    if (this.#current.get(key) === model) this.#current.delete(key);
  }

  #dropIdle(): void {
    const idleSince = this.#options.now() - this.#options.idleAfterMs;
    for (const model of this.#current.values()) {
      if (!model.inUse && model.lastUsed <= idleSince) void this.#memory.drop(model);
    }
  }
}

/** Whether it comes of reading a model's files: errors with a meaning of their own and defects do not. */
const isOfFiles = (error: unknown): error is Error =>
  error instanceof Error && ![ServiceError, ThreadDied, TypeError, RangeError].some((kind) => error instanceof kind);

const filesOf = ({ path, key, idSums }: LocalModel): ModelFiles => ({ folder: filePath(path, key), idSums });

/** Those of deployments that requests have asked: a key is long. */
const keys = new WeakMap<Deployment, string>();

function keyOf(deployment: Deployment): string {
  const known = keys.get(deployment);
  if (known !== undefined) return known;
  const key = `${deployment.ownerArn} ${deployment.model}`;
  keys.set(deployment, key);
  return key;
}
