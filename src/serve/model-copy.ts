import type { FilePath } from '../data/encryption/file-path.ts';
import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import { Vocabulary } from '../learn/model/vocabulary.ts';
import type { Candidate, Candidates } from './exploration/candidates.ts';
import type { CandidateExploration, Exploration, ExploredRanking } from './exploration/explorer.ts';
import type { OpenedModel, Query } from './scoring-messages.ts';
import { type ScoringThread, ThreadDied } from './scoring-thread.ts';
import type { IdsLease, SharedIds } from './shared-ids.ts';

let lastId = 0;

/**
 * Most candidates that a thread is sent before one query, and most with metadata: making their vectors takes it some
 * milliseconds.
 */
const mostAtOnce = { all: 200, described: 20 };

/** A model's folder, and the checksums of its files of ids. */
export type ModelFiles = { readonly folder: FilePath; readonly idSums: readonly string[] };

/** A model as one scoring thread holds it. */
export class ModelCopy {
  readonly thread: ScoringThread;
  /** The ids of its items: one object for all models of the same. */
  readonly items: Vocabulary;
  readonly #id: number;
  /** Beside its ids. */
  readonly #modelBytes: number;
  readonly #ids: IdsLease;
  /** Vectors of candidates. */
  #exploringBytes = 0;
  /** The candidates that the thread explores, and how many of them it was sent. */
  #candidates: Candidates | undefined;
  #sent = 0;
  #closing: Promise<void> | undefined;

  private constructor(thread: ScoringThread, id: number, ids: IdsLease, { bytes, itemIds, itemSum }: OpenedModel) {
    this.thread = thread;
    this.#id = id;
    this.#ids = ids;
    this.#modelBytes = bytes;
    const shared = itemSum === undefined ? undefined : ids.find(itemSum);
    this.items = shared ?? new Vocabulary(itemIds.utf8, itemIds.offsets, itemIds.slots);
  }

  get bytes(): number {
    return this.#modelBytes + this.#exploringBytes + this.#ids.bytes;
  }

  /** Opens the model of a folder on a thread. @throws what opening threw, or ThreadDied. */
  static async open(thread: ScoringThread, { folder, idSums }: ModelFiles, shared: SharedIds): Promise<ModelCopy> {
    lastId += 1;
    const id = lastId;
    thread.models += 1;
    try {
      const opened = await thread.send((ticket) => ['open', ticket, id, folder, shared.known(idSums)]);
      if (typeof opened === 'number' || !('itemIds' in opened)) throw new Error('A scoring thread opened no model.');
      thread.bytes += opened.bytes;
      return new ModelCopy(thread, id, shared.lease(opened.ids), opened);
    } catch (error) {
      thread.models -= 1;
      throw error;
    }
  }

  /** @throws what the model threw, or ThreadDied. */
  async ask(query: Query, exploring?: CandidateExploration): Promise<ExploredRanking> {
    const sent = exploring && this.#send(exploring.candidates);
    const asked = this.thread.send((ticket) =>
      'items' in query
        ? ['rank', ticket, this.#id, query]
        : ['recommend', ticket, this.#id, query, exploring && explorationOf(exploring)],
    );
    const [answer] = await Promise.all([asked, sent]);
    if (typeof answer === 'number' || !('items' in answer))
      throw new Error('A scoring thread gave no list for a query.');
    return answer;
  }

  /** The chances of the model's actions. @throws as `ask` */
  async propensities(query: PropensityQuery): Promise<Float32Array> {
    const answer = await this.thread.send((ticket) => ['propensities', ticket, this.#id, query]);
    if (!(answer instanceof Float32Array)) throw new Error('A scoring thread gave no propensities.');
    return answer;
  }

  /** Why an answer has the items that it has. @throws as `ask` */
  async explain(query: ExplainQuery): Promise<Explanation> {
    const answer = await this.thread.send((ticket) => ['explain', ticket, this.#id, query]);
    if (typeof answer === 'number' || !('explanation' in answer))
      throw new Error('A scoring thread gave no explanation.');
    return answer.explanation;
  }

  /**
   * Before the next query the thread is sent candidates that it does not have: some of them, where they are many.
   */
  async #send(candidates: Candidates): Promise<void> {
    const isOther = this.#candidates !== candidates;
    const from = isOther ? 0 : this.#sent;
    if (from === candidates.items.length && !isOther) return;
    const added = nextOf(candidates.items, from);
    this.#candidates = candidates;
    this.#sent = from + added.length;
    const posterior = isOther ? candidates.posterior : undefined;
    const bytes = Number(await this.thread.send((ticket) => ['candidates', ticket, this.#id, added, posterior]));
    this.thread.bytes += bytes - this.#exploringBytes;
    this.#exploringBytes = bytes;
  }

  /** Forgets a copy that went with its thread. */
  forget(): void {
    this.#ids.end();
  }

  /** Makes the thread forget the model, after all that was asked of it before; closing again changes nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.thread.send((ticket) => ['close', ticket, this.#id]);
    } catch (error) {
      if (!(error instanceof ThreadDied)) throw error; // a dead thread holds nothing
    }
    this.thread.models -= 1;
    this.thread.bytes -= this.#modelBytes + this.#exploringBytes;
    this.#ids.end();
  }
}

/** Candidates are sent apart, and once. */
const explorationOf = ({ rate, withChoices, eligible }: CandidateExploration): Exploration => ({
  rate,
  withChoices,
  eligible,
});

/** As many as are sent at once. */
function nextOf(items: readonly Candidate[], from: number): readonly Candidate[] {
  let [end, described] = [from, 0];
  while (end < items.length && end < from + mostAtOnce.all && described < mostAtOnce.described) {
    if (items[end++]?.metadata) described++;
  }
  return items.slice(from, end);
}
