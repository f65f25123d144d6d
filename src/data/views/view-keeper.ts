import type { View, ViewKind } from './view.ts';
import { ViewSet, type ViewSetParts } from './view-set.ts';

export type ViewKeeperParts = ViewSetParts & {
  /** Has the other processes of the server look. */
  readonly lookElsewhere?: () => Promise<unknown>;
};

/**
 * The views that this node holds: read at need or ahead of it, replaced when their definition changes or the log has a
 * gap, dropped when nobody needs them. It knows nothing of what they are for: kinds say that.
 */
export class ViewKeeper {
  readonly #parts: ViewKeeperParts;
  readonly #sets = new Map<string, ViewSet<View>>();

  constructor(parts: ViewKeeperParts) {
    this.#parts = parts;
  }

  /** Keeps the views of a kind from `start` on. */
  add<V extends View>(kind: ViewKind<V>): ViewSet<V> {
    const set = new ViewSet(kind, this.#parts);
    this.#sets.set(kind.name, set);
    return set;
  }

  start(): void {
    for (const set of this.#sets.values()) set.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sets.values()].map((set) => set.stop()));
  }

  /** Drops the views that follow a dataset of which this says so. */
  drop(isOf: (datasetArn: string) => boolean): void {
    for (const set of this.#sets.values()) set.drop(isOf);
  }

  /** Reads again, in this process, what follows a dataset of which this says so. Resolves once that has been read. */
  async refresh(isOf: (datasetArn: string) => boolean): Promise<void> {
    await Promise.all([...this.#sets.values()].map((set) => set.refresh(isOf)));
  }

  /** For callers that have changed what is needed, on all processes of the server. Resolves before views are read. */
  async look(): Promise<void> {
    await Promise.all([this.lookHere(), this.#parts.lookElsewhere?.()]);
  }

  async lookHere(): Promise<void> {
    await Promise.all([...this.#sets.values()].map((set) => set.look()));
  }

  /** Memory that each view holds, for `/metrics`. */
  loaded(): { readonly view: string; readonly arn: string; readonly bytes: number }[] {
    return [...this.#sets].flatMap(([view, set]) =>
      set.held().map(({ key: { arn }, view: { bytes } }) => ({ view, arn, bytes })),
    );
  }
}
