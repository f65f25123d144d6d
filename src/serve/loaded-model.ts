import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import type { Vocabulary } from '../learn/model/vocabulary.ts';
import type { CandidateExploration, ExploredRanking } from './exploration/explorer.ts';
import type { ModelCopy } from './model-copy.ts';
import type { Query } from './scoring-messages.ts';
import { busyBacklog, ThreadDied } from './scoring-thread.ts';
import type { Deployment } from './serving.ts';

/** The model of a deployment while it is loading, held and leaving, with a copy on one scoring thread or more. */
export class LoadedModel {
  readonly deployment: Deployment;
  readonly #ready: Promise<void>;
  copies: readonly ModelCopy[] = [];
  /** When it was last asked for. */
  lastUsed = 0;
  /** A further copy is being opened. */
  growing = false;
  /** Set from the decision to let it go; resolves when its memory is free. */
  leaving: Promise<void> | undefined;
  #items: Vocabulary | undefined;
  #users = 0;
  #whenUnused: (() => void) | undefined;

  /** @param load opens the first copy. */
  constructor(deployment: Deployment, load: (model: LoadedModel) => Promise<void>) {
    this.deployment = deployment;
    this.#ready = load(this);
  }

  get bytes(): number {
    return this.copies.reduce((sum, copy) => sum + copy.bytes, 0);
  }

  get inUse(): boolean {
    return this.#users > 0;
  }

  /** Whether a further thread would answer sooner than those that hold it. */
  get busy(): boolean {
    return this.copies.every((copy) => copy.thread.backlog >= busyBacklog);
  }

  /** Runs `work` when the model is ready. It is not dropped before `work` has ended. */
  async use<T>(work: (model: LoadedModel) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      await this.#ready;
      return await work(this);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#whenUnused?.();
    }
  }

  /** Resolves when nobody uses it. */
  unused(): Promise<void> {
    return new Promise((resolve) => {
      if (this.inUse) this.#whenUnused = resolve;
      else resolve();
    });
  }

  ask(query: Query, exploring?: CandidateExploration): Promise<ExploredRanking> {
    return this.#leastBusy().ask(query, exploring);
  }

  propensities(query: PropensityQuery): Promise<Float32Array> {
    return this.#leastBusy().propensities(query);
  }

  /** The ids of its items: the same object for as long as it is held. */
  get items(): Vocabulary {
    this.#items ??= this.#leastBusy().items;
    return this.#items;
  }

  explain(query: ExplainQuery): Promise<Explanation> {
    return this.#leastBusy().explain(query);
  }

  /** The copy on the least busy thread. */
  #leastBusy(): ModelCopy {
    const [first, ...others] = this.copies;
    if (!first) throw new ThreadDied(`The thread that held the model of ${this.deployment.ownerArn} ended.`);
    return others.reduce((best, copy) => (copy.thread.backlog < best.thread.backlog ? copy : best), first);
  }
}
