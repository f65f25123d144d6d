import type { PinnedFile } from '../pinned-snapshot.ts';
import type { Layout } from '../records/layout.ts';
import type { LogEntry } from '../records/record-log.ts';

/**
 * Something kept in memory from datasets and their record log. `FollowedView` keeps it up to date, `ViewKeeper` decides
 * when there is one.
 */
export type View = {
  /** Memory that it holds. */
  readonly bytes: number;
  /** Whether it had better be read again, because it has run out of room, for example. */
  readonly isStale?: boolean;
  /**
   * Reads what the datasets hold; called once, before anything else.
   *
   * @throws what a disk does, the signal's reason when it is aborted
   */
  read(snapshot: Snapshot, signal: AbortSignal): Promise<void>;
  /** Applies records that came after the snapshot. It must not throw, and takes a few milliseconds at most. */
  apply(entry: LogEntry, layout: Layout): void;
  /** Drops what has become too old; called every few seconds. */
  expire?(): void;
};

/** Datasets of one moment. */
export type Snapshot = {
  /** A dataset of the view's definition. */
  of(datasetArn: string): DatasetSnapshot;
  /** For what does not fit into memory; removed once the view has been read. */
  readonly temporaryFolder: string;
};

export type DatasetSnapshot = {
  /** Parquet files, oldest first, which stay until the view has been read. */
  readonly files: readonly PinnedFile[];
  /** The files hold the records up to this position of the log. */
  readonly watermark: number;
  /** When the newest of the imported files came, in milliseconds since the epoch; absent where there is none. */
  readonly importedAt?: number | undefined;
};

/** A dataset that a view is made from. */
export type ViewSource = {
  readonly arn: string;
  /** Imported files and records of the log, or the latter alone. With `all`, an import has the view read again. */
  readonly rows: 'all' | 'streamed';
};

/** What a view belongs to: a resource, and which of its ARN, since one may be deleted and created again. */
export type ViewKey = { readonly arn: string; readonly sequence: number };

/** What is needed to read a view. */
export type ViewDefinition<V extends View> = {
  readonly key: ViewKey;
  /**
   * Changes with what the view depends on beside the content of its sources. Until the new version is read, the old one
   * answers.
   */
  readonly version: string;
  readonly sources: readonly ViewSource[];
  create(): Promise<V>;
};

/** A kind of view. */
export type ViewKind<V extends View> = {
  /** As the label of a metric. */
  readonly name: string;
  /** As the subject of a sentence in the log. */
  readonly title: string;
  /** How often `needed` is asked, and imports are noticed. */
  readonly lookEveryMs: number;
  /** Whether reading takes so much memory or time that views of the kind are read one after another. */
  readonly isHeavy: boolean;
  /**
   * The views that are to be held now, one a key: of those that requests have asked for lately the ones that still make
   * sense, and any that should be there before a request asks.
   */
  needed(asked: readonly ViewKey[]): Promise<readonly ViewDefinition<V>[]>;
};
