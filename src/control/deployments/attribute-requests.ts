import type { ViewKey } from '../../data/views/view.ts';

/** What a request reads of attributes. */
export type AttributeRequest = {
  readonly columns: Iterable<string>;
  /** Prefix of the model that it asks, whose items had better be the first rows. */
  readonly model?: string | undefined;
};

/** Columns that no request has read for so long are not held any more. */
const idleAfterMs = 30 * 60_000;

/** Columns with the time when each was last read. */
type Requested = { readonly columns: Map<string, number>; model?: string };

/** What requests have read of attributes lately, by dataset group. */
export class AttributeRequests {
  readonly #clock: { now(): number };
  /** By sequence. */
  readonly #requested = new Map<number, Requested>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  note(key: ViewKey, { columns, model }: AttributeRequest): void {
    const requested: Requested = this.#requested.get(key.sequence) ?? { columns: new Map() };
    for (const column of columns) requested.columns.set(column, this.#clock.now());
    if (model !== undefined) requested.model = model;
    this.#requested.set(key.sequence, requested);
  }

  /** The columns that requests have read in the last half hour. */
  columnsOf({ sequence }: ViewKey): readonly string[] {
    const since = this.#clock.now() - idleAfterMs;
    const columns = this.#requested.get(sequence)?.columns ?? new Map<string, number>();
    for (const [column, readAt] of columns) if (readAt < since) columns.delete(column);
    return [...columns.keys()];
  }

  /** The model that was asked last. */
  modelOf({ sequence }: ViewKey): string | undefined {
    return this.#requested.get(sequence)?.model;
  }

  /** Forgets all groups but these. */
  keepOnly(keys: readonly ViewKey[]): void {
    const kept = new Set(keys.map(({ sequence }) => sequence));
    for (const sequence of this.#requested.keys()) if (!kept.has(sequence)) this.#requested.delete(sequence);
  }
}
