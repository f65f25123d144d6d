import { ServiceError } from '../contract/errors.ts';
import { Mutex } from '../util/mutex.ts';
import type { LoadedModel } from './loaded-model.ts';
import { ModelCopy, type ModelFiles } from './model-copy.ts';
import type { ScoringThread } from './scoring-thread.ts';
import type { ScoringThreads } from './scoring-threads.ts';
import { SharedIds } from './shared-ids.ts';

/**
 * Keeps the models that are held within a limit of bytes. Models are opened one after another, because each one has to
 * make room for itself: the least recently used leaves first, and of a model with several copies only the last one.
 */
export class ModelMemory {
  readonly #limitBytes: number;
  readonly #threads: ScoringThreads;
  readonly #onLeaving: (model: LoadedModel) => void;
  readonly #held = new Set<LoadedModel>();
  readonly #opening = new Mutex();
  readonly #ids = new SharedIds();

  /** @param onLeaving is called with a model that takes no new queries from now on. */
  constructor(limitBytes: number, threads: ScoringThreads, onLeaving: (model: LoadedModel) => void) {
    this.#limitBytes = limitBytes;
    this.#threads = threads;
    this.#onLeaving = onLeaving;
  }

  /** Models that hold memory, those that are leaving included. */
  get held(): readonly LoadedModel[] {
    return [...this.#held];
  }

  /** @throws ServiceError if a model of so many bytes can never be held. */
  refuseIfTooLarge(model: LoadedModel, bytes: number): void {
    if (bytes <= this.#limitBytes) return;
    throw new ServiceError(
      'ServiceUnavailable',
      `The model of ${model.deployment.ownerArn} takes ${mebibytes(bytes)} of memory, more than the ${mebibytes(this.#limitBytes)} that all deployments may hold together; raise that limit to serve it.`,
    );
  }

  /**
   * Opens the first copy of a model.
   *
   * @param expectedBytes what its files take, a first guess at what it will hold.
   * @throws ServiceError if it is larger than the limit, else what opening threw.
   */
  open(model: LoadedModel, files: ModelFiles, expectedBytes: number): Promise<void> {
    return this.#opening.run(async () => {
      await this.#makeRoom(expectedBytes);
      await this.#openCopy(model, files);
      const { bytes } = model;
      if (bytes > this.#limitBytes) await this.#closeCopies(model);
      this.refuseIfTooLarge(model, bytes);
      await this.#makeRoom(0, model);
    });
  }

  /** Opens a further copy if there is room without anyone leaving. */
  openAnother(model: LoadedModel, files: ModelFiles): Promise<void> {
    return this.#opening.run(async () => {
      const [first] = model.copies;
      if (!first || model.leaving || this.#bytes() + first.bytes > this.#limitBytes) return;
      await this.#openCopy(model, files);
      if (model.leaving) await this.#closeLastCopy(model);
    });
  }

  /** Frees a model once what it was asked has been answered. */
  drop(model: LoadedModel): Promise<void> {
    model.leaving ??= model.unused().then(() => this.#closeCopies(model));
    this.#onLeaving(model);
    return model.leaving;
  }

  /** Forgets what a dead thread held. */
  forgetThread(thread: ScoringThread): void {
    for (const model of this.#held) {
      for (const copy of model.copies) if (copy.thread === thread) copy.forget();
      model.copies = model.copies.filter((copy) => copy.thread !== thread);
      if (model.copies.length > 0) continue;
      this.#held.delete(model);
      this.#onLeaving(model);
    }
  }

  /** Resolves when no model is being opened or dropped. */
  async settled(): Promise<void> {
    await Promise.all(this.held.map((model) => model.leaving));
    await this.#opening.free();
  }

  #bytes(): number {
    return this.held.reduce((sum, model) => sum + model.bytes, 0);
  }

  async #makeRoom(bytes: number, spared?: LoadedModel): Promise<void> {
    while (this.#bytes() + bytes > this.#limitBytes) {
      const others = this.held.filter((model) => model !== spared);
      const victim = others.find((model) => model.leaving) ?? others.sort((a, b) => a.lastUsed - b.lastUsed)[0];
      if (!victim) return;
      if (victim.copies.length > 1 && !victim.leaving) await this.#closeLastCopy(victim);
      else await this.drop(victim);
    }
  }

  async #openCopy(model: LoadedModel, files: ModelFiles): Promise<void> {
    const thread = this.#threads.choose(model.copies.map((copy) => copy.thread));
    if (!thread) return;
    try {
      const copy = await ModelCopy.open(thread, files, this.#ids);
      model.copies = [...model.copies, copy];
      this.#held.add(model);
    } finally {
      await this.#threads.endIfEmpty(thread);
    }
  }

  async #closeLastCopy(model: LoadedModel): Promise<void> {
    const last = model.copies.at(-1);
    if (!last) return;
    model.copies = model.copies.slice(0, -1);
    await last.close();
    if (model.copies.length === 0) this.#held.delete(model);
    await this.#threads.endIfEmpty(last.thread);
  }

  async #closeCopies(model: LoadedModel): Promise<void> {
    const { copies } = model;
    await Promise.all(copies.map((copy) => copy.close()));
    model.copies = [];
    this.#held.delete(model);
    for (const { thread } of copies) await this.#threads.endIfEmpty(thread);
  }
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
