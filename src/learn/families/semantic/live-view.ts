import { setImmediate as letOthersRun } from 'node:timers/promises';
import { filePath } from '../../../data/encryption/file-path.ts';
import { decodeLines, type Layout } from '../../../data/records/layout.ts';
import type { LogEntry } from '../../../data/records/record-log.ts';
import type { Snapshot } from '../../../data/views/view.ts';
import { isOfEncoder } from '../../features/encoder-tensors.ts';
import type { LiveItemView, LiveQuery } from '../../model/live-view.ts';
import type { Ranking, RecommendQuery } from '../../model/model.ts';
import { float64Tensor, uint32Tensor } from '../../model/model-content.ts';
import { itemsFile, readDescription, readTensors } from '../../model/model-folder.ts';
import type { LiveViewParts } from '../../recipes/live-answers.ts';
import { mostCharacters } from '../../training-set/metadata.ts';
import { changedItems, type DescribedItem } from './changed-items.ts';
import { bestOf, type Candidate, candidateCount, freshnessByte } from './influence.ts';
import { creationColumn, joinedText } from './item-texts.ts';
import { LiveItems } from './live-items.ts';
import { openTextProfiler, type TextProfiler } from './text-profiler.ts';

const wantedTensors = ['creation_time_cuts', 'text_vector_mean'];
/** Items whose texts are read in one turn of the event loop, some tenths of a millisecond each. */
const atOnce = 16;
/** Items that wait for that; beyond them it is quicker to read the dataset again. */
const mostWaiting = 10_000;

/** @throws Error in one sentence if texts cannot be read here as in the training; what a store or a disk does */
export async function openSemanticView(parts: LiveViewParts): Promise<SemanticView> {
  return await parts.withModel(async (folder) => {
    const { constants, itemColumns } = await readDescription(folder);
    const tensors = await readTensors(folder, (name) => isOfEncoder(name) || wantedTensors.includes(name));
    const learned = { tensors, constants, itemColumns };
    const profiler = await openTextProfiler(learned, parts.textEncoder);
    const columns = itemColumns?.map(({ name }) => name) ?? [];
    return new SemanticView(parts, { profiler, columns, timeCuts: float64Tensor(learned, 'creation_time_cuts') });
  });
}

/** What the training knows of texts and times. */
type Trained = {
  readonly profiler: TextProfiler;
  /** Names of the columns of text that trained. */
  readonly columns: readonly string[];
  readonly timeCuts: Float64Array;
};

/** Puts new items, and those with other texts than in the training, among the similar items of the model. */
export class SemanticView implements LiveItemView {
  readonly #parts: LiveViewParts;
  readonly #trained: Trained;
  readonly #items: LiveItems;
  #waiting: DescribedItem[] = [];
  #isTaking = false;
  #isStale = false;

  constructor(parts: LiveViewParts, trained: Trained) {
    this.#parts = parts;
    this.#trained = trained;
    this.#items = new LiveItems(trained.profiler);
  }

  get model(): string {
    return this.#parts.model;
  }

  get bytes(): number {
    return this.#items.bytes + this.#trained.profiler.bytes;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  async read(snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const { datasets, withModel } = this.#parts;
    if (!datasets.ITEMS) return;
    const { files } = snapshot.of(datasets.ITEMS.arn);
    await withModel(async (folder) => {
      const tensors = await readTensors(folder, (name) => name === 'text_digests');
      const changed = changedItems({
        files: files.map(({ path, key }) => filePath(path, key)),
        knownItems: itemsFile(folder),
        digests: uint32Tensor({ tensors, constants: {} }, 'text_digests'),
        columns: this.#trained.columns,
        temporaryFolder: snapshot.temporaryFolder,
        signal,
      });
      let batch: DescribedItem[] = [];
      for await (const item of changed) {
        batch.push(item);
        if (batch.length < atOnce) continue;
        await this.#put(batch);
        batch = [];
      }
      await this.#put(batch);
    });
  }

  apply({ body }: LogEntry, layout: Layout): void {
    const at = (name: string) => layout.findIndex((column) => column.name === name);
    const [id, time, ...texts] = ['ITEM_ID', creationColumn, ...this.#trained.columns].map(at);
    for (const values of decodeLines(body)) {
      this.#waiting.push({
        id: values[id],
        text: joinedText(texts.map((column) => (values[column] ?? '').slice(0, mostCharacters).trim())),
        time: values[time] ? Number(values[time]) : Number.NaN,
      });
    }
    if (this.#waiting.length > mostWaiting) {
      this.#isStale = true;
      this.#waiting = [];
    }
    void this.#takeWaiting();
  }

  async recommend(
    { allows = () => true, ...query }: LiveQuery,
    askModel: (query: RecommendQuery) => Promise<Ranking>,
  ): Promise<Ranking> {
    const live = this.#items;
    if (live.size === 0) return await askModel(query);
    const { itemId = '', count, influence } = query;
    const wanted = candidateCount(count, influence);
    const profile = live.profileOf(itemId);
    // Some of the items that the model finds may have changed, and count as they are now.
    const more = Math.min(wanted, live.size);
    const ofModel = await askModel({ ...query, count: wanted + more, candidates: profile ? { profile } : {} });
    const { candidates } = ofModel;
    const others = (id: string) => id !== itemId && allows(id);
    if (!candidates) {
      const popular = new Set(ofModel.items.slice(0, count));
      const news = live.first(count - popular.size, (id) => others(id) && !popular.has(id));
      return { items: [...popular, ...news] };
    }
    const unchanged: Candidate<string>[] = [];
    // How popular and new an item is stays as the training found it, if its text has changed or not.
    const boosts = new Map<string, number>();
    for (const [n, item] of ofModel.items.entries()) {
      const [cosine, boost] = [candidates.cosines[n], candidates.boosts[n]];
      if (live.has(item)) boosts.set(item, boost);
      else unchanged.push({ item, cosine, boost });
    }
    const changed = live
      .nearest({ profile: candidates.profile, count: wanted, influence, allows: others })
      .map((found) => ({ ...found, boost: boosts.get(found.item) ?? found.boost }));
    const bySimilarity = [...changed, ...unchanged].sort((a, b) => b.cosine - a.cosine);
    const best = bestOf(bySimilarity, count, influence);
    return {
      items: best.map(({ item }) => item),
      textRanks: best.map((candidate) => bySimilarity.indexOf(candidate) + 1),
    };
  }

  /** One after another, so that of two records of an item the later one counts. */
  async #takeWaiting(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#waiting.length > 0) await this.#put(this.#waiting.splice(0, atOnce));
    } catch {
      // A sentence encoder has failed: reading the dataset again says of what, in the log.
      this.#isStale = true;
    } finally {
      this.#isTaking = false;
    }
  }

  async #put(items: readonly DescribedItem[]): Promise<void> {
    if (items.length === 0) return;
    const { profiler, timeCuts } = this.#trained;
    const profiles = await profiler.profilesOf(items.map(({ text }) => text));
    items.forEach(({ id, time }, n) => {
      this.#items.put(id, profiles[n], freshnessByte(timeCuts, time));
    });
    await letOthersRun();
  }
}
