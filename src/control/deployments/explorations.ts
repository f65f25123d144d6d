import type { RecordLog } from '../../data/records/record-log.ts';
import type { Candidates } from '../../serve/exploration/candidates.ts';
import { ExploredItems } from '../../serve/exploration/explored-items.ts';
import type { Deployment } from '../../serve/serving.ts';
import { Mutex } from '../../util/mutex.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { schemaOf } from '../datasets/dataset-lookup.ts';
import type { ControlParts } from '../parts.ts';
import { findResource } from '../resources/resource-store.ts';
import { campaignKind } from './campaign-kind.ts';
import type { ExplorationSource } from './exploration-source.ts';

/** How often it is looked whether what is held is what is there. */
const lookEveryMs = 5000;
/** What nobody has asked for so long is let go. */
const idleAfterMs = 30 * 60_000;

/** The candidates of a campaign, or what is about to be them. */
type HeldExploration = {
  readonly deployment: Deployment;
  readonly source: ExplorationSource;
  items?: ExploredItems | undefined;
  /** The state of the datasets that has been read; empty when all had better be read anew. */
  state: string;
  lastAsked: number;
};

type ExplorationParts = Pick<ControlParts, 'database' | 'store' | 'workFolder' | 'clock' | 'log'> & {
  readonly records: RecordLog;
};

/** The items that the campaigns which are asked on this node explore. */
export class Explorations {
  readonly #parts: ExplorationParts;
  readonly #held = new Map<string, HeldExploration>();
  readonly #reading = new Mutex();
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ExplorationParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort(new Error('The server is stopping.'));
    await this.#reading.free();
    for (const { items } of this.#held.values()) items?.[Symbol.dispose]();
    this.#held.clear();
  }

  /** The candidates of a campaign; undefined while they are read for the first time, which this begins. */
  candidatesOf(deployment: Deployment, source: ExplorationSource): Candidates | undefined {
    const { campaignArn, model } = deployment;
    const present = this.#held.get(campaignArn);
    if (present && present.source.sequence !== source.sequence) this.#letGo(campaignArn, present);
    const before = this.#held.get(campaignArn);
    const now = this.#parts.clock.now();
    if (before?.deployment.model === model && before.source.itemAgeSeconds === source.itemAgeSeconds) {
      before.lastAsked = now;
      return before.items?.candidates;
    }
    // Those of the model before will do until the others have been read.
    const held: HeldExploration = { deployment, source, items: before?.items, state: '', lastAsked: now };
    this.#held.set(campaignArn, held);
    this.#readAnew(held);
    return held.items?.candidates;
  }

  /** For `/metrics`. */
  counts(): { readonly campaignArn: string; readonly count: number }[] {
    return [...this.#held].flatMap(([campaignArn, { items }]) =>
      items ? [{ campaignArn, count: items.candidates.items.length - items.candidates.gone }] : [],
    );
  }

  #look(): void {
    const idleSince = this.#parts.clock.now() - idleAfterMs;
    for (const [campaignArn, held] of this.#held) {
      if (held.lastAsked < idleSince) {
        this.#letGo(campaignArn, held);
      } else {
        held.items?.retire();
        if (held.items?.isStale) held.state = '';
        this.#readAnew(held);
      }
    }
  }

  #letGo(campaignArn: string, held: HeldExploration): void {
    if (this.#held.get(campaignArn) === held) this.#held.delete(campaignArn);
    held.items?.[Symbol.dispose]();
  }

  /** Reads what there is, unless that is what is held, or the campaign is gone. */
  #readAnew(held: HeldExploration): void {
    const { campaignArn } = held.deployment;
    this.#reading
      .run(async () => {
        const campaign = await findResource(this.#parts.database, campaignKind, campaignArn);
        if (!campaign) return this.#letGo(campaignArn, held);
        const state = await this.#stateOf(held.source);
        if (this.#held.get(campaignArn) !== held || held.state === state) return;
        const items = await this.#open(held);
        held.items?.[Symbol.dispose]();
        [held.items, held.state] = [items, state];
        if (this.#held.get(campaignArn) !== held) items?.[Symbol.dispose]();
      })
      .catch((error: unknown) => {
        if (this.#ending.signal.aborted) return;
        const fields = { err: error, resource: campaignArn };
        this.#parts.log.warn(fields, 'What a campaign explores could not be read; that is tried again soon.');
      });
  }

  async #open({ deployment, source }: HeldExploration): Promise<ExploredItems | undefined> {
    const { database, store, records, workFolder, clock } = this.#parts;
    const { interactions, items } = datasetsOf(source);
    const explored = await this.#dataset(interactions);
    if (!explored) return undefined;
    return await ExploredItems.open({
      ...{ database, store, log: records, workFolder, clock, signal: this.#ending.signal },
      ...{ interactions: explored, items: await this.#dataset(items) },
      ...{ model: deployment.model, itemAgeSeconds: source.itemAgeSeconds },
      onMissed: () => {
        const held = this.#held.get(deployment.campaignArn);
        if (held) held.state = '';
      },
    });
  }

  async #dataset(arn: string) {
    const dataset = await findResource(this.#parts.database, datasetKind, arn);
    return dataset && { arn, schema: await schemaOf(this.#parts.database, dataset) };
  }

  /** Changes with each import into the datasets, and when there is another dataset or schema. */
  async #stateOf(source: ExplorationSource): Promise<string> {
    const { database } = this.#parts;
    const { interactions, items } = datasetsOf(source);
    const found = [
      await findResource(database, datasetKind, interactions),
      await findResource(database, datasetKind, items),
    ];
    const rows = await database
      .selectFrom('dataset_files')
      .select('key')
      .where('dataset_arn', 'in', [interactions, items])
      .where('through', 'is', null)
      .orderBy('key')
      .execute();
    return JSON.stringify([found.map((one) => [one?.sequence, one?.document.schemaArn]), rows.map(({ key }) => key)]);
  }
}

function datasetsOf({ datasetGroupArn }: ExplorationSource) {
  const prefix = datasetGroupArn.replace(':dataset-group/', ':dataset/');
  return { interactions: `${prefix}/INTERACTIONS`, items: `${prefix}/ITEMS` };
}
