import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../util/logger.ts';
import { Mutex } from '../../util/mutex.ts';
import { importedVersions } from '../manifest.ts';
import { FollowedView, type FollowedViewParts } from './followed-view.ts';
import type { View, ViewDefinition, ViewKey, ViewKind, ViewSource } from './view.ts';

/** How long a request waits for a view that is being read, before it is answered without. */
const patienceMs = 5000;
/** A view that no request has asked for in that time is not asked for any more. */
const idleAfterMs = 30 * 60_000;

export type ViewSetParts = FollowedViewParts & {
  readonly clock: { now(): number };
  readonly log: Pick<Logger, 'error'>;
};

/** A view that is held, or was asked for. */
type Slot<V extends View> = {
  readonly key: ViewKey;
  /** By the clock; −∞ for a view that no request has asked for. */
  askedAt: number;
  held?: FollowedView<V> | undefined;
  /** Of what is held, or was. */
  sources?: readonly ViewSource[] | undefined;
  /** Of what is held. */
  version?: string | undefined;
  reading?: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  /** The last look found nothing to hold, or could not read it: the next one tries again, requests do not wait. */
  isUnavailable: boolean;
};

/** The views of one kind on this node. */
export class ViewSet<V extends View> {
  readonly #kind: ViewKind<V>;
  readonly #parts: ViewSetParts;
  /** By the sequence of what they belong to. */
  readonly #slots = new Map<number, Slot<V>>();
  readonly #readings = new Set<Promise<void>>();
  readonly #oneAtATime = new Mutex();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #looking: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;

  constructor(kind: ViewKind<V>, parts: ViewSetParts) {
    this.#kind = kind;
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), this.#kind.lookEveryMs);
    void this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#isStopped = true;
    await (this.#nextLook ?? this.#looking);
    for (const slot of this.#slots.values()) this.#drop(slot);
    this.#slots.clear();
    await Promise.all(this.#readings);
  }

  /**
   * What is held for a key, which this has read if need be.
   *
   * @param suffices whether a view is what the caller needs. If not, another is read; until then it is returned.
   */
  peek(key: ViewKey, suffices: (view: V) => boolean = () => true): V | undefined {
    const slot = this.#ask(key);
    if (!isReady(slot, suffices) && !slot.reading && !slot.isUnavailable) void this.look();
    return slot.held?.view;
  }

  /** The same, but waits a while for one that suffices. */
  async find(key: ViewKey, suffices: (view: V) => boolean = () => true): Promise<V | undefined> {
    const slot = this.#ask(key);
    if (!isReady(slot, suffices)) {
      await Promise.race([this.#readyOrNot(slot, suffices), sleep(patienceMs, undefined, { ref: false })]);
    }
    return slot.held?.view;
  }

  /** All that are held. */
  held(): { readonly key: ViewKey; readonly view: V }[] {
    return [...this.#slots.values()].flatMap(({ key, held }) => (held ? [{ key, view: held.view }] : []));
  }

  /** Drops what is held that follows a dataset of which this says so; it is read again when it is needed and can be. */
  drop(isOf: (datasetArn: string) => boolean): void {
    for (const slot of this.#slots.values()) {
      if (!slot.sources?.some(({ arn }) => isOf(arn))) continue;
      this.#drop(slot);
      slot.isUnavailable = true;
    }
  }

  /**
   * Reads again what is held of some datasets, whose content is no longer what it was. Until then it goes on to answer.
   * Resolves once it has been read.
   */
  async refresh(isOf: (datasetArn: string) => boolean): Promise<void> {
    const concerned = [...this.#slots.values()].filter(({ sources, reading }) =>
      // Of what is read for the first time it is not known yet.
      sources ? sources.some(({ arn }) => isOf(arn)) : reading !== undefined,
    );
    for (const slot of concerned) {
      slot.reading?.abort.abort(new Error('The data was changed.'));
      slot.version = undefined;
    }
    await Promise.all(concerned.map(({ reading }) => reading?.ended));
    await this.look();
    await Promise.all(concerned.map(({ reading }) => reading?.ended));
  }

  /** Begins to read what is needed and not held, and drops the rest. Resolves before the views are read. */
  look(): Promise<void> {
    // A look that is under way may have missed what the caller knows of: callers meanwhile share the next one.
    this.#nextLook ??= this.#looking.then(() => {
      this.#nextLook = undefined;
      this.#looking = this.#holdNeeded().catch((error: unknown) =>
        this.#parts.log.error({ err: error, view: this.#kind.name }, 'It could not be seen which views are needed.'),
      );
      return this.#looking;
    });
    return this.#nextLook;
  }

  #ask(key: ViewKey): Slot<V> {
    const slot = this.#slotOf(key);
    slot.askedAt = this.#parts.clock.now();
    return slot;
  }

  #slotOf(key: ViewKey): Slot<V> {
    const present = this.#slots.get(key.sequence);
    if (present) return present;
    const slot: Slot<V> = { key, askedAt: Number.NEGATIVE_INFINITY, isUnavailable: false };
    this.#slots.set(key.sequence, slot);
    return slot;
  }

  async #readyOrNot(slot: Slot<V>, suffices: (view: V) => boolean): Promise<void> {
    await slot.reading?.ended;
    if (isReady(slot, suffices) || slot.isUnavailable) return;
    await this.look();
    await slot.reading?.ended;
  }

  async #holdNeeded(): Promise<void> {
    if (this.#isStopped) return;
    const idleSince = this.#parts.clock.now() - idleAfterMs;
    const before = [...this.#slots.values()];
    const asked = before.filter(({ askedAt }) => askedAt >= idleSince);
    const needed = await this.#kind.needed(asked.map(({ key }) => key));
    const imported = await importedVersions(this.#parts.database, needed.flatMap(importedSources));
    for (const definition of needed) {
      const imports = importedSources(definition).map((arn) => imported.get(arn));
      this.#hold(definition, JSON.stringify([definition.version, imports]));
    }
    const kept = new Set(needed.map(({ key }) => key.sequence));
    for (const slot of before) {
      if (kept.has(slot.key.sequence)) continue;
      this.#drop(slot);
      // One that is still asked for stays, so that each request does not look for it.
      if (asked.includes(slot)) slot.isUnavailable = true;
      else if (slot.askedAt < idleSince) this.#slots.delete(slot.key.sequence);
    }
  }

  #hold(definition: ViewDefinition<V>, version: string): void {
    const slot = this.#slotOf(definition.key);
    slot.held?.view.expire?.();
    if (slot.reading || (slot.version === version && slot.held?.isStale === false)) return;
    const abort = new AbortController();
    const read = () => this.#read(slot, definition, version, abort.signal);
    const ended = (this.#kind.isHeavy ? this.#oneAtATime.run(read) : read()).finally(() => {
      slot.reading = undefined;
      this.#readings.delete(ended);
    });
    this.#readings.add(ended);
    slot.reading = { abort, ended };
  }

  /** What was held before answers until the fresh one has been read. */
  async #read(slot: Slot<V>, { create, sources }: ViewDefinition<V>, version: string, signal: AbortSignal) {
    try {
      signal.throwIfAborted();
      const view = await create();
      const fresh = await FollowedView.open({ ...this.#parts, view, sources, signal, onGap: () => void this.look() });
      slot.held?.[Symbol.dispose]();
      slot.held = fresh;
      slot.version = version;
      slot.sources = sources;
      slot.isUnavailable = false;
      if (signal.aborted) this.#drop(slot);
    } catch (error) {
      if (signal.aborted) return;
      slot.isUnavailable = true;
      const fields = { err: error, view: this.#kind.name, resource: slot.key.arn };
      this.#parts.log.error(fields, `${this.#kind.title} could not be read; that is tried again soon.`);
    }
  }

  #drop(slot: Slot<V>): void {
    slot.reading?.abort.abort(new Error('The view is not needed any more.'));
    slot.held?.[Symbol.dispose]();
    slot.held = undefined;
    slot.version = undefined;
  }
}

const isReady = <V extends View>({ held }: Slot<V>, suffices: (view: V) => boolean): boolean =>
  held !== undefined && suffices(held.view);

/** The ARNs of the datasets whose imports have a view read again. */
const importedSources = <V extends View>({ sources }: ViewDefinition<V>): string[] =>
  sources.filter(({ rows }) => rows === 'all').map(({ arn }) => arn);
