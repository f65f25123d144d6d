import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamedId } from '../../data/identity.ts';
import type { RecordLog } from '../../data/records/record-log.ts';
import { LiveDataset } from '../../data/views/live/live-dataset.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import { isLearnable } from '../../learn/training-set/columns.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { schemaOf } from '../datasets/dataset-lookup.ts';
import type { ControlParts } from '../parts.ts';
import { findResource } from '../resources/resource-store.ts';
import { campaignKind } from './campaign-kind.ts';
import { type HistorySource, historySourceOf } from './history-source.ts';

/** How often it is looked which histories campaigns need: what all their models have seen by now is let go. */
const lookEveryMs = 15_000;
/** How long a request waits for histories that are being read, before it is answered without. */
const patienceMs = 5000;
/** A session that has had no user for so long is not remembered beyond a training. */
const sessionMs = 7 * 24 * 3600 * 1000;
/** Numbers of a user's events fit into 16 bits. */
const mostEvents = 2 ** 16 - 1;

/** What is held of a dataset, or is about to be. */
type HeldDataset = {
  /** What of the dataset is wanted: a change of it is read anew. */
  readonly key: string;
  /** Which dataset of its ARN. */
  readonly sequence: number | undefined;
  /** Events since this position of the record log. */
  readonly after: number;
  live?: LiveDataset | undefined;
  /** Resolves when what is wanted has been read, or could not be. */
  readonly opening: Promise<void>;
  /** It could not be read, or records may have gone by unheard. */
  isFaulty: boolean;
  /** Nobody needs it any more. */
  isDropped: boolean;
};

type LiveParts = Pick<ControlParts, 'database' | 'store' | 'settings' | 'workFolder' | 'clock' | 'log'> & {
  readonly records: RecordLog;
};

/**
 * The live histories that this node holds: of every Interactions dataset from which a campaign answers, since the oldest training among
 * the models that are served. Whoever asks for one that is being read for the first time waits for it, a while.
 */
export class LiveDatasets {
  readonly #parts: LiveParts;
  readonly #held = new Map<string, HeldDataset>();
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), lookEveryMs);
    void this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort(new Error('The server is stopping.'));
    await (this.#nextLook ?? this.#looking);
    for (const { opening } of this.#held.values()) await opening;
    for (const { live } of this.#held.values()) live?.[Symbol.dispose]();
    this.#held.clear();
  }

  /** What the user or the session of an id has done that the model has not seen; undefined while it is being read. */
  async find(source: HistorySource, id: string): Promise<StreamedId<LiveHistory> | undefined> {
    const { datasetArn, sequence, after } = source;
    const heldOf = () => {
      const held = this.#held.get(datasetArn);
      return held?.sequence === sequence ? held : undefined;
    };
    if ((heldOf()?.live?.histories.after ?? Number.POSITIVE_INFINITY) > after) {
      if ((heldOf()?.after ?? Number.POSITIVE_INFINITY) > after) await this.look();
      await Promise.race([heldOf()?.opening, sleep(patienceMs, undefined, { ref: false })]);
    }
    return heldOf()?.live?.histories.find(id, source);
  }

  /** Bytes that the histories of each dataset hold, for `/metrics`. */
  loaded(): { readonly datasetArn: string; readonly bytes: number }[] {
    return [...this.#held].flatMap(([datasetArn, { live }]) =>
      live ? [{ datasetArn, bytes: live.histories.bytes }] : [],
    );
  }

  /** Begins to read what campaigns need and is not held, and lets go what they do not. */
  look(): Promise<void> {
    // A look that is under way may have missed what the caller knows of: those who come meanwhile share the next one.
    this.#nextLook ??= this.#looking.then(() => {
      this.#nextLook = undefined;
      this.#looking = this.#holdWhatIsNeeded().catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'It could not be seen which histories campaigns need.'),
      );
      return this.#looking;
    });
    return this.#nextLook;
  }

  async #holdWhatIsNeeded(): Promise<void> {
    const needed = await this.#cuts();
    for (const [datasetArn, after] of needed) await this.#hold(datasetArn, after);
    for (const [datasetArn, held] of this.#held) {
      if (!needed.has(datasetArn)) this.#drop(datasetArn, held);
    }
  }

  #drop(datasetArn: string, held: HeldDataset): void {
    this.#held.delete(datasetArn);
    held.isDropped = true;
    held.live?.[Symbol.dispose]();
  }

  /** The datasets from which campaigns answer, each with the oldest training among their models'. */
  async #cuts(): Promise<ReadonlyMap<string, number>> {
    const { database } = this.#parts;
    const rows = await database.selectFrom('resources').select('arn').where('kind', '=', campaignKind.name).execute();
    const cuts = new Map<string, number>();
    for (const { arn } of rows) {
      const campaign = await findResource(database, campaignKind, arn);
      const source = campaign && (await historySourceOf(database, campaign));
      if (source) cuts.set(source.datasetArn, Math.min(source.after, cuts.get(source.datasetArn) ?? source.after));
    }
    return cuts;
  }

  /**
   * What was held of the dataset before answers until the other has been read; what was held of another of its name
   * does not.
   */
  async #hold(datasetArn: string, after: number): Promise<void> {
    const dataset = await findResource(this.#parts.database, datasetKind, datasetArn);
    const sequence = dataset?.sequence;
    const key = `${sequence} ${dataset?.document.schemaArn} ${after}`;
    const present = this.#held.get(datasetArn);
    if (present?.key === key && !present.isFaulty) return;
    if (present && present.sequence !== sequence) this.#drop(datasetArn, present);
    const before = this.#held.get(datasetArn);
    const opened = Promise.withResolvers<void>();
    const state = { opening: opened.promise, isFaulty: false, isDropped: false };
    const held: HeldDataset = { ...{ key, sequence, after }, ...state, live: before?.live };
    this.#held.set(datasetArn, held);
    const open = async () => {
      await before?.opening;
      held.live = before?.live;
      const onMissed = () => {
        held.isFaulty = true;
        void this.look();
      };
      const live = dataset && (await this.#open(dataset, after, onMissed));
      held.live?.[Symbol.dispose]();
      held.live = live;
      if (held.isDropped) live?.[Symbol.dispose]();
    };
    open()
      .catch((error: unknown) => {
        held.isFaulty = true;
        if (this.#ending.signal.aborted) return;
        this.#parts.log.error(
          { err: error, dataset: datasetArn },
          'Live histories could not be read; that is tried again soon.',
        );
      })
      .finally(opened.resolve);
  }

  async #open(dataset: Dataset, after: number, onMissed: () => void): Promise<LiveDataset> {
    const { database, store, records, settings, workFolder, clock } = this.#parts;
    const schema = await schemaOf(database, dataset);
    return await LiveDataset.open({
      ...{ database, store, log: records, datasetArn: dataset.arn, after, onMissed },
      schema,
      fields: schema.fields.filter(isLearnable),
      limit: Math.min(settings.quotas.liveEventsPerUser, mostEvents),
      sessionsSince: clock.now() - sessionMs,
      folder: join(workFolder, `histories-${randomUUID()}`),
      signal: this.#ending.signal,
    });
  }
}
